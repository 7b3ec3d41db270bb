"""Earlier grants, from a register, as closed cases with decision, journal and ledger."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pulje.actions.application.application import take_numbers
from pulje.actions.application.imported import (
    BATCH,
    PastGrant,
    applicants_for,
    noon,
    past_application,
    remember,
)
from pulje.actions.decision.deciding import outcome_of
from pulje.actions.journal import chain
from pulje.actions.ledger import ZERO, commit, lock_pool, set_frame
from pulje.enums import ApplicantKind, DecidedBy, LedgerKind, LegalBasis, Outcome, PaymentPlan
from pulje.models import (
    Applicant,
    Application,
    Decision,
    JournalEntry,
    LedgerEntry,
    Pool,
    PoolVersion,
    Round,
    User,
)
from pulje.states import CaseState

EVENT = "imported"


@transaction.atomic
def register_past(
    grants: Sequence[PastGrant],
    *,
    source: str,
    pool: Pool | None,
    code: str,
    known: dict[str, Applicant],
    by: User | None,
    at: datetime,
) -> list[Application]:
    """Take in earlier grants as CLOSED cases with decision, journal and ledger, set-wise.

    The money was granted and paid before our time: each pool's frame is raised by exactly what is
    committed and paid in it, so nothing is left and nothing is owed. Without ``pool`` the grants
    of each year go to that year's pool of the source, named ``code``. Every grant has a year and
    an awarded amount (ValueError else); ``known`` carries applicants from batch to batch.
    """
    places = _places(grants, source=source, pool=pool, code=code)
    applicants = applicants_for(grants, known)
    applications = [
        _closed(grant, places[_year(grant)], applicants[grant.applicant_key], by, at)
        for grant in grants
    ]
    _number(applications)
    applications = Application.objects.bulk_create(applications, batch_size=BATCH)
    entries = [
        _journalled(*pair, source, by, at) for pair in zip(applications, grants, strict=True)
    ]
    Application.objects.bulk_update(
        applications, ["journal_length", "journal_head"], batch_size=BATCH
    )
    JournalEntry.objects.bulk_create(entries, batch_size=BATCH)
    Decision.objects.bulk_create(
        (_decided(*pair, source) for pair in zip(applications, grants, strict=True)),
        batch_size=BATCH,
    )
    _enter(applications, source, by, at)
    remember(applications, grants, source)
    return applications


@dataclass(frozen=True)
class _Place:
    """Where a grant is put: its round (and pool), and the rules it hangs on."""

    round: Round
    version: PoolVersion


def _places(
    grants: Sequence[PastGrant], *, source: str, pool: Pool | None, code: str
) -> dict[int, _Place]:
    years = sorted({_year(grant) for grant in grants})
    if pool is not None:
        return dict.fromkeys(years, _place(pool))
    return {year: _place(_history_pool(source, code, year)) for year in years}


def _year(grant: PastGrant) -> int:
    if grant.grant_year is None or grant.awarded_kr is None:
        raise ValueError(f"row {grant.identity} has no year or no award")
    return grant.grant_year


def _history_pool(source: str, code: str, year: int) -> Pool:
    name = _("Tidligere tilskud: %(source)s %(year)d") % {"source": source, "year": year}
    slug = slugify(f"tidligere-{source}-{year}")[:50]
    pool, _created = Pool.objects.get_or_create(
        code=code, year=year, defaults={"name": name, "slug": slug}
    )
    return pool


def _place(pool: Pool) -> _Place:
    """The pool's last round and rules, made when there are none."""
    starts = date(pool.year, 1, 1)
    version = pool.versions.order_by("-number").first() or PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=starts,
        adopted_on=starts,
        legal_basis=LegalBasis.KFM,
        purpose=_("Tilskud givet, før systemet blev taget i brug."),
        supported=_("Se kilden."),
        applicant_kinds=list(ApplicantKind),
        payment_plan=PaymentPlan.UPFRONT,
    )
    round = pool.rounds.order_by("-number").first() or Round.objects.create(
        pool=pool, number=1, name=_("Hele året"), opens_at=noon(starts)
    )
    return _Place(round, version)


def _closed(
    grant: PastGrant, place: _Place, applicant: Applicant, by: User | None, at: datetime
) -> Application:
    day = grant.known_day
    assert day is not None
    return past_application(
        grant,
        pool=place.round.pool,
        round=place.round,
        version=place.version,
        applicant=applicant,
        state=CaseState.CLOSED,
        granted_kr=grant.awarded_kr or None,
        submitted_at=noon(grant.received_on or day),
        state_since=at,
        closed_on=day,
        created_by=by,
    )


def _number(applications: Sequence[Application]) -> None:
    """Case numbers, pool by pool in pk order."""
    by_pool: dict[int, list[Application]] = defaultdict(list)
    for application in applications:
        by_pool[application.pool_id].append(application)
    for pool_id, group in sorted(by_pool.items()):
        for application, number in zip(group, take_numbers(pool_id, len(group)), strict=True):
            application.number = number


def _journalled(
    application: Application, grant: PastGrant, source: str, by: User | None, at: datetime
) -> JournalEntry:
    """The journal's first line: where the case came from, already reported or refused."""
    return chain(
        application,
        EVENT,
        by=by,
        at=at,
        from_state=CaseState.REPORTED if grant.awarded_kr else CaseState.REJECTED,
        to_state=CaseState.CLOSED,
        data={"source": source, "row": grant.identity, "awarded_kr": str(grant.awarded_kr)},
    )


def _decided(application: Application, grant: PastGrant, source: str) -> Decision:
    """The decision as the register has it; who decided and why is not in the file."""
    amount, day = grant.awarded_kr or ZERO, grant.known_day
    assert day is not None
    # nothing is known to be cut where nobody wrote what was applied for
    known = amount == 0 or grant.applied_kr
    outcome = outcome_of(application, amount) if known else Outcome.GRANTED
    return Decision(
        application=application,
        version=application.version,
        outcome=outcome,
        amount_kr=amount,
        reasons=""
        if outcome == Outcome.GRANTED
        else _("Importeret fra %s uden begrundelse.") % source,
        legal_basis=application.version.legal_basis,
        body=DecidedBy.DELEGATION,
        decided_at=noon(day),
    )


def _enter(applications: Sequence[Application], source: str, by: User | None, at: datetime) -> None:
    """FRAME, COMMIT and PAY that agree: the pool has as much left as before."""
    granted: dict[int, list[Application]] = defaultdict(list)
    for application in applications:
        if application.granted_kr:
            granted[application.pool_id].append(application)
    for pool_id, group in sorted(granted.items()):
        pool = lock_pool(pool_id)
        total = sum((a.granted_kr or ZERO for a in group), ZERO)
        cause = f"imported:{group[0].pk}:frame"
        set_frame(pool, by=None, amount_kr=total, at=at, cause=cause, note=source)
        rows = [(a, a.granted_kr or ZERO, f"imported:{a.pk}:commit") for a in group]
        commit(pool, rows, by=by, at=at)
        LedgerEntry.objects.bulk_create(
            (
                LedgerEntry(
                    pool=pool,
                    application=a,
                    kind=LedgerKind.PAY,
                    amount_kr=amount,
                    cause=f"imported:{a.pk}:pay",
                    note=source,
                    at=at,
                    by=by,
                )
                for a, amount, _cause in rows
            ),
            batch_size=BATCH,
        )
