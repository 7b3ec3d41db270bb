"""The page where a meeting is prepared: what is on its agenda, what may come, what is not ready."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import (
    AgendaItem,
    AgendaPoint,
    Application,
    ItemRuling,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.permissions import hidden_from
from pulje.queries.casework.delegation import hindrance_of
from pulje.queries.pool.money import money_of
from pulje.states import CaseState, Verb
from pulje.templatetags.words import dato, dato_kort

# sent back before the meeting: mended, the case may come on the same agenda again
LEFT = Q(outcome=ItemOutcome.SENT_BACK, rulings=None, questions=None)
MOST_UNREADY = 60
# the nearest to the meeting first: what is missing, and what the way to mend it is called
UNREADY: Mapping[str, tuple[str, str]] = {
    CaseState.REVIEWED: ("mangler indstilling", "Skriv indstilling"),
    CaseState.IN_HEARING: ("er i partshøring", "Se høringen"),
    CaseState.IN_REVIEW: ("mangler vurdering", "Se vurderingerne"),
    CaseState.RETURNED: ("venter på oplysninger fra ansøger", "Se sagen"),
    CaseState.SUBMITTED: ("er ikke gennemgået", "Gennemgå sagen"),
}
PROPOSED = Prefetch("recommendations", Recommendation.objects.filter(is_current=True))


@dataclass(frozen=True)
class PreparedRow:
    """A case on the agenda (``item``), or one that may come; of a hidden one nothing is told."""

    case: Application
    item: AgendaItem | None
    is_hidden: bool
    can_change: bool
    alternatives: int = 0
    is_ruled: bool = False

    @property
    def amount_kr(self) -> Decimal | None:
        """What is recommended."""
        proposal = next(iter(self.case.recommendations.all()), None)
        amount_kr: Decimal | None = proposal.amount_kr if proposal else None
        return amount_kr

    @property
    def note(self) -> str:
        return self.item.note if self.item else ""


@dataclass(frozen=True)
class PreparedPool:
    """One pool's cases at the meeting, in order, and the kr. that are left of its frame."""

    pool: Pool
    point: AgendaPoint | None
    left_kr: Decimal
    rows: Sequence[PreparedRow]

    @property
    def title(self) -> str:
        return (self.point.title if self.point else "") or f"{self.pool.name} {self.pool.year}"


@dataclass(frozen=True)
class Unready:
    """A case the committee will decide, that cannot come yet: why, and what would mend it."""

    case: Application
    why: str
    mend: str = ""
    verb: str = ""
    meeting: Meeting | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class Preparation:
    """The whole page. ``can_order``: the order is not given to the committee yet."""

    meeting: Meeting
    pools: Sequence[PreparedPool]
    unready: Sequence[Unready]
    more_unready: int
    can_order: bool

    @property
    def rows(self) -> list[PreparedRow]:
        return [row for pool in self.pools for row in pool.rows]

    @property
    def is_locked(self) -> bool:
        return bool(self.meeting.state == MeetingState.LOCKED)

    @property
    def is_overdue(self) -> bool:
        """The last day has come, and nobody has locked it: it is empty, or opened again."""
        due_on = self.meeting.agenda_due_on
        return due_on is not None and due_on <= timezone.localdate()

    @property
    def left_out(self) -> int:
        """How many rows the person takes no part in; the sums are without them."""
        return sum(row.is_hidden for row in self.rows)


def preparation_of(meeting: Meeting, user: User) -> Preparation:
    """What is shown to the person who prepares; ten queries, whatever the number of cases."""
    points = list(meeting.points.select_related("pool").order_by("position"))
    items: list[Any] = list(_items(meeting))  # each an AgendaItem with what is annotated there
    ready = ready_for(meeting)
    unready, more = _unready(meeting)
    cases = [item.application for item in items] + ready + [row.case for row in unready]
    hidden = hidden_from(user, cases)
    rows = [_row(item.application, item, meeting, hidden) for item in items]
    rows += [_row(case, None, meeting, hidden) for case in ready]
    return Preparation(
        meeting=meeting,
        pools=_pools(points, rows),
        unready=[_masked(row, hidden) for row in unready],
        more_unready=more,
        can_order=meeting.state == MeetingState.PLANNED and not any(i.is_ruled for i in items),
    )


def ready_for(meeting: Meeting) -> list[Application]:
    """Recommended cases of the committee's pools that are on no agenda, most points first."""
    cases = Application.objects.filter(
        state=CaseState.RECOMMENDED,
        pool__committee=meeting.committee_id,
        recommendations__is_current=True,
        recommendations__is_delegated=False,
    ).exclude(agenda_items__outcome=ItemOutcome.PENDING)
    dealt_with = AgendaItem.objects.filter(~LEFT, meeting=meeting).values("application")
    related = cases.exclude(pk__in=dealt_with).select_related("applicant", "pool")
    return list(related.prefetch_related(PROPOSED).order_by("pool", "-points", "pk"))


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    pending = meeting.items.filter(outcome=ItemOutcome.PENDING)
    related = pending.select_related("application__applicant", "application__pool")
    proposed = Prefetch("application__recommendations", PROPOSED.queryset)
    return (
        related.prefetch_related(proposed)
        .annotate(
            is_ruled=Exists(ItemRuling.objects.filter(item=OuterRef("pk"))),
            choices=Count("alternatives"),
        )
        .order_by("position")
    )


def _row(case: Application, item: Any, meeting: Meeting, hidden: Collection[int]) -> PreparedRow:
    is_given = meeting.state == MeetingState.LOCKED and item is not None and not item.is_late
    is_ruled = item is not None and item.is_ruled
    return PreparedRow(
        case=case,
        item=item,
        is_hidden=case.pk in hidden,
        can_change=not is_given and not is_ruled and case.pk not in hidden,
        alternatives=item.choices if item else 0,
        is_ruled=is_ruled,
    )


def _pools(points: Sequence[AgendaPoint], rows: Sequence[PreparedRow]) -> list[PreparedPool]:
    """The points as they are ordered, then the pools that are not on the agenda yet."""
    pointed = {point.pool_id: point for point in points}
    pools = {point.pool_id: point.pool for point in points}
    pools |= {row.case.pool_id: row.case.pool for row in rows if row.case.pool_id not in pools}
    money = money_of(list(pools.values())) if pools else {}
    return [
        PreparedPool(
            pool=pool,
            point=pointed.get(pk),
            left_kr=money[pk].remaining_kr,
            rows=[row for row in rows if row.case.pool_id == pk],
        )
        for pk, pool in pools.items()
    ]


def _unready(meeting: Meeting) -> tuple[list[Unready], int]:
    """The committee's cases on their way, and those on another agenda; how many are not shown."""
    today = timezone.localdate()
    wanted = {"pool__committee": meeting.committee_id, "pool__is_test": False}
    cases = Application.objects.filter(state__in=list(UNREADY), **wanted).select_related(
        "applicant", "pool", "version"
    )
    theirs = [case for case in cases.order_by("pk") if hindrance_of(case, today) is not None]
    order = list(UNREADY)
    theirs.sort(key=lambda case: order.index(CaseState(case.state)))
    others = AgendaItem.objects.filter(
        outcome=ItemOutcome.PENDING, meeting__committee=meeting.committee_id
    ).exclude(meeting=meeting)
    elsewhere = others.select_related("application__applicant", "application__pool", "meeting")
    rows = [_reason(case) for case in theirs]
    rows += [
        Unready(
            item.application,
            f"er på dagsordenen {dato(item.meeting.held_at)}",
            "Se mødet",
            meeting=item.meeting,
        )
        for item in elsewhere.order_by("meeting__held_at", "position")
    ]
    return rows[:MOST_UNREADY], max(len(rows) - MOST_UNREADY, 0)


def _reason(case: Application) -> Unready:
    why, mend = UNREADY[case.state]
    waits = case.state in (CaseState.RETURNED, CaseState.IN_HEARING) and case.due_on is not None
    verb = Verb.RECOMMEND if case.state == CaseState.REVIEWED else ""
    return Unready(case, f"{why}, frist {dato_kort(case.due_on)}" if waits else why, mend, verb)


def _masked(row: Unready, hidden: Collection[int]) -> Unready:
    if row.case.pk not in hidden:
        return row
    return Unready(row.case, "du er inhabil, eller det er ikke afklaret", is_hidden=True)
