"""The table of a meeting as plain values: rows, the points they stand under, and their money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from pulje.enums import ItemOutcome
from pulje.models import (
    AgendaItem,
    AgendaPoint,
    Application,
    Decision,
    FrameRaise,
    ItemRuling,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.queries.meeting.attendance import Attendance
from pulje.queries.pool.money import ZERO
from pulje.rules.budget import left_at_meeting


@dataclass(frozen=True)
class AgendaRow:
    """One case on the agenda; ``conflicts`` are the names of the disqualified members.

    Who has a tie to it and has not said what it means takes no part either (``is_mine_tie``), nor
    whom the committee is asked about (``is_mine_question``).
    ``rulings`` are all that have been recorded, oldest first; ``asked_about`` is the member whose
    habilitet the committee has yet to settle; ``leader`` leads it when somebody is disqualified.
    ``stated`` is what members with a tie have said: that it does not disqualify them.
    """

    item: AgendaItem
    proposal: Recommendation | None
    decision: Decision | None
    conflicts: Sequence[str]
    is_mine_conflict: bool
    is_mine_tie: bool = False
    is_mine_question: bool = False
    rulings: Sequence[ItemRuling] = ()
    asked_about: str = ""
    leader: str = ""
    is_quorate: bool = True
    is_own_proposal: bool = False
    stated: Sequence[dict[str, Any]] = ()

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
    def decided_kr(self) -> Decimal | None:
        """What is granted, decided or recorded; None when it is not."""
        found = self.decision or (self.ruling if self.outcome == ItemOutcome.DECIDED else None)
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
        if self.asked_about:
            return f"Udvalget skal først afgøre, om {self.asked_about} er inhabil."
        if self.conflicts:
            told = " og ".join(self.conflicts)
            return f"{told} er inhabil eller har ikke taget stilling til en tilknytning."
        if self.is_mine_conflict:
            return "Du er inhabil eller har ikke taget stilling til en tilknytning."
        if not self.is_quorate:
            return "Udvalget er ikke beslutningsdygtigt i sagen."
        if self.is_own_proposal:
            return "Du har selv indstillet den, så en anden skal føre beslutningen til protokol."
        return ""


@dataclass(frozen=True)
class MeetingMoney:
    """kr. of one pool at one meeting: its frame, what is granted of it, what is to be decided now.

    ``granted_kr`` is without what this meeting has come to (``decided_kr``), recorded or decided;
    ``raised_kr`` is what the frame is raised by and the ledger does not hold before it closes.
    ``rest_kr`` is what is left after the meeting, if all goes as recommended.
    """

    pool: Pool
    frame_kr: Decimal
    granted_kr: Decimal
    pending_kr: Decimal
    raised_kr: Decimal = ZERO
    decided_kr: Decimal = ZERO
    raises: Sequence[FrameRaise] = ()

    @property
    def total_kr(self) -> Decimal:
        return self.frame_kr + self.raised_kr

    @property
    def left_kr(self) -> Decimal:
        """What may still be recorded."""
        return left_at_meeting(
            self.frame_kr - self.granted_kr,
            raised_kr=self.raised_kr,
            recorded_kr=self.decided_kr,
        )

    @property
    def rest_kr(self) -> Decimal:
        return self.left_kr - self.pending_kr

    @property
    def over_kr(self) -> Decimal:
        """What the frame lacks, if all goes as recommended."""
        return max(-self.rest_kr, ZERO)


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
        return self.point.title or f"{self.point.pool.name} {self.point.pool.year}"

    @property
    def left_out(self) -> int:
        return sum(row.is_mine_conflict for row in self.rows)

    @property
    def corrected(self) -> list[AgendaRow]:
        """The rows whose first ruling does not stand, of those this person may see."""
        return [row for row in self.rows if len(row.rulings) > 1 and not row.is_mine_conflict]

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

    def money_of(self, row: AgendaRow) -> MeetingMoney:
        return next(money for money in self.money if money.pool.pk == row.case.pool_id)

    def row(self, position: str) -> AgendaRow | None:
        return next((row for row in self.rows if str(row.item.position) == position), None)

    @property
    def statements(self) -> list[dict[str, Any]]:
        """As queries/conflict.statements has them."""
        return [
            one | {"applicant": row.case.applicant.name} for row in self.rows for one in row.stated
        ]

    @property
    def readable(self) -> int:
        """How many of the cases this person may open."""
        return sum(not row.is_mine_conflict for row in self.rows)

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

    def then(self, row: AgendaRow) -> AgendaRow | None:
        """The case that is taken after this one: the next without a ruling, round once."""
        place = self.rows.index(row)
        around = [*self.rows[place + 1 :], *self.rows[:place]]
        return next((other for other in around if other.is_pending), None)

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
    def is_quorate(self) -> bool:
        return len(self.attendance.voters) >= self.attendance.quorum

    @property
    def over(self) -> list[MeetingMoney]:
        """The pools that do not hold what is recommended."""
        return [money for money in self.money if money.over_kr]

    @property
    def after(self) -> list[MeetingMoney]:
        """The money of each pool when all that can be is decided as recommended."""
        return [_after(block.money, self.together) for block in self.blocks]

    @property
    def rest_kr(self) -> Decimal:
        """What is left of all its pools, if all goes as recommended."""
        return sum((money.rest_kr for money in self.money), ZERO)

    @property
    def together_kr(self) -> Decimal:
        return sum((row.proposed_kr or ZERO for row in self.together), ZERO)


def _after(money: MeetingMoney, together: Sequence[AgendaRow]) -> MeetingMoney:
    its = [row.proposed_kr or ZERO for row in together if row.case.pool_id == money.pool.pk]
    granted = money.decided_kr + sum(its, ZERO)
    return replace(money, decided_kr=granted, pending_kr=ZERO)
