"""How long a case has been with us and with the applicant: read in the journal's own days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Protocol

from django.db.models import F, QuerySet
from django.utils import timezone

from pulje.models import Application, JournalEntry
from pulje.rules.deadlines import working_days_after
from pulje.rules.delegation import answer_due
from pulje.states import OPEN, CaseState

THEIRS = frozenset({CaseState.RETURNED, CaseState.IN_HEARING})


class Move(Protocol):
    """What is read of a journal line."""

    at: datetime
    from_state: str
    to_state: str


@dataclass(frozen=True)
class Pace:
    """Whole days until the decision, or until today; ``is_paused`` while the applicant has it."""

    ours: int = 0
    theirs: int = 0
    is_paused: bool = False


@dataclass(frozen=True)
class _Period:
    since: date
    until: date
    is_theirs: bool
    is_open: bool


def pace(entries: Iterable[Move], today: date, *, received_on: date | None = None) -> Pace:
    """Count the days from the journal, in its order; no query.

    ``received_on``: the day of receipt where it was keyed in later. A hearing about something
    already granted, and all that follows a decision, is not counted.
    """
    periods = list(_periods(entries, today, received_on))
    theirs = sum(_days(period) for period in periods if period.is_theirs)
    ours = sum(_days(period) for period in periods if not period.is_theirs)
    return Pace(ours, theirs, any(period.is_open and period.is_theirs for period in periods))


def answer_by(
    entries: Iterable[Move], today: date, *, received_on: date, working_days: int
) -> date:
    """The last day for an answer counted in working days, pushed by those the applicant had it.

    Source: rules/delegation.py (answer_due); the clock stands still while we wait for an answer.
    """
    waited = sum(
        working_days_after(period.since, period.until)
        for period in _periods(entries, today, received_on)
        if period.is_theirs
    )
    return answer_due(received_on, working_days + waited)


def paces(cases: QuerySet[Application], today: date) -> dict[int, Pace]:
    """The pace of each of the cases that was ever sent: one query for them all."""
    rows = JournalEntry.objects.filter(application__in=cases.order_by().values("pk"))
    moves = rows.exclude(from_state=F("to_state")).only(
        "application_id", "at", "from_state", "to_state"
    )
    grouped = groupby(
        moves.order_by("application_id", "number"), key=lambda row: row.application_id
    )
    return {pk: pace(list(entries), today) for pk, entries in grouped}


def _periods(entries: Iterable[Move], today: date, received_on: date | None) -> Iterator[_Period]:
    since: date | None = None
    is_theirs = False
    for entry in entries:
        if entry.from_state == entry.to_state:
            continue
        day = timezone.localdate(entry.at)
        if since is not None:
            yield _Period(since, day, is_theirs, is_open=False)
        elif _is_running(entry) and received_on is not None:
            day, received_on = min(day, received_on), None
        since = day if _is_running(entry) else None
        is_theirs = entry.to_state in THEIRS
    if since is not None:
        yield _Period(since, max(today, since), is_theirs, is_open=True)


def _is_running(entry: Move) -> bool:
    """Undecided after this line; a hearing about a grant is another matter."""
    is_later_hearing = entry.to_state == CaseState.IN_HEARING and entry.from_state not in OPEN
    return entry.to_state in OPEN and not is_later_hearing


def _days(period: _Period) -> int:
    return (period.until - period.since).days
