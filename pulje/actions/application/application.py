"""From draft to submitted, and the ways an application ends by its applicant or the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import closing_day, draft_looked_at
from pulje.actions.grant.payment import cancel_open
from pulje.actions.ledger import paid_kr, release_rest
from pulje.actions.on_behalf import OnBehalf
from pulje.actions.signature import check_complete, check_signed, sign
from pulje.actions.state import SEALED, lock, move, move_many
from pulje.enums import ItemOutcome, LateRule, LineKind
from pulje.errors import RuleBroken, WrongState
from pulje.models import (
    Applicant,
    Application,
    BudgetLine,
    JournalEntry,
    Pool,
    PoolVersion,
    Round,
    Snapshot,
    User,
)
from pulje.permissions import (
    check_identified,
    check_may,
    check_not_disqualified,
    check_other,
    is_member,
)
from pulje.queries.application.changes import said_now
from pulje.queries.grant.kept import is_kept_grant
from pulje.rules.deadlines import is_late
from pulje.rules.delegation import answer_due
from pulje.states import CaseState, Verb
from pulje.templatetags.words import dato_tid


@dataclass(frozen=True)
class Line:
    """A budget line as typed: kr. and what it is for."""

    kind: LineKind
    text: str
    amount_kr: Decimal
    funding_status: str = ""
    category: str = ""


def version_in_force(pool: Pool, on: date) -> PoolVersion:
    """The pool's rules on that day. Raises RuleBroken when it has none yet."""
    version = pool.versions.filter(valid_from__lte=on).order_by("-number").first()
    if version is None:
        raise RuleBroken(_("Puljen har ingen regler endnu. Tal med administrationen."))
    return version


@transaction.atomic
def start_draft(
    round: Round, applicant: Applicant, *, by: User | None, at: datetime, title: str
) -> Application:
    """A new draft in the round, judged by the rules in force today.

    Raises NotAllowed to a stranger to the applicant who does not work here.
    """
    today = timezone.localdate(at)
    draft = Application.objects.create(
        pool=round.pool,
        round=round,
        version=version_in_force(round.pool, today),
        applicant=applicant,
        title=title,
        created_by=by,
        state_since=at,
        due_on=timezone.localdate(round.closes_at) if round.closes_at else None,
        clock_on=draft_looked_at(round, today),
    )
    if by is not None:
        _check_writer(draft, by)
    return draft


def _check_writer(application: Application, by: User) -> None:
    """The applicant's own people write; the house may write on their behalf."""
    if not is_member(by, application):
        check_other(by, "write_note")
        check_not_disqualified(by, application)


@transaction.atomic
def save_draft(
    application: Application,
    *,
    by: User,
    fields: Mapping[str, object],
    lines: Sequence[Line] | None = None,
    at: datetime | None = None,
) -> Application:
    """Keep what is typed. Only while the case is the applicant's: DRAFT or RETURNED.

    With ``at`` it is told who wrote last and when. Raises NotAllowed to a stranger, WrongState
    when the case has left the applicant.
    """
    assert not set(fields) & set(SEALED), "only a verb writes what the state seals"
    application = lock(application)
    check_open_to(by, application)
    told = {"edited_at": at, "edited_by": by} if at else {}
    for name, value in {**fields, **told}.items():
        setattr(application, name, value)
    application.save(update_fields=[*fields, *told])
    if lines is not None:
        application.budget_lines.all().delete()
        BudgetLine.objects.bulk_create(_rows(application, lines))
    return application


def check_open_to(by: User, application: Application) -> None:
    """Raise NotAllowed to a stranger, WrongState when the case has left the applicant."""
    _check_writer(application, by)
    if application.state not in (CaseState.DRAFT, CaseState.RETURNED):
        raise WrongState(_("Ansøgningen er sendt og kan ikke rettes. Skriv en besked i stedet."))


def _rows(application: Application, lines: Sequence[Line]) -> list[BudgetLine]:
    return [
        BudgetLine(
            application=application,
            position=position,
            kind=line.kind,
            text=line.text,
            amount_kr=line.amount_kr,
            funding_status=line.funding_status,
            category=line.category,
        )
        for position, line in enumerate(lines, start=1)
    ]


@transaction.atomic
def submit(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """Send the draft: complete, in time and within the hard rules; it gets its case number.

    Raises RuleBroken with every sentence of what is missing; the draft stays.
    """
    application = lock(application)
    if application.state == CaseState.SUBMITTED:
        raise WrongState(
            _("Ansøgningen er allerede sendt. Den har sagsnummer %s.") % application.number
        )
    check_may(by, Verb.SUBMIT, application)
    check_identified(by)
    check_complete(application, at)
    if application.applicant.two_must_sign:
        sign(application, by=by, at=at)
        application = lock(application)  # its journal has one line more
        check_signed(application)
    return _receive(application, Verb.SUBMIT, by=by, at=at, received_at=at, on_behalf_of="")


@transaction.atomic
def register_on_behalf(
    application: Application,
    *,
    by: User,
    at: datetime,
    received_at: datetime,
    on_behalf_of: str,
    token: str = "",
) -> JournalEntry:
    """Take in what came on paper or by phone, with its own date of receipt.

    Rules are judged at screening. ``token`` is that of the page it was keyed in on.
    Raises RuleBroken for a receipt in the future or too late.
    """
    if received_at > at:
        raise RuleBroken(_("Datoen for modtagelse kan ikke ligge i fremtiden."))
    return _receive(
        lock(application),
        Verb.REGISTER_ON_BEHALF,
        by=by,
        at=at,
        received_at=received_at,
        on_behalf_of=on_behalf_of,
        told={"token": token} if token else {},
    )


def _receive(
    application: Application,
    verb: Verb,
    *,
    by: User,
    at: datetime,
    received_at: datetime,
    on_behalf_of: str,
    told: Mapping[str, object] | None = None,
) -> JournalEntry:
    _check_open(application, received_at)
    (number,) = take_numbers(application.pool_id, 1)
    application.number = number
    application.submitted_at = received_at
    application.submitted_by = by
    application.is_late = is_late(received_at, application.round.closes_at)
    Snapshot.objects.update_or_create(
        application=application, defaults={"taken_at": at, "said": said_now(application)}
    )
    return move(
        application,
        verb,
        by=by,
        at=at,
        due_on=_answer_on(application),
        on_behalf_of=on_behalf_of,
        data={"number": number, "version": application.version.number, **(told or {})},
    )


def _check_open(application: Application, received_at: datetime) -> None:
    round = application.round
    if received_at < round.opens_at:
        raise RuleBroken(_("Puljen åbner %s. Kladden er gemt.") % dato_tid(round.opens_at))
    late = is_late(received_at, round.closes_at)
    if late and application.version.late_rule == LateRule.REFUSE and round.closes_at:
        raise RuleBroken(
            _("Puljen lukkede %s. Kladden er gemt, og du kan bruge den næste gang.")
            % dato_tid(round.closes_at)
        )


def _answer_on(application: Application) -> date:
    assert application.submitted_at is not None
    received_on = timezone.localdate(application.submitted_at)
    return answer_due(received_on, application.version.answer_working_days)


def take_numbers(pool_id: int, count: int) -> list[str]:
    """The pool's next case numbers, each given once. Locks the pool."""
    pool = Pool.objects.select_for_update().get(pk=pool_id)
    first = pool.last_number + 1
    pool.last_number += count
    pool.save(update_fields=["last_number"])
    return [f"{pool.code}-{pool.year}-{n:03}" for n in range(first, first + count)]


@transaction.atomic
def register_many(drafts: Sequence[Application], *, by: User, at: datetime) -> list[JournalEntry]:
    """Take in a whole file: unsaved drafts of one pool become SUBMITTED, numbered, journalled.

    Each draft carries its own ``submitted_at``. Work and queries do not grow with the rows but by
    batches. Rules are judged at screening, as for anything a case worker registers.
    """
    if not drafts:
        return []
    check_other(by, "write_note")
    numbers = take_numbers(drafts[0].pool_id, len(drafts))
    for draft in drafts:
        draft.state_since = at
    applications = Application.objects.bulk_create(drafts, batch_size=1000)
    for application, number in zip(applications, numbers, strict=True):
        application.number = number
        application.submitted_by = by
    return move_many(
        applications,
        Verb.REGISTER_ON_BEHALF,
        by=by,
        at=at,
        to=lambda _case: CaseState.SUBMITTED,
        due_on=_answer_on,
        clock_on=lambda _case: None,
        data=lambda case: {"number": case.number},
    )


@transaction.atomic
def withdraw(
    application: Application, *, by: User, at: datetime, keyed: OnBehalf | None = None
) -> JournalEntry:
    """The applicant takes the application back; granted money returns to the frame.

    Raises RuleBroken when money has been paid.
    """
    application = lock(application)
    check_may(by, Verb.WITHDRAW, application)
    if paid_kr(application):
        raise RuleBroken(_("Der er udbetalt penge. Skriv til os, så finder vi ud af det sammen."))
    return _end(application, Verb.WITHDRAW, by=by, at=at, keyed=keyed)


@transaction.atomic
def lapse(application: Application, *, by: User | None = None, at: datetime) -> JournalEntry:
    """The clock ends a case nobody answered; the sweep has sent the reminders first.

    Raises RuleBroken while the deadline people see has not passed, or for a grant that waits for
    a yes and keeps the one it had.
    """
    application = lock(application)
    check_may(by, Verb.LAPSE, application)
    if application.due_on is not None and timezone.localdate(at) <= application.due_on:
        raise RuleBroken(_("Fristen er ikke udløbet, så sagen kan ikke bortfalde endnu."))
    if application.state == CaseState.APPROVED and is_kept_grant(application):
        raise RuleBroken(_("Ansøger har sagt ja før, så tilskuddet bortfalder ikke uden svar."))
    missed = {"missed_on": application.due_on.isoformat()} if application.due_on else {}
    return _end(application, Verb.LAPSE, by=by, at=at, told=missed)


def _end(
    application: Application,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    told: Mapping[str, str] | None = None,
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    ends_on = closing_day(application, at)
    entry = move(application, verb, by=by, at=at, clock_on=ends_on, keyed=keyed, data=told)
    cancel_open(application)
    release_rest(application, by=by, at=at, cause=f"{verb}:{entry.pk}")
    application.agenda_items.filter(outcome=ItemOutcome.PENDING).update(
        outcome=ItemOutcome.POSTPONED, remark=_("Sagen er taget af dagsordenen: %s.") % verb.label
    )
    return entry
