"""What the clock owes a case today. Nothing is written here: workflow/tasks.py acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from pulje.enums import AppealState, PaymentState, ReminderKind
from pulje.models import Appeal, Application
from pulje.queries.grant.kept import is_kept_grant
from pulje.queries.told import (
    REMINDED,
    REPORT_IS_DUE,
    TOLD_BY_LETTER,
    first_given,
    given_by,
    told_on,
    waits_for_letter,
)
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
APPEAL_IS_OPEN = (AppealState.RECEIVED, AppealState.ASSESSED)
# money has been paid, and the grantee can still be asked
CONTROLLABLE = (
    CaseState.PAID,
    CaseState.REPORT_SUBMITTED,
    CaseState.REPORT_RETURNED,
    CaseState.REPORTED,
)
EXTENDABLE = (*REPORT_IS_DUE, CaseState.RETURNED, CaseState.IN_HEARING, CaseState.APPROVED)
LADDERS = {
    CaseState.RETURNED: (information_ladder, ReminderKind.INFORMATION),
    CaseState.APPROVED: (award_ladder, ReminderKind.AWARD),
    CaseState.ACCEPTED: (reminder_ladder, ReminderKind.REPORT),
    CaseState.PAID: (reminder_ladder, ReminderKind.REPORT),
    CaseState.REPORT_RETURNED: (reminder_ladder, ReminderKind.REPORT),
}
ANSWERS = (*LADDERS, CaseState.IN_HEARING)


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
    if state in ANSWERS and waits_for_letter(application):
        return Due(Duty.WAIT, clock_on=today + timedelta(days=1))
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
    given = given_by(application, state, leaving_out=(REMINDED,))
    return date.fromisoformat(given.data["due_on"]) if given else None


def looked_at(state: CaseState, due_on: date, given_on: date) -> date | None:
    """When the clock looks next at a case that was told on ``given_on`` to answer by ``due_on``."""
    if state == CaseState.IN_HEARING:
        return due_on + timedelta(days=1)
    ladder, _kind = LADDERS[state]
    return next_clock(ladder(due_on, given_on), frozenset())


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
    ladder_of: Callable[[date, date], tuple[Step, ...]],
    kind: ReminderKind,
    today: date,
) -> Due:
    given = given_by(application, leaving_out=(REMINDED,))
    if given is None:
        return Due(Duty.WAIT)
    due_on = date.fromisoformat(given.data["due_on"])
    ladder = ladder_of(due_on, timezone.localdate(given.at))
    rows = application.reminders.filter(kind=kind, due_on=due_on)
    sent = frozenset(rows.values_list("number", flat=True))
    step = next_step(ladder, sent, today)
    following = next_clock(ladder, sent | {step.number} if step else sent)
    if step is None and following is None and _waits_for_the_report_only(application):
        return _lapse(application, ladder, today)
    if step is None:
        return Due(Duty.WAIT, clock_on=following)
    if step.lapses:
        if is_kept_grant(application):
            return Due(Duty.WAIT)
        return _lapse(application, ladder, today)
    # a letter before the deadline only tells of it, however late the letter is
    late = step if today <= due_on else with_full_time(step, today)
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


def _lapse(application: Application, ladder: Sequence[Step], today: date) -> Due:
    """The end, but not before the letters have left, each with all its days, or while we answer.

    Source: states.md, "Always true" 5: a clock decides against nobody who has not been told.
    """
    tomorrow = today + timedelta(days=1)
    last = [step for step in ladder if not step.lapses][-1]
    ends_on = ladder[-1].send_on if ladder[-1].lapses else last.new_due_on + timedelta(days=1)
    reminded_on = _reminded_on(application)
    appeals = Appeal.objects.filter(decision__application=application, state__in=APPEAL_IS_OPEN)
    if reminded_on is None or appeals.exists():
        return Due(Duty.WAIT, clock_on=tomorrow)
    earliest = reminded_on + (ends_on - last.send_on)
    return Due(Duty.LAPSE) if earliest <= today else Due(Duty.WAIT, clock_on=earliest)


def _reminded_on(application: Application) -> date | None:
    """The day the last reminder could be read; None while it, or what it is about, cannot."""
    first, newest = first_given([application]).get(application.pk), given_by(application)
    if first is None or newest is None or newest.event != REMINDED:
        return None
    is_known = first.event not in TOLD_BY_LETTER or told_on(first) is not None
    return told_on(newest) if is_known else None


def _waits_for_the_report_only(application: Application) -> bool:
    """True for a grant that is paid after its report: without one it lapses, and nothing is owed.

    Where money is out, or we have not paid what we should, a person looks at it instead.
    """
    early = application.payments.filter(after_report=False)
    return (
        application.state == CaseState.ACCEPTED
        and not early.exclude(state=PaymentState.CANCELLED).exists()
    )
