"""The committee's meetings: whose they are, and the table of one as somebody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import (
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils import timezone

from pulje.enums import ItemOutcome, Role
from pulje.models import (
    AgendaItem,
    AgendaPoint,
    Application,
    ConflictQuestion,
    Decision,
    FrameRaise,
    ItemRuling,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.queries.attendance import Attendance, attendance_of
from pulje.queries.pools import ZERO, PoolMoney, money_of, pending_at
from pulje.queries.ruling import elsewhere, raised_kr, raises_of
from pulje.rules.budget import left_at_meeting
from pulje.states import CaseState

SEES_ALL = (Role.CASE_WORKER, Role.LEADER)


@dataclass(frozen=True)
class AgendaRow:
    """One case on the agenda; ``conflicts`` are the names of the disqualified members.

    Who has a tie to it and has not said what it means takes no part either (``is_mine_tie``).
    ``rulings`` are all that have been recorded, oldest first; ``asked_about`` is the member whose
    habilitet the committee has yet to settle; ``leader`` leads it when somebody is disqualified.
    """

    item: AgendaItem
    proposal: Recommendation | None
    decision: Decision | None
    conflicts: Sequence[str]
    is_mine_conflict: bool
    is_mine_tie: bool = False
    rulings: Sequence[ItemRuling] = ()
    asked_about: str = ""
    leader: str = ""
    is_quorate: bool = True
    is_own_proposal: bool = False

    @property
    def case(self) -> Application:
        return self.item.application

    @property
    def ruling(self) -> ItemRuling | None:
        """What stands as recorded."""
        return next((row for row in self.rulings if row.is_current), None)

    @property
    def is_open(self) -> bool:
        """True while something may be recorded, or recorded anew."""
        return self.item.outcome == ItemOutcome.PENDING and self.proposal is not None

    @property
    def is_pending(self) -> bool:
        return self.is_open and self.ruling is None

    @property
    def outcome(self) -> str:
        """What came of it, or what is recorded and comes of it when the meeting closes."""
        if self.item.outcome == ItemOutcome.PENDING and self.ruling is not None:
            return self.ruling.outcome
        return self.item.outcome

    @property
    def proposed_kr(self) -> Decimal | None:
        amount_kr: Decimal | None = (self.proposal or self.item).amount_kr
        return amount_kr

    @property
    def recorded_kr(self) -> Decimal:
        """Granted by what is recorded and not yet decided."""
        is_recorded = self.is_open and self.decision is None and self.ruling is not None
        return (self.ruling.amount_kr or ZERO) if is_recorded and self.ruling else ZERO

    @property
    def decided_kr(self) -> Decimal | None:
        """What is granted, decided or recorded; None when it is not."""
        found = self.decision or (self.ruling if self.is_open else None)
        amount_kr: Decimal | None = found.amount_kr if found else None
        return amount_kr

    @property
    def difference_kr(self) -> Decimal:
        """How far what is granted is from what was recommended."""
        if self.decided_kr is None or self.proposed_kr is None:
            return ZERO
        return self.decided_kr - self.proposed_kr

    @property
    def why_apart(self) -> str:
        """Why it is not decided together with the others; empty when it is."""
        if self.conflicts:
            told = " og ".join(self.conflicts)
            return f"{told} er inhabil eller har ikke taget stilling til en tilknytning."
        if self.is_mine_conflict:
            return "Du er inhabil eller har ikke taget stilling til en tilknytning."
        if self.asked_about:
            return f"Udvalget skal først afgøre, om {self.asked_about} er inhabil."
        if not self.is_quorate:
            return "Udvalget er ikke beslutningsdygtigt i sagen."
        if self.is_own_proposal:
            return "Du har selv indstillet den, så en anden skal føre beslutningen til protokol."
        return ""


@dataclass(frozen=True)
class MeetingMoney:
    """kr. of one pool at one meeting: its frame, what is granted of it, what is to be decided now.

    ``raised_kr`` and ``recorded_kr`` are what the meeting has come to and the ledger does not hold
    before it closes. ``rest_kr`` is what is left after the meeting, if all goes as recommended.
    """

    pool: Pool
    frame_kr: Decimal
    granted_kr: Decimal
    pending_kr: Decimal
    raised_kr: Decimal = ZERO
    recorded_kr: Decimal = ZERO
    raises: Sequence[FrameRaise] = ()

    @property
    def total_kr(self) -> Decimal:
        return self.frame_kr + self.raised_kr

    @property
    def decided_kr(self) -> Decimal:
        return self.granted_kr + self.recorded_kr

    @property
    def left_kr(self) -> Decimal:
        """What may still be recorded."""
        return left_at_meeting(
            self.frame_kr - self.granted_kr,
            raised_kr=self.raised_kr,
            recorded_kr=self.recorded_kr,
        )

    @property
    def rest_kr(self) -> Decimal:
        return self.left_kr - self.pending_kr


@dataclass(frozen=True)
class Block:
    """One point of the agenda: a pool's cases in order, with its money."""

    point: AgendaPoint
    rows: Sequence[AgendaRow]
    money: MeetingMoney

    @property
    def number(self) -> int:
        """As the papers have it: the announcements and the orientation stand before."""
        return self.point.position + 2

    @property
    def title(self) -> str:
        return self.point.title or self.point.pool.name

    @property
    def left_out(self) -> int:
        return sum(row.is_mine_conflict for row in self.rows)

    @property
    def requested_kr(self) -> Decimal:
        return sum((row.case.requested_kr or ZERO for row in self.rows), ZERO)

    @property
    def proposed_kr(self) -> Decimal:
        return sum((r.proposed_kr or ZERO for r in self.rows if not r.is_mine_conflict), ZERO)

    @property
    def decided_kr(self) -> Decimal:
        return sum((r.decided_kr or ZERO for r in self.rows if not r.is_mine_conflict), ZERO)


@dataclass(frozen=True)
class Agenda:
    """A meeting's whole table with its sums."""

    meeting: Meeting
    attendance: Attendance
    rows: Sequence[AgendaRow]
    blocks: Sequence[Block]

    @property
    def members(self) -> list[User]:
        return [seat.user for seat in self.attendance.voting]

    @property
    def money(self) -> list[MeetingMoney]:
        return [block.money for block in self.blocks]

    @cached_property
    def pending(self) -> list[AgendaRow]:
        return [row for row in self.rows if row.is_pending]

    @property
    def ruled(self) -> int:
        """How many have come to something."""
        return sum(row.outcome != ItemOutcome.PENDING for row in self.rows)

    @cached_property
    def together(self) -> list[AgendaRow]:
        """What can be recorded in one go: nobody is disqualified in it."""
        return [row for row in self.pending if not row.why_apart]

    @property
    def one_by_one(self) -> list[AgendaRow]:
        return [row for row in self.pending if row.why_apart]

    @property
    def current(self) -> AgendaRow | None:
        """The case that is discussed now."""
        now = self.meeting.current_item_id
        return next((row for row in self.pending if row.item.pk == now), None)

    @property
    def next(self) -> AgendaRow | None:
        """The case to take: the one discussed, else the first without a ruling."""
        return self.current or next(iter(self.pending), None)

    @property
    def requested_kr(self) -> Decimal:
        return sum((block.requested_kr for block in self.blocks), ZERO)

    @property
    def proposed_kr(self) -> Decimal:
        return sum((block.proposed_kr for block in self.blocks), ZERO)

    @property
    def decided_kr(self) -> Decimal:
        return sum((block.decided_kr for block in self.blocks), ZERO)

    @property
    def left_out(self) -> int:
        return sum(block.left_out for block in self.blocks)

    @property
    def rest_kr(self) -> Decimal:
        """What is left of all its pools, if all goes as recommended."""
        return sum((money.rest_kr for money in self.money), ZERO)

    @property
    def together_kr(self) -> Decimal:
        return sum((row.proposed_kr or ZERO for row in self.together), ZERO)


def visible(user: User) -> QuerySet[Meeting]:
    """A member sees the meetings of the committees they sit in; the administration sees all."""
    meetings = Meeting.objects.select_related("committee")
    if user.has_role(*SEES_ALL):
        return meetings
    seats = user.seats.serving_on(timezone.localdate())
    return meetings.filter(committee__in=seats.values("committee"))


def agenda_of(meeting: Meeting, user: User) -> Agenda:
    """The meeting's table as this person sees it; queries do not grow with the cases.

    The cases stand under their points, in order of position.
    """
    items = list(_items(meeting))
    decided = [item.application for item in items if item.outcome == ItemOutcome.DECIDED]
    decisions = Decision.objects.filter(is_current=True, meeting=meeting)
    prefetch_related_objects(decided, Prefetch("decisions", decisions, to_attr="made"))
    attendance = attendance_of(meeting, items, reader=user)
    rows = [_row(item, attendance, user) for item in items]
    blocks = _blocks(meeting, rows)
    return Agenda(meeting, attendance, [row for block in blocks for row in block.rows], blocks)


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    proposals = Recommendation.objects.filter(is_current=True)
    rulings = ItemRuling.objects.select_related("recorded_by", "alternative").order_by("pk")
    asked = ConflictQuestion.objects.filter(application=OuterRef("application"), settled_at=None)
    related = meeting.items.select_related("application__applicant", "application__pool")
    return (
        related.annotate(asked_about=Subquery(asked.order_by("pk").values("person__name")[:1]))
        .prefetch_related(
            Prefetch("application__recommendations", proposals), Prefetch("rulings", rulings)
        )
        .order_by("position")
    )


def _row(item: Any, attendance: Attendance, user: User) -> AgendaRow:
    case = item.application
    proposal = next(iter(case.recommendations.all()), None)
    out = [s.user for s in attendance.voting if attendance.is_shut_out(s.user, item)]
    leader = attendance.leader(item) if out else None
    return AgendaRow(
        item=item,
        proposal=proposal,
        decision=next(iter(getattr(case, "made", [])), None),
        conflicts=[person.name for person in out],
        is_mine_conflict=attendance.is_shut_out(user, item),
        is_mine_tie=(user.pk, case.pk) in attendance.tied,
        rulings=list(item.rulings.all()),
        asked_about=item.asked_about or "",
        leader=leader.name if leader else "",
        is_quorate=attendance.is_quorate(item),
        is_own_proposal=proposal is not None and proposal.recommended_by_id == user.pk,
    )


def _blocks(meeting: Meeting, rows: Sequence[AgendaRow]) -> list[Block]:
    points = list(meeting.points.select_related("pool").annotate(elsewhere_kr=elsewhere(meeting)))
    money = money_of([point.pool for point in points])
    raises = raises_of(money, meeting)
    blocks = []
    for point in points:
        its = [row for row in rows if row.case.pool_id == point.pool_id]
        if its:
            sums = _money(meeting, money[point.pool_id], its, raises, point.elsewhere_kr)
            blocks.append(Block(point, its, sums))
    return blocks


def _money(
    meeting: Meeting,
    money: PoolMoney,
    rows: Sequence[AgendaRow],
    raises: Sequence[FrameRaise],
    elsewhere_kr: Decimal,
) -> MeetingMoney:
    """The pool's money without what the reader may not see, in the ledger or recorded."""
    seen = [row for row in rows if not row.is_mine_conflict]
    unseen_kr = sum((r.decision.amount_kr for r in rows if r.is_mine_conflict and r.decision), ZERO)
    return MeetingMoney(
        money.pool,
        money.frame_kr,
        money.granted_kr - unseen_kr,
        sum((row.proposed_kr or ZERO for row in seen if row.is_pending), ZERO),
        raised_kr=raised_kr(money.pool.pk, raises),
        recorded_kr=elsewhere_kr + sum((row.recorded_kr for row in seen), ZERO),
        raises=[r for r in raises if r.meeting_id == meeting.pk and r.pool_id == money.pool.pk],
    )


def ready_for(meeting: Meeting) -> list[Application]:
    """Recommended cases of the committee's pools that are on no agenda, most points first."""
    cases = Application.objects.filter(
        state=CaseState.RECOMMENDED,
        pool__committee=meeting.committee_id,
        recommendations__is_current=True,
        recommendations__is_delegated=False,
    ).exclude(agenda_items__outcome=ItemOutcome.PENDING)
    proposals = Prefetch("recommendations", Recommendation.objects.filter(is_current=True))
    related = cases.select_related("applicant", "pool").prefetch_related(proposals)
    return list(related.order_by("pool", "-points", "pk"))


def money_for(meeting: Meeting, ready: Sequence[Application]) -> MeetingMoney | None:
    """What the pools of the ready cases have left for this agenda, together; None without any.

    ``pending_kr`` is the sum of the ready cases, as if all of them were picked.
    """
    pools = {case.pool_id: case.pool for case in ready}
    if not pools:
        return None
    left = sum((money.remaining_kr for money in money_of(list(pools.values())).values()), ZERO)
    on_agenda = sum((kr for pk, kr in pending_at(meeting).items() if pk in pools), ZERO)
    picked = sum((case.recommendations.all()[0].amount_kr for case in ready), ZERO)
    return MeetingMoney(ready[0].pool, left - on_agenda, ZERO, picked)


def voting_members(meeting: Meeting) -> list[User]:
    """Those who may vote at the meeting, by name."""
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day).voting().select_related("user")
    return [seat.user for seat in seats.order_by("user__name", "pk")]
