"""The committee's meetings: whose they are, and the table of one as somebody may see it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.utils import timezone

from pulje.enums import ItemOutcome, Role
from pulje.models import (
    AgendaItem,
    ConflictQuestion,
    Decision,
    FrameRaise,
    ImpartialityStatement,
    ItemRuling,
    Meeting,
    Recommendation,
    User,
)
from pulje.queries.meeting.attendance import Attendance, attendance_of
from pulje.queries.meeting.ruling import OPEN, elsewhere, raised_kr, raises_of
from pulje.queries.meeting.table import Agenda, AgendaRow, Block, MeetingMoney
from pulje.queries.pool.money import ZERO, PoolMoney, money_of

SEES_ALL = (Role.CASE_WORKER, Role.LEADER)


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
    decisions = Decision.objects.filter(meeting=meeting).order_by("-pk")
    prefetch_related_objects(decided, Prefetch("decisions", decisions, to_attr="made"))
    attendance = attendance_of(meeting, items, reader=user)
    rows = [_row(item, attendance, user) for item in items]
    blocks = _blocks(meeting, rows)
    return Agenda(meeting, attendance, [row for block in blocks for row in block.rows], blocks)


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    proposals = Recommendation.objects.filter(is_current=True)
    rulings = ItemRuling.objects.select_related("recorded_by", "alternative").order_by("pk")
    asked = ConflictQuestion.objects.filter(application=OuterRef("application"), settled_at=None)
    said = ImpartialityStatement.objects.filter(application=OuterRef("application"))
    told = JSONObject(tie="tie", reason="reason", user_id="user_id", name="user__name")
    related = meeting.items.select_related("application__applicant", "application__pool")
    return (
        related.annotate(
            asked_about=Subquery(asked.order_by("pk").values("person__name")[:1]),
            stated=ArraySubquery(said.order_by("pk").values(told=told)),
        )
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
        is_mine_conflict=attendance.is_hidden_from(user, item),
        is_mine_tie=(user.pk, case.pk) in attendance.tied,
        is_mine_question=attendance.is_asked_about(user, item),
        rulings=list(item.rulings.all()),
        asked_about=item.asked_about or "",
        leader=leader.name if leader else "",
        stated=[
            one | {"number": item.position, "application_id": case.pk}
            for one in item.stated
            if any(seat.user.pk == one["user_id"] for seat in attendance.seats)
            and (one["user_id"], case.pk) not in attendance.out
        ],
        is_quorate=attendance.is_quorate(item),
        is_own_proposal=proposal is not None and proposal.recommended_by_id == user.pk,
    )


def _blocks(meeting: Meeting, rows: Sequence[AgendaRow]) -> list[Block]:
    """What a meeting came to stands as when it closed: no later money is in its sums."""
    points = list(meeting.points.select_related("pool").annotate(elsewhere_kr=elsewhere(meeting)))
    money = money_of([point.pool for point in points], apart=meeting)
    raises = raises_of(money, meeting)
    blocks = []
    for point in points:
        its = [row for row in rows if row.case.pool_id == point.pool_id]
        if its:
            elsewhere_kr = point.elsewhere_kr if meeting.state in OPEN else ZERO
            sums = _money(meeting, money[point.pool_id], its, raises, elsewhere_kr)
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
    pool, is_open = money.pool.pk, meeting.state in OPEN
    return MeetingMoney(
        money.pool,
        money.frame_kr,
        money.granted_kr + elsewhere_kr,
        sum((row.proposed_kr or ZERO for row in seen if row.is_pending), ZERO),
        raised_kr=raised_kr(pool, raises) if is_open else ZERO,
        decided_kr=sum((row.decided_kr or ZERO for row in seen), ZERO),
        raises=[r for r in raises if r.meeting_id == meeting.pk and r.pool_id == pool],
    )
