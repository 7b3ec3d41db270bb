"""What the clock owes a case today. Nothing is written here: workflow/tasks.py acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from pulje.enums import AppealState, PaymentState, ReminderKind
from pulje.models import Appeal, Application, JournalEntry
from pulje.rules.deadlines import (
    Step,
    award_ladder,
    draft_ladder,
    information_ladder,
    next_clock,
    next_step,
    reminder_ladder,
    with_full_time,
)
from pulje.states import STEPS, CaseState, Verb

CLOSES_SOON = 1  # a draft's first rung; the second warns that it lapses
REMINDED = "reminded"
LETTER_SENT = "letter_sent"  # written when a letter has left (letters/actions.py), with its kind
APPEAL_IS_OPEN = (AppealState.RECEIVED, AppealState.ASSESSED)
# the letters that must have left before silence counts: the first, and the last reminder
FIRST_LETTERS = {
    ReminderKind.INFORMATION: ("MISSING_INFORMATION",),
    ReminderKind.AWARD: ("AWARD", "AWARD_CONDITIONS", "PARTIAL_AWARD"),
}
LAST_REMINDERS = {
    ReminderKind.INFORMATION: "INFORMATION_REMINDER",
    ReminderKind.AWARD: "AWARD_REMINDER",
    ReminderKind.REPORT: "REPORT_LAST",
}
REPORT_IS_DUE = (CaseState.ACCEPTED, CaseState.PAID, CaseState.REPORT_RETURNED)
CONTROL_SELECTED = "control_selected"
# money has been paid, and the grantee can still be asked
CONTROLLABLE = (
    CaseState.PAID,
    CaseState.REPORT_SUBMITTED,
    CaseState.REPORT_RETURNED,
    CaseState.REPORTED,
)
EXTENDABLE = (*REPORT_IS_DUE, CaseState.RETURNED, CaseState.IN_HEARING)
LADDERS = {
    CaseState.RETURNED: (information_ladder, ReminderKind.INFORMATION),
    CaseState.APPROVED: (award_ladder, ReminderKind.AWARD),
    CaseState.ACCEPTED: (reminder_ladder, ReminderKind.REPORT),
    CaseState.PAID: (reminder_ladder, ReminderKind.REPORT),
    CaseState.REPORT_RETURNED: (reminder_ladder, ReminderKind.REPORT),
}


class Duty(StrEnum):
    """The few things the clock may do."""

    WAIT = "wait"
    REMIND = "remind"
    EXPIRE_HEARING = "expire_hearing"
    LAPSE = "lapse"
    CLOSE = "close"


@dataclass(frozen=True)
class Due:
    """One duty. A reminder names its rung, the original deadline and the new one.

    ``clock_on``: the day to look again once this is done (None: nothing left for the clock).
    """

    duty: Duty
    clock_on: date | None = None
    kind: ReminderKind | None = None
    about: date | None = None
    number: int = 0
    new_due_on: date | None = None


def due_now(application: Application, today: date) -> Due:
    """The one thing due for the case today; WAIT with the next day to look when it is too early.

    Never two at once: after weeks of a stopped clock the reminders still come one by one, each
    with all its days. Source: states.md, "Always true" 5; rules/deadlines.py.
    """
    state = CaseState(application.state)
    if application.clock_on is None or application.clock_on > today:
        return Due(Duty.WAIT, clock_on=application.clock_on)
    if state == CaseState.DRAFT:
        return _draft(application, today)
    if state == CaseState.IN_HEARING:
        return _hearing(application, today)
    if state in LADDERS:
        return _rung(application, *LADDERS[state], today)
    if state in STEPS[Verb.CLOSE].sources and application.submitted_at:
        return Due(Duty.CLOSE)
    return Due(Duty.WAIT)


def original_due_on(application: Application, state: CaseState | None = None) -> date | None:
    """The deadline as first given in this state, read in the journal: a reminder never moves it.

    ``state``: another than the case stands in, where it is on its way back to it.
    """
    state = state or CaseState(application.state)
    states = REPORT_IS_DUE if state in REPORT_IS_DUE else (state,)
    given = application.journal.filter(to_state__in=states, data__has_key="due_on")
    given = given.exclude(event=REMINDED)
    data = given.order_by("-number").values_list("data", flat=True).first()
    return date.fromisoformat(data["due_on"]) if data else None


def draft_steps(application: Application) -> tuple[Step, ...]:
    """The ladder of a draft, from the day it was begun and the day somebody last wrote in it."""
    begun_at = application.state_since or application.created_at
    touched_at = max(begun_at, application.edited_at or begun_at)
    closes_at = application.round.closes_at
    return draft_ladder(
        timezone.localdate(begun_at),
        timezone.localdate(touched_at),
        timezone.localdate(closes_at) if closes_at else None,
    )


def _draft(application: Application, today: date) -> Due:
    """A reminder of a deadline that has passed is no help: that rung falls away."""
    ladder = [
        step
        for step in draft_steps(application)
        if step.number != CLOSES_SOON or today <= step.new_due_on
    ]
    rows = application.reminders.filter(kind=ReminderKind.DRAFT)
    made = set(rows.values_list("number", "due_on"))
    sent = frozenset(step.number for step in ladder if (step.number, step.new_due_on) in made)
    step = next_step(ladder, sent, today)
    if step is None:
        return Due(Duty.WAIT, clock_on=next_clock(ladder, sent))
    if step.lapses:
        return Due(Duty.LAPSE)
    # the round's deadline stands, however late the clock is
    late = step if step.number == CLOSES_SOON else with_full_time(step, today)
    following = next_clock(ladder, sent | {step.number})
    return Due(
        Duty.REMIND,
        clock_on=following + (late.send_on - step.send_on) if following else None,
        kind=ReminderKind.DRAFT,
        about=step.new_due_on,
        number=step.number,
        new_due_on=late.new_due_on,
    )


def _hearing(application: Application, today: date) -> Due:
    """The whole day of the deadline belongs to the applicant (forvaltningsloven § 19)."""
    hearing = application.hearings.filter(ended_at=None).first()
    if hearing is None:
        return Due(Duty.WAIT)
    if today > hearing.due_on:
        return Due(Duty.EXPIRE_HEARING)
    return Due(Duty.WAIT, clock_on=hearing.due_on + timedelta(days=1))


def _rung(
    application: Application,
    ladder_of: Callable[[date], tuple[Step, ...]],
    kind: ReminderKind,
    today: date,
) -> Due:
    due_on = original_due_on(application)
    if due_on is None:
        return Due(Duty.WAIT)
    ladder = ladder_of(due_on)
    rows = application.reminders.filter(kind=kind, due_on=due_on)
    sent = frozenset(rows.values_list("number", flat=True))
    step = next_step(ladder, sent, today)
    following = next_clock(ladder, sent | {step.number} if step else sent)
    if step is None and following is None and _waits_for_the_report_only(application):
        return _lapse(application, kind, ladder, today)
    if step is None:
        return Due(Duty.WAIT, clock_on=following)
    if step.lapses:
        return Due(Duty.WAIT) if _is_paid(application) else _lapse(application, kind, ladder, today)
    # a letter before the report's deadline only tells of it, however late the letter is
    stands = kind == ReminderKind.REPORT and today <= due_on
    late = step if stands else with_full_time(step, today)
    delay = late.send_on - step.send_on
    if following is None and _waits_for_the_report_only(application):
        following = step.new_due_on + timedelta(days=1)
    return Due(
        Duty.REMIND,
        clock_on=following + delay if following else None,
        kind=kind,
        about=due_on,
        number=step.number,
        new_due_on=late.new_due_on,
    )


def _lapse(
    application: Application, kind: ReminderKind, ladder: Sequence[Step], today: date
) -> Due:
    """The end, but not before the letters have left, each with all its days, or while we answer.

    Source: states.md, "Always true" 5: a clock decides against nobody who has not been told.
    """
    tomorrow = today + timedelta(days=1)
    last = [step for step in ladder if not step.lapses][-1]
    ends_on = ladder[-1].send_on if ladder[-1].lapses else last.new_due_on + timedelta(days=1)
    told_on = _told_on(application, kind)
    appeals = Appeal.objects.filter(decision__application=application, state__in=APPEAL_IS_OPEN)
    if told_on is None or appeals.exists():
        return Due(Duty.WAIT, clock_on=tomorrow)
    earliest = told_on + (ends_on - last.send_on)
    return Due(Duty.LAPSE) if earliest <= today else Due(Duty.WAIT, clock_on=earliest)


def _told_on(application: Application, kind: ReminderKind) -> date | None:
    """The day the last reminder left; None while it has not, or the letter it is about has not."""
    reminder = application.reminders.filter(kind=kind).order_by("-made_at", "-pk").first()
    first = FIRST_LETTERS.get(kind)
    sent = application.journal.filter(event=LETTER_SENT)
    if reminder is None or (first and not _since(application, kind, sent, first)):
        return None
    left = sent.filter(data__kind=LAST_REMINDERS[kind], at__gte=reminder.made_at)
    at = left.order_by("number").values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None


def _since(
    application: Application,
    kind: ReminderKind,
    sent: QuerySet[JournalEntry],
    letters: Sequence[str],
) -> bool:
    """True when one of the letters has left since the question was asked or decided."""
    requests = application.information_requests.order_by("-pk")
    current = application.decisions.filter(is_current=True)
    since = (
        requests.values_list("asked_at", flat=True).first()
        if kind == ReminderKind.INFORMATION
        else current.values_list("decided_at", flat=True).first()
    )
    return since is not None and sent.filter(data__kind__in=letters, at__gte=since).exists()


def _waits_for_the_report_only(application: Application) -> bool:
    """True for a grant that is paid after its report: without one it lapses, and nothing is owed.

    Where money is out, or we have not paid what we should, a person looks at it instead.
    """
    early = application.payments.filter(after_report=False)
    return (
        application.state == CaseState.ACCEPTED
        and not early.exclude(state=PaymentState.CANCELLED).exists()
    )


def _is_paid(application: Application) -> bool:
    """Money is out under an earlier decision: no silence takes the grant away, a person looks."""
    return application.payments.filter(state=PaymentState.CONFIRMED).exists()
