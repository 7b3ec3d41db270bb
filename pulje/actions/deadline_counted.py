"""A deadline counts from the day its letter could be read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pulje.actions.journal import chain
from pulje.actions.state import keep_lines, lock_all
from pulje.enums import ClaimState, ReminderKind
from pulje.models import (
    Application,
    InformationRequest,
    JournalEntry,
    PartyHearing,
    RepaymentClaim,
)
from pulje.queries.clock import CONTROLLABLE, LADDERS, looked_at
from pulje.queries.told import CONTROL_SELECTED, COUNTED, REMINDED, first_given
from pulje.rules.deadlines import counted_from
from pulje.states import CaseState, Verb

WAITING = frozenset({*LADDERS, CaseState.IN_HEARING})


@dataclass(frozen=True)
class Read:
    """What the cases of many letters stand with: read once for all."""

    first: Mapping[int, JournalEntry]  # by case
    claims: Mapping[int, RepaymentClaim]
    counted: Mapping[tuple[int, int], list[JournalEntry]]  # by case and line; the first one first


@dataclass(frozen=True)
class Move:
    """A deadline that moves. ``key``: ``due_on`` is one a ladder may begin at; ``until`` is not."""

    key: str
    old: date
    new: date


def count_from(entry: JournalEntry, *, at: datetime) -> JournalEntry | None:
    """``count_many`` for one letter; None when nothing waits for its answer, or nothing moves."""
    return next(iter(count_many([entry], at=at)), None)


@transaction.atomic
def count_many(entries: Iterable[JournalEntry], *, at: datetime) -> list[JournalEntry]:
    """The letters about journal lines can be read from ``at``: all their days count from there.

    Moves the deadline each gave (the case's with its clock, a claim's payment, a control's answer)
    when it would come sooner, and gives the lines that keep it in the journals. Safe to repeat.
    The cases are locked by pk; queries do not grow with the letters.
    Source: digital post-loven § 10; rules/deadlines.py (counted_from).
    """
    entries = [entry for entry in entries if _counting(entry) != _count_case or _gives_days(entry)]
    asked = Application.objects.filter(pk__in={entry.application_id for entry in entries})
    cases = {case.pk: case for case in lock_all(list(asked.only("pk").order_by("pk")))}
    read = _read(list(cases.values()), entries)
    lines, days = [], {}
    for entry in sorted(entries, key=lambda entry: (entry.application_id, entry.number)):
        case = cases[entry.application_id]
        if move := _counting(entry)(entry, case, read, at):
            lines.append(_line(entry, case, move, at))
            if _counting(entry) == _count_case:
                days[case.pk] = move.new
    _keep(days, read)
    return keep_lines(lines)


def _read(cases: Sequence[Application], entries: Sequence[JournalEntry]) -> Read:
    waiting = [case for case in cases if case.state in WAITING]
    asked = [entry for entry in entries if _counting(entry) != _count_case]
    claims = {entry.data["claim"] for entry in asked if entry.event == Verb.CLAIM_REPAYMENT}
    rows = RepaymentClaim.objects.filter(pk__in=claims, state=ClaimState.CLAIMED)
    counted: dict[tuple[int, int], list[JournalEntry]] = {}
    lines = JournalEntry.objects.filter(
        application__in={entry.application_id for entry in asked}, event=COUNTED
    )
    for line in lines.order_by("number"):
        counted.setdefault((line.application_id, line.data["entry"]), []).append(line)
    return Read(first_given(waiting), {row.pk: row for row in rows}, counted)


Counting = Callable[[JournalEntry, Application, Read, datetime], Move | None]


def _counting(entry: JournalEntry) -> Counting:
    if entry.event == Verb.CLAIM_REPAYMENT:
        return _count_claim
    return _count_control if entry.event == CONTROL_SELECTED else _count_case


def _count_case(entry: JournalEntry, case: Application, read: Read, at: datetime) -> Move | None:
    """A reminder's days push its own ladder; any other deadline begins a ladder of its own."""
    first = read.first.get(case.pk)
    if first is None or entry.number < first.number or case.due_on is None:
        return None
    old, new = case.due_on, _from(entry, date.fromisoformat(entry.data["due_on"]), at)
    if new <= old:
        return None
    if entry.event != REMINDED:
        case.clock_on = looked_at(CaseState(case.state), new, timezone.localdate(at))
    elif case.clock_on is not None:
        case.clock_on += new - old
    case.due_on = new
    return Move("until" if entry.event == REMINDED else "due_on", old, new)


def _gives_days(entry: JournalEntry) -> bool:
    """A first reminder of the report gives none of its own: the deadline stands, others follow."""
    due_on = entry.data.get("due_on")
    stands = entry.event == REMINDED and entry.data.get("about") == due_on
    return bool(due_on) and not (stands and entry.data["kind"] == ReminderKind.REPORT)


def _count_claim(entry: JournalEntry, case: Application, read: Read, at: datetime) -> Move | None:
    """The day to pay; a claim that is settled stands."""
    claim = read.claims.get(entry.data["claim"])
    if claim is None or case.state != CaseState.IN_RECOVERY:
        return None
    counted = read.counted.get((case.pk, entry.number))
    given = date.fromisoformat(counted[0].data["old"]) if counted else claim.due_on
    old, new = claim.due_on, _from(entry, given, at)
    if new <= old:
        return None
    claim.due_on = case.due_on = new
    return Move("due_on", old, new)


def _count_control(entry: JournalEntry, case: Application, read: Read, at: datetime) -> Move | None:
    """The day to answer a control, which the journal alone keeps (queries/grant/control.py)."""
    counted = read.counted.get((case.pk, entry.number))
    given = date.fromisoformat(entry.data["due_on"])
    old = date.fromisoformat(counted[-1].data["until"]) if counted else given
    new = _from(entry, given, at)
    if new <= old or case.state not in CONTROLLABLE:
        return None
    return Move("until", old, new)


def _from(entry: JournalEntry, given: date, at: datetime) -> date:
    told_on, available_on = timezone.localdate(entry.at), timezone.localdate(at)
    return counted_from(given, told_on=told_on, available_on=available_on)


def _line(entry: JournalEntry, case: Application, move: Move, at: datetime) -> JournalEntry:
    told = {move.key: move.new.isoformat(), "old": move.old.isoformat(), "entry": entry.number}
    state = case.state
    return chain(case, COUNTED, by=None, at=at, from_state=state, to_state=state, data=told)


def _keep(days: Mapping[int, date], read: Read) -> None:
    """What is asked beside a case gets the case's new day; the case is saved with its line."""
    requests = list(InformationRequest.objects.filter(application__in=days, answered_at=None))
    hearings = list(PartyHearing.objects.filter(application__in=days, ended_at=None))
    for request in requests:
        request.due_on = days[request.application_id]
    for hearing in hearings:
        hearing.due_on = days[hearing.application_id]
    InformationRequest.objects.bulk_update(requests, ["due_on"])
    PartyHearing.objects.bulk_update(hearings, ["due_on"])
    RepaymentClaim.objects.bulk_update(read.claims.values(), ["due_on"])
