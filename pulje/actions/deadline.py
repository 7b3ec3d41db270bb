"""What deadline and clock a case gets when it comes back to a state it has been in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import Application, Round
from pulje.queries.casework.delegation import hindrance_of
from pulje.queries.casework.pace import answer_by
from pulje.rules.deadlines import (
    award_ladder,
    draft_ladder,
    information_ladder,
    latest_deadline,
    next_clock,
    reminder_ladder,
)
from pulje.rules.reporting import report_due
from pulje.states import CaseState

ACCEPT_WITHIN_DAYS = 21
ANSWER_WITHIN_DAYS = 14
HANDLING_DAYS = 14

S = CaseState
REPORT_IS_DUE = frozenset({S.ACCEPTED, S.PAID, S.REPORT_RETURNED})
MUST_BE_HANDLED = frozenset(
    {S.SUBMITTED, S.IN_REVIEW, S.REVIEWED, S.RECOMMENDED, S.REPORT_SUBMITTED}
)


def check_deadline(due_on: date, at: datetime, *, stands: date | None = None) -> None:
    """Raises RuleBroken for a deadline not ahead, or more than a year after today or what stands.

    Source: rules/deadlines.py (local config).
    """
    today = timezone.localdate(at)
    if due_on <= today:
        raise RuleBroken(_("Fristen skal ligge efter i dag."))
    last = latest_deadline(max(stands or today, today))
    if due_on > last:
        raise RuleBroken(_("Fristen kan højst være den %s.") % f"{last:%d-%m-%Y}")


@dataclass(frozen=True)
class Time:
    """The deadline people see, the day the clock looks, and whether the applicant was told."""

    due_on: date | None
    clock_on: date | None
    is_given: bool = False

    @property
    def told(self) -> dict[str, str]:
        """What the journal keeps, so that reminders count from here (queries/clock.py)."""
        return {"due_on": self.due_on.isoformat()} if self.is_given and self.due_on else {}


def handle_by(at: datetime) -> date:
    """Our own deadline for the next step, counted from ``at``."""
    return timezone.localdate(at) + timedelta(days=HANDLING_DAYS)


def handle_undecided(application: Application, at: datetime) -> date:
    """Our own deadline at a step before the decision; it may have passed.

    Where the administration may decide alone, the answer counted in working days stands through
    all the steps, pushed by the days the applicant had it; else those of the next step begin anew.
    """
    today = timezone.localdate(at)
    if hindrance_of(application, today) is not None or application.submitted_at is None:
        return handle_by(at)
    return answer_by(
        application.journal.order_by("number"),
        today,
        received_on=timezone.localdate(application.submitted_at),
        working_days=application.version.answer_working_days,
    )


def anew(application: Application, state: CaseState, at: datetime) -> Time:
    """All the days of ``state`` once more, from ``at``."""
    today = timezone.localdate(at)
    if state == S.DRAFT:
        return Time(None, draft_looked_at(application.round, today))
    if state in MUST_BE_HANDLED:
        return Time(handle_by(at), None)
    if state == S.IN_HEARING:
        answer_by = today + timedelta(days=ANSWER_WITHIN_DAYS)
        return Time(answer_by, answer_by + timedelta(days=1), is_given=True)
    if state == S.RETURNED:
        answer_by = today + timedelta(days=ANSWER_WITHIN_DAYS)
        return Time(answer_by, next_clock(information_ladder(answer_by), frozenset()), True)
    if state == S.APPROVED:
        answer_by = today + timedelta(days=ACCEPT_WITHIN_DAYS)
        return Time(answer_by, next_clock(award_ladder(answer_by), frozenset()), True)
    if state in REPORT_IS_DUE:
        return report_anew(application, today)
    return Time(None, closing_day(application, at))


def draft_looked_at(round: Round, today: date) -> date | None:
    """When the clock must look at a draft that is begun today."""
    closes_on = timezone.localdate(round.closes_at) if round.closes_at else None
    return next_clock(draft_ladder(today, today, closes_on), frozenset())


def report_anew(application: Application, today: date) -> Time:
    """When the report is due: the pool's months after the project ends, or after today."""
    ends_on = max(application.ends_on or today, today)
    due_on = report_due(ends_on, application.version.report_months)
    return Time(due_on, next_clock(reminder_ladder(due_on), frozenset()), is_given=True)


def closing_day(application: Application, at: datetime) -> date | None:
    """The day the clock may close an ended case: after the time to appeal or ask.

    None for a draft that was never sent: it has no case to close.
    """
    if application.submitted_at is None:
        return None
    return timezone.localdate(at) + timedelta(days=application.version.closing_days)
