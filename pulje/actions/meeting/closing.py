"""Closing a meeting: what it recorded is decided, in every case or in none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import handle_undecided
from pulje.actions.decision.competence import check_day, check_quorum
from pulje.actions.decision.deciding import Maker, Ruling, enter_decisions, proposals
from pulje.actions.ledger import enter_frame
from pulje.actions.meeting.at_meeting import lock_any, touch
from pulje.actions.meeting.packet import ask_for_packet
from pulje.actions.meeting.reported import report_decisions
from pulje.actions.meeting.ruling import check_recorder, lock_pools
from pulje.actions.state import lock_all, move_many, note_down_many
from pulje.enums import DecidedBy, ItemOutcome, MeetingState, PacketKind
from pulje.errors import RuleBroken, WrongState
from pulje.models import (
    AgendaItem,
    Application,
    ConflictQuestion,
    FrameRaise,
    ItemRuling,
    JournalEntry,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.permissions import check_other
from pulje.queries.meeting.attendance import attendance_of
from pulje.queries.meeting.attendance_told import to_keep
from pulje.states import CaseState, Verb

POSTPONED = "postponed"  # the journal's word
REMARK = 500


@dataclass(frozen=True)
class Ruled:
    """A case on the agenda, locked, with what the meeting came to in it."""

    item: AgendaItem
    case: Application
    ruling: ItemRuling

    @property
    def as_decided(self) -> Ruling:
        """The committee's own words; without any the recommendation's stand."""
        amount_kr = self.ruling.amount_kr
        assert amount_kr is not None, f"{self.item} is not decided"
        return Ruling(self.case, amount_kr, self.ruling.reasons)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, at: datetime) -> list[JournalEntry]:
    """Decide every case as recorded, raise the frames, end the meeting; all or nothing.

    Each decision is made by whoever recorded it: that person was asked for impartiality then, so
    that a chair and a secretary who are each disqualified in one case can close. Queries do not
    grow with the cases decided. The minutes are asked for. Returns the cases' new journal lines.

    Raises NotAllowed without the role and the seat, WrongState when the meeting is closed already
    or cancelled, and RuleBroken naming each case that has no ruling, an open question of
    disqualification, no quorum, has moved, or whose money the pool no longer holds.
    Source: kommunestyrelsesloven §§ 13 and 20-22 (record, quorum); states.md (decide).
    """
    check_other(by, "close_meeting")
    meeting = _lock_open(meeting)
    check_recorder(meeting, by)
    check_day(meeting, at)
    cases = lock_all([item.application for item in _waiting(meeting)])
    lock_pools(list(_pools(meeting)))
    ruled = _ruled(meeting, {case.pk: case for case in cases})
    _check_all(meeting, ruled)
    _close(meeting, by, at)  # before the money moves: what is recorded is no longer set aside
    _raise_frames(meeting, at)
    entries = [*_decide(meeting, ruled, at), *_postpone(ruled, at), *_send_back(ruled, at)]
    if meeting.locked_at is None:
        report_decisions(meeting, at)
    touch(meeting)
    ask_for_packet(meeting, kind=PacketKind.MINUTES, by=by, at=at)
    return entries


def _close(meeting: Meeting, by: User, at: datetime) -> None:
    items = meeting.items.select_related("application").order_by("position")
    meeting.attendance_kept = to_keep(attendance_of(meeting, items))
    meeting.state, meeting.closed_at, meeting.closed_by = MeetingState.CLOSED, at, by
    meeting.current_item = None
    ended = ["state", "closed_at", "closed_by", "current_item", "attendance_kept"]
    meeting.save(update_fields=ended)


def _lock_open(meeting: Meeting) -> Meeting:
    locked = lock_any(meeting)
    if locked.state == MeetingState.CLOSED:
        raise WrongState(_("Mødet er allerede afsluttet. Der er ikke ændret noget."))
    if locked.state == MeetingState.CANCELLED:
        raise WrongState(_("Mødet er aflyst og kan ikke afsluttes."))
    return locked


def _waiting(meeting: Meeting) -> list[Any]:
    """What has no outcome yet; each item has its current ruling in ``standing``."""
    standing = ItemRuling.objects.filter(is_current=True)
    items = meeting.items.filter(outcome=ItemOutcome.PENDING).select_related("application")
    items = items.prefetch_related(
        Prefetch("rulings", standing.select_related("recorded_by"), to_attr="standing")
    )
    return list(items.order_by("position"))


def _pools(meeting: Meeting) -> set[int]:
    """Every pool whose money the closing may touch."""
    raises = meeting.raises.filter(withdrawn_at=None)
    pairs = raises.order_by("pk").values_list("pool", "source")
    waiting = meeting.items.filter(outcome=ItemOutcome.PENDING).order_by("pk")
    found = {pk for pair in pairs for pk in pair if pk is not None}
    return found | set(waiting.values_list("application__pool", flat=True))


def _ruled(meeting: Meeting, cases: dict[int, Application]) -> list[Ruled]:
    """Each waiting case with its ruling; an ended one is taken off the agenda with the words."""
    found, without = [], []
    for item in _waiting(meeting):
        case = cases[item.application_id]
        if case.state in (CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.CLOSED):
            _take_off(item, case)
        elif item.standing:
            found.append(Ruled(item, case, item.standing[0]))
        else:
            without.append(f"{item.position} ({case.number})")
    if without:
        raise RuleBroken(
            _("Der mangler en beslutning i nr. %s. Før den til protokol, eller udsæt sagen.")
            % ", ".join(without)
        )
    return found


def _take_off(item: AgendaItem, case: Application) -> None:
    item.outcome = ItemOutcome.POSTPONED
    item.remark = _("Sagen er taget af dagsordenen: %s.") % CaseState(case.state).label
    item.save(update_fields=["outcome", "remark"])


def _check_all(meeting: Meeting, ruled: Sequence[Ruled]) -> None:
    cases = [row.case for row in ruled]
    moved = [row for row in ruled if row.case.state != CaseState.RECOMMENDED]
    if acted := [row for row in moved if row.ruling.outcome != ItemOutcome.POSTPONED]:
        raise WrongState(
            _("Sagen er flyttet siden beslutningen og er ikke indstillet længere: %s. Udsæt den.")
            % ", ".join(f"{row.case.number} ({row.case.get_state_display()})" for row in acted)
        )
    asked = ConflictQuestion.objects.filter(application__in=cases, settled_at=None)
    if numbers := sorted(set(asked.values_list("application__number", flat=True))):
        raise RuleBroken(
            _("Udvalget har ikke afgjort et spørgsmål om inhabilitet i %s.") % ", ".join(numbers)
        )
    taken_up = [row.case for row in ruled if row.ruling.outcome != ItemOutcome.POSTPONED]
    check_quorum(taken_up, meeting)


def _raise_frames(meeting: Meeting, at: datetime) -> None:
    """Raises enter the ledger first; a pool that gives up money is a pair of entries."""
    rows = meeting.raises.filter(withdrawn_at=None)
    for row in rows.select_related("pool", "source", "recorded_by").order_by("pk"):
        cause = f"raise:{row.pk}"
        if row.source is None:
            _enter(row, row.pool, row.amount_kr, cause, at)
        else:
            _enter(row, row.source, -row.amount_kr, f"{cause}:out", at)
            _enter(row, row.pool, row.amount_kr, f"{cause}:in", at)


def _enter(row: FrameRaise, pool: Pool, amount_kr: Decimal, cause: str, at: datetime) -> None:
    enter_frame(
        pool,
        by=row.recorded_by,
        amount_kr=amount_kr,
        at=at,
        cause=cause,
        note=row.reason,
        below_proposals=True,  # the committee knew
    )


def _of(ruled: Sequence[Ruled], outcome: ItemOutcome) -> Iterator[tuple[User, list[Ruled]]]:
    """The cases with this outcome, by who recorded them."""
    chosen = [row for row in ruled if row.ruling.outcome == outcome]
    chosen.sort(key=lambda row: (row.ruling.recorded_by_id, row.case.pk))
    for _pk, rows in groupby(chosen, key=lambda row: row.ruling.recorded_by_id):
        group = list(rows)
        yield group[0].ruling.recorded_by, group


def _decide(meeting: Meeting, ruled: Sequence[Ruled], at: datetime) -> list[JournalEntry]:
    entries: list[JournalEntry] = []
    for recorder, rows in _of(ruled, ItemOutcome.DECIDED):
        cases = [row.case for row in rows]
        entries += enter_decisions(
            cases,
            proposals(cases),
            {row.case.pk: row.as_decided for row in rows},
            maker=Maker(recorder, DecidedBy.COMMITTEE, meeting),
            at=at,
        )
        AgendaItem.objects.filter(pk__in=[row.item.pk for row in rows]).update(
            outcome=ItemOutcome.DECIDED
        )
    return entries


def _postpone(ruled: Sequence[Ruled], at: datetime) -> list[JournalEntry]:
    """Postponed cases stay recommended for another meeting."""
    rows = {row.case.pk: row for _by, group in _of(ruled, ItemOutcome.POSTPONED) for row in group}
    if not rows:
        return []
    _leave_agenda(list(rows.values()), ItemOutcome.POSTPONED)
    return note_down_many(
        [row.case for row in rows.values()],
        POSTPONED,
        by=lambda case: rows[case.pk].ruling.recorded_by,
        at=at,
        data=partial(_told, rows),
    )


def _send_back(ruled: Sequence[Ruled], at: datetime) -> list[JournalEntry]:
    """Cases sent back are reviewed and recommended anew."""
    entries: list[JournalEntry] = []
    for recorder, group in _of(ruled, ItemOutcome.SENT_BACK):
        rows = {row.case.pk: row for row in group}
        entries += move_many(
            [row.case for row in group],
            Verb.SEND_BACK,
            by=recorder,
            at=at,
            to=lambda _case: CaseState.REVIEWED,
            due_on=lambda case: handle_undecided(case, at),
            clock_on=lambda _case: None,
            data=partial(_told, rows),
        )
        Recommendation.objects.filter(application__in=list(rows), is_current=True).update(
            is_current=False
        )
        _leave_agenda(group, ItemOutcome.SENT_BACK)
    return entries


def _told(rows: Mapping[int, Ruled], case: Application) -> dict[str, str]:
    row = rows[case.pk]
    held_on = timezone.localdate(row.item.meeting.held_at)
    return {"reason": row.ruling.reasons, "meeting_on": held_on.isoformat()}


def _leave_agenda(rows: Sequence[Ruled], outcome: ItemOutcome) -> None:
    for row in rows:
        row.item.outcome, row.item.remark = outcome, row.ruling.reasons[:REMARK]
    AgendaItem.objects.bulk_update([row.item for row in rows], ["outcome", "remark"])
