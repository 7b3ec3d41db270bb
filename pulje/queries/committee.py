"""The committee's meetings: the list, the table of a meeting, one case of it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from pulje.enums import ItemOutcome, Role
from pulje.models import (
    AgendaItem,
    Application,
    Decision,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.permissions import disqualified, unresolved_ties
from pulje.queries.pools import ZERO, money_of, pending_at
from pulje.states import CaseState

SEES_ALL = (Role.CASE_WORKER, Role.LEADER)


@dataclass(frozen=True)
class AgendaRow:
    """One case on the agenda; ``conflicts`` are the names of the disqualified members.

    Who has a tie to it and has not said what it means takes no part either (``is_mine_tie``).
    """

    item: AgendaItem
    proposal: Recommendation | None
    decision: Decision | None
    conflicts: Sequence[str]
    is_mine_conflict: bool
    is_mine_tie: bool = False

    @property
    def case(self) -> Application:
        return self.item.application

    @property
    def is_pending(self) -> bool:
        return self.item.outcome == ItemOutcome.PENDING and self.proposal is not None

    @property
    def proposed_kr(self) -> Decimal | None:
        amount_kr: Decimal | None = (self.proposal or self.item).amount_kr
        return amount_kr

    @property
    def difference_kr(self) -> Decimal:
        """How far the decision is from what was recommended."""
        if self.decision is None or self.proposed_kr is None:
            return ZERO
        decided_kr: Decimal = self.decision.amount_kr
        return decided_kr - self.proposed_kr


@dataclass(frozen=True)
class MeetingMoney:
    """kr. of one pool at one meeting: its frame, what is granted of it, what is to be decided now.

    ``rest_kr`` is what is left after the meeting, if all goes as recommended.
    """

    pool: Pool
    frame_kr: Decimal
    granted_kr: Decimal
    pending_kr: Decimal

    @property
    def rest_kr(self) -> Decimal:
        return self.frame_kr - self.granted_kr - self.pending_kr


@dataclass(frozen=True)
class Agenda:
    """A meeting's whole table with its sums."""

    meeting: Meeting
    members: Sequence[User]
    rows: Sequence[AgendaRow]
    money: Sequence[MeetingMoney]

    @property
    def pending(self) -> list[AgendaRow]:
        return [row for row in self.rows if row.is_pending]

    @property
    def together(self) -> list[AgendaRow]:
        """What can be decided in one go: nobody is disqualified in it."""
        return [row for row in self.pending if not row.conflicts]

    @property
    def one_by_one(self) -> list[AgendaRow]:
        return [row for row in self.pending if row.conflicts]

    @property
    def requested_kr(self) -> Decimal:
        return sum((row.case.requested_kr or ZERO for row in self.rows), ZERO)

    @property
    def proposed_kr(self) -> Decimal:
        return sum((row.proposed_kr or ZERO for row in self.seen), ZERO)

    @property
    def decided_kr(self) -> Decimal:
        return sum((row.decision.amount_kr for row in self.seen if row.decision), ZERO)

    @property
    def seen(self) -> list[AgendaRow]:
        """The rows whose amounts this person may see; the sums are of them alone."""
        return [row for row in self.rows if not row.is_mine_conflict]

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.seen)

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
    """The meeting's table as this person sees it: nine queries, whatever the number of cases."""
    items = list(
        meeting.items.select_related("application__applicant", "application__pool")
        .prefetch_related(
            Prefetch(
                "application__recommendations", Recommendation.objects.filter(is_current=True)
            ),
            Prefetch("application__decisions", Decision.objects.filter(is_current=True)),
        )
        .order_by("position")
    )
    members = voting_members(meeting)
    people = {person.pk: person.name for person in [*members, user]}
    cases = [item.application for item in items]
    out = disqualified([*members, user], cases)
    tied = set(unresolved_ties([*members, user], cases)) - out
    rows = [_row(item, meeting, user, people, out, tied) for item in items]
    return Agenda(meeting, members, rows, _money(rows))


def _row(
    item: AgendaItem,
    meeting: Meeting,
    user: User,
    people: Mapping[int, str],
    out: Set[tuple[int, int]],
    tied: Set[tuple[int, int]],
) -> AgendaRow:
    case = item.application
    decisions = [d for d in case.decisions.all() if d.meeting_id == meeting.pk]
    return AgendaRow(
        item=item,
        proposal=next(iter(case.recommendations.all()), None),
        decision=next(iter(decisions), None),
        conflicts=[name for pk, name in people.items() if (pk, case.pk) in out | tied],
        is_mine_conflict=(user.pk, case.pk) in out | tied,
        is_mine_tie=(user.pk, case.pk) in tied,
    )


def _money(rows: Sequence[AgendaRow]) -> list[MeetingMoney]:
    pools = {row.case.pool_id: row.case.pool for row in rows}
    pending = dict.fromkeys(pools, ZERO)
    for row in rows:
        if row.is_mine_conflict:
            continue
        if row.decision is None and row.is_pending:
            pending[row.case.pool_id] += row.proposed_kr or ZERO
    money = money_of(list(pools.values()))
    return [
        MeetingMoney(pool, money[pk].frame_kr, money[pk].granted_kr, pending[pk])
        for pk, pool in sorted(pools.items())
    ]


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
