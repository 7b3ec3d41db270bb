"""A deadline counts from the day its letter could be read."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.models import Application, JournalEntry
from pulje.queries.clock import LADDERS, looked_at
from pulje.queries.told import COUNTED, REMINDED, first_given
from pulje.rules.deadlines import counted_from
from pulje.states import CaseState

WAITING = frozenset({*LADDERS, CaseState.IN_HEARING})


@transaction.atomic
def count_from(entry: JournalEntry, *, at: datetime) -> JournalEntry | None:
    """The letter about a journal line can be read from ``at``: all its days count from there.

    Moves the case's deadline and clock when they would come sooner, and keeps it in the journal.
    None when the line gave no deadline of what the case waits for, or nothing moves.
    Source: digital post-loven § 10; rules/deadlines.py (counted_from).
    """
    if not _gives_days(entry):
        return None
    application = lock(entry.application)
    first = first_given(application) if application.state in WAITING else None
    if first is None or entry.number < first.number or application.due_on is None:
        return None
    new = counted_from(
        date.fromisoformat(entry.data["due_on"]),
        told_on=timezone.localdate(entry.at),
        available_on=timezone.localdate(at),
    )
    if new <= application.due_on:
        return None
    return _move(application, entry, new, at)


def _gives_days(entry: JournalEntry) -> bool:
    """A reminder of a deadline that stands gives none of its own."""
    due_on = entry.data.get("due_on")
    return bool(due_on) and not (entry.event == REMINDED and entry.data.get("about") == due_on)


def _move(application: Application, entry: JournalEntry, new: date, at: datetime) -> JournalEntry:
    """A reminder's days push its own ladder; any other deadline begins a ladder of its own."""
    assert application.due_on is not None
    old, state = application.due_on, CaseState(application.state)
    if entry.event != REMINDED:
        application.clock_on = looked_at(state, new, timezone.localdate(at))
    elif application.clock_on is not None:
        application.clock_on += new - old
    application.due_on = new
    application.save(update_fields=["due_on", "clock_on"])
    application.information_requests.filter(answered_at=None).update(due_on=new)
    application.hearings.filter(ended_at=None).update(due_on=new)
    key = "until" if entry.event == REMINDED else "due_on"
    told = {key: new.isoformat(), "old": old.isoformat(), "entry": entry.number}
    return note_down(application, COUNTED, by=None, at=at, data=told)
