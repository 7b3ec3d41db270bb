"""What an import writes: earlier grants as closed cases, or submitted applications."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pulje.actions.application import register_many, take_numbers, version_in_force
from pulje.actions.decision import outcome_of
from pulje.actions.journal import chain
from pulje.actions.ledger import ZERO, commit, lock_pool, set_frame
from pulje.enums import ApplicantKind, DecidedBy, LedgerKind, LegalBasis, Outcome, PaymentPlan
from pulje.models import (
    Applicant,
    Application,
    Decision,
    ImportedRow,
    JournalEntry,
    LedgerEntry,
    Pool,
    PoolVersion,
    Round,
    User,
)
from pulje.states import CaseState

EVENT = "imported"
BATCH = 2000


@dataclass(frozen=True)
class PastGrant:
    """One row of a register, clean. kr. of None is not known; ``identity`` is its lasting name."""

    identity: str
    applicant_key: str  # rows with the same key have the same applicant
    applicant_kind: ApplicantKind
    applicant_name: str
    cvr: str
    street: str
    postcode: str
    town: str
    email: str
    title: str
    description: str
    scheme: str
    applied_kr: Decimal | None
    awarded_kr: Decimal | None
    received_on: date | None
    decided_on: date | None
    starts_on: date | None
    ends_on: date | None
    year: int | None

    @property
    def grant_year(self) -> int | None:
        """The year the grant belongs to; None when the row does not say."""
        day = self.decided_on or self.received_on or self.starts_on
        return self.year or (day.year if day else None)

    @property
    def known_day(self) -> date | None:
        """The day of the decision, or the last day of a year that is all we know."""
        return self.decided_on or (date(self.grant_year, 12, 31) if self.grant_year else None)


@dataclass(frozen=True)
class Sums:
    """What the database holds of a source: cases, kr. applied for, kr. granted."""

    cases: int
    applied_kr: Decimal
    awarded_kr: Decimal


def lock_source(source: str) -> None:
    """Let one import of a source run at a time; the second waits and then finds the rows there."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"import:{source}"])


def already_there(source: str, identities: Iterable[str]) -> set[str]:
    """Which of the rows an earlier import has taken in: one query."""
    rows = ImportedRow.objects.filter(source=source, identity__in=list(identities))
    return set(rows.order_by("pk").values_list("identity", flat=True))


def sums_of(source: str) -> Sums:
    """The control totals as the database has them."""
    found = ImportedRow.objects.filter(source=source).aggregate(
        cases=Count("pk"),
        applied=Sum("application__requested_kr"),
        awarded=Sum("application__granted_kr"),
    )
    return Sums(found["cases"], found["applied"] or ZERO, found["awarded"] or ZERO)


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
    applicants = applicants_for(grants, known)
    places = _places(grants, source=source, pool=pool, code=code)
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
    _remember(applications, grants, source)
    return applications


@transaction.atomic
def register_submitted(
    grants: Sequence[PastGrant],
    *,
    source: str,
    round: Round,
    known: dict[str, Applicant],
    by: User,
    at: datetime,
) -> list[JournalEntry]:
    """Take in a file as SUBMITTED applications of the round, to be handled like any other.

    Every grant has an applied amount. What was awarded is not written anywhere.
    """
    applicants = applicants_for(grants, known)
    version = version_in_force(round.pool, timezone.localdate(at))
    drafts = [
        _application(
            grant,
            pool=round.pool,
            round=round,
            version=version,
            applicant=applicants[grant.applicant_key],
            submitted_at=_noon(grant.received_on) if grant.received_on else at,
            created_by=by,
        )
        for grant in grants
    ]
    entries = register_many(drafts, by=by, at=at)
    _remember([entry.application for entry in entries], grants, source)
    return entries


def applicants_for(
    grants: Sequence[PastGrant], known: dict[str, Applicant]
) -> dict[str, Applicant]:
    """The applicant of every key: known, found by CVR, found by name (never a person), or new.

    ``known`` is filled in and returned.
    """
    wanted = {grant.applicant_key: grant for grant in grants if grant.applicant_key not in known}
    by_cvr = Applicant.objects.filter(cvr__in={g.cvr for g in wanted.values() if g.cvr}).order_by(
        "pk"
    )
    found = {applicant.cvr: applicant for applicant in by_cvr}
    by_name = (
        Applicant.objects.filter(cvr="", name__in={g.applicant_name for g in wanted.values()})
        .exclude(kind=ApplicantKind.INDIVIDUAL)
        .order_by("-pk")
    )
    named = {(applicant.kind, applicant.name): applicant for applicant in by_name}
    new: dict[str, Applicant] = {}
    for key, grant in wanted.items():
        there = (
            found.get(grant.cvr)
            if grant.cvr
            else named.get((grant.applicant_kind, grant.applicant_name))
        )
        if there is not None:
            known[key] = there
        else:
            new[key] = _applicant(grant)
    created = Applicant.objects.bulk_create(new.values(), batch_size=BATCH)
    known.update(zip(new, created, strict=True))
    return known


def _applicant(grant: PastGrant) -> Applicant:
    return Applicant(
        kind=grant.applicant_kind,
        name=grant.applicant_name,
        cvr=grant.cvr,
        street=grant.street,
        postcode=grant.postcode,
        town=grant.town,
        email=grant.email,
    )


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
        pool=pool, number=1, name=_("Hele året"), opens_at=_noon(starts)
    )
    return _Place(round, version)


def _noon(day: date) -> datetime:
    """A day without a time of day, kept on the same day in every time zone near ours."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _application(grant: PastGrant, **facts: object) -> Application:
    return Application(
        title=grant.title,
        summary=grant.scheme,
        description=grant.description,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        requested_kr=grant.applied_kr or None,
        **facts,
    )


def _closed(
    grant: PastGrant, place: _Place, applicant: Applicant, by: User | None, at: datetime
) -> Application:
    day = grant.known_day
    assert day is not None
    return _application(
        grant,
        pool=place.round.pool,
        round=place.round,
        version=place.version,
        applicant=applicant,
        state=CaseState.CLOSED,
        granted_kr=grant.awarded_kr or None,
        submitted_at=_noon(grant.received_on or day),
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
        decided_at=_noon(day),
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
        set_frame(pool, by=by, amount_kr=total, at=at, cause=cause, note=source)
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


def _remember(
    applications: Sequence[Application], grants: Sequence[PastGrant], source: str
) -> None:
    ImportedRow.objects.bulk_create(
        (
            ImportedRow(source=source, identity=grant.identity, application=application)
            for application, grant in zip(applications, grants, strict=True)
        ),
        batch_size=BATCH,
    )
