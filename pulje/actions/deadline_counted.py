"""A deadline counts from the day its letter could be read."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import ClaimState, ReminderKind
from pulje.models import Application, JournalEntry, RepaymentClaim
from pulje.queries.clock import CONTROLLABLE, LADDERS, looked_at
from pulje.queries.told import CONTROL_SELECTED, COUNTED, REMINDED, first_given
from pulje.rules.deadlines import counted_from
from pulje.states import CaseState, Verb

WAITING = frozenset({*LADDERS, CaseState.IN_HEARING})


@transaction.atomic
def count_from(entry: JournalEntry, *, at: datetime) -> JournalEntry | None:
    """The letter about a journal line can be read from ``at``: all its days count from there.

    Moves the deadline it gave (the case's with its clock, a claim's payment, a control's answer)
    when it would come sooner, and keeps it in the journal. None when nothing waits for what the
    line asked, or nothing moves. Safe to repeat.
    Source: digital post-loven § 10; rules/deadlines.py (counted_from).
    """
    if entry.event == Verb.CLAIM_REPAYMENT:
        return _count_claim(entry, at)
    if entry.event == CONTROL_SELECTED:
        return _count_control(entry, at)
    return _count_case(entry, at)


def _count_case(entry: JournalEntry, at: datetime) -> JournalEntry | None:
    if not _gives_days(entry):
        return None
    application = lock(entry.application)
    first = first_given(application) if application.state in WAITING else None
    if first is None or entry.number < first.number or application.due_on is None:
        return None
    new = _from(entry, date.fromisoformat(entry.data["due_on"]), at)
    return _move(application, entry, new, at) if new > application.due_on else None


def _gives_days(entry: JournalEntry) -> bool:
    """A first reminder of the report gives none of its own: the deadline stands, others follow."""
    due_on = entry.data.get("due_on")
    stands = entry.event == REMINDED and entry.data.get("about") == due_on
    return bool(due_on) and not (stands and entry.data["kind"] == ReminderKind.REPORT)


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
    return _note(entry, "until" if entry.event == REMINDED else "due_on", old, new, at)


def _count_claim(entry: JournalEntry, at: datetime) -> JournalEntry | None:
    """The day to pay; a claim that is settled stands."""
    application = lock(entry.application)
    claims = RepaymentClaim.objects.filter(pk=entry.data["claim"], state=ClaimState.CLAIMED)
    claim = claims.first()
    if claim is None or application.state != CaseState.IN_RECOVERY:
        return None
    counted = _counted(entry)
    given = date.fromisoformat(counted[0].data["old"]) if counted else claim.due_on
    old, new = claim.due_on, _from(entry, given, at)
    if new <= old:
        return None
    claim.due_on = application.due_on = new
    claim.save(update_fields=["due_on"])
    application.save(update_fields=["due_on"])
    return _note(entry, "due_on", old, new, at)


def _count_control(entry: JournalEntry, at: datetime) -> JournalEntry | None:
    """The day to answer a control, which the journal alone keeps (queries/grant/control.py)."""
    application = lock(entry.application)
    counted, given = _counted(entry), date.fromisoformat(entry.data["due_on"])
    old = date.fromisoformat(counted[-1].data["until"]) if counted else given
    new = _from(entry, given, at)
    if new <= old or application.state not in CONTROLLABLE:
        return None
    return _note(entry, "until", old, new, at)


def _from(entry: JournalEntry, given: date, at: datetime) -> date:
    told_on, available_on = timezone.localdate(entry.at), timezone.localdate(at)
    return counted_from(given, told_on=told_on, available_on=available_on)


def _counted(entry: JournalEntry) -> list[JournalEntry]:
    """The lines that have moved this one's deadline, the first one first."""
    lines = JournalEntry.objects.filter(application=entry.application_id, event=COUNTED)
    return list(lines.filter(data__entry=entry.number).order_by("number"))


def _note(entry: JournalEntry, key: str, old: date, new: date, at: datetime) -> JournalEntry:
    """``due_on`` is a deadline a ladder may begin at; ``until`` is none."""
    told = {key: new.isoformat(), "old": old.isoformat(), "entry": entry.number}
    return note_down(entry.application, COUNTED, by=None, at=at, data=told)
