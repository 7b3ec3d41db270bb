"""What the committees decided, as everybody may see it once the minutes are approved.

Case by case on the meeting's page, in short in the feed. A closed item is left out, and a person is
only of which kind.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from pulje.enums import ItemOutcome, PacketKind
from pulje.models import AgendaPoint, ItemRuling, Meeting, Packet
from pulje.queries.masking import applicant_name, masked
from pulje.queries.meeting.packet_material import FIRST, ZERO

GRANTED, REFUSED = "GRANTED", "REFUSED"


@dataclass(frozen=True)
class DecidedCase:
    """``outcome``: GRANTED with an amount in kr., REFUSED, or the ItemOutcome without one."""

    number: int
    project: str
    applicant: str
    requested_kr: Decimal | None
    outcome: str
    amount_kr: Decimal


@dataclass(frozen=True)
class DecidedPoint:
    """One pool's item of the agenda with its cases."""

    id: str
    title: str
    cases: Sequence[DecidedCase]

    @property
    def granted_kr(self) -> Decimal:
        return sum((case.amount_kr for case in self.cases), ZERO)


@dataclass(frozen=True)
class PointInShort:
    """How many were granted what in kr., how many refused, how many wait."""

    title: str
    granted: int = 0
    granted_kr: Decimal = ZERO
    refused: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class MinutesInShort:
    """The pools of one meeting; ``changed_at`` is when the newest version was written."""

    points: Sequence[PointInShort]
    changed_at: datetime


def decided_cases(meeting: Meeting, minutes: Mapping[str, Any]) -> list[DecidedPoint]:
    """Every case with a ruling, under the open items of the ``minutes``: four queries."""
    pools = _open_pools([meeting], {meeting.pk: minutes["items"]})[meeting.pk]
    rulings = ItemRuling.objects.filter(item__meeting=meeting, is_current=True)
    rulings = rulings.select_related("item__application__applicant").prefetch_related(
        "item__application__partners", "item__application__applicant__members"
    )
    cases: dict[int, list[DecidedCase]] = defaultdict(list)
    for ruling in rulings.order_by("item__position"):
        cases[ruling.item.application.pool_id].append(_case(ruling))
    return [
        DecidedPoint(f"besluttet-{pool}", title, cases[pool])
        for pool, title in pools.items()
        if cases[pool]
    ]


def minutes_in_short(meetings: Sequence[Meeting]) -> dict[int, MinutesInShort]:
    """By meeting: three queries."""
    packets = Packet.objects.filter(meeting__in=meetings, kind=PacketKind.MINUTES)
    newest = packets.order_by("meeting", "-number").distinct("meeting")
    rows = newest.values_list("meeting_id", "facts__open__items", "asked_at")
    items, changed = {}, {}
    for meeting, its, asked_at in rows:
        items[meeting], changed[meeting] = its or [], asked_at
    sums = _sums(meetings)
    return {
        meeting: MinutesInShort(
            [PointInShort(title, **sums.get((meeting, pool), {})) for pool, title in pools.items()],
            changed[meeting],
        )
        for meeting, pools in _open_pools(meetings, items).items()
    }


def _open_pools(
    meetings: Sequence[Meeting], items: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[int, dict[int, str]]:
    """By meeting, {pool: title} in the agenda's order, of what is open in the minutes and now."""
    titles = {
        (meeting, item["number"]): f"{item['number']}. {item['title']}"
        for meeting, its in items.items()
        for item in its
        if not item["is_closed"]
    }
    found: dict[int, dict[int, str]] = {meeting: {} for meeting in items}
    points = AgendaPoint.objects.filter(meeting__in=meetings, is_closed=False)
    rows = points.order_by("meeting", "position").values_list("meeting_id", "pool_id", "position")
    for meeting, pool, position in rows:
        title = titles.get((meeting, str(position + FIRST)))
        if title:
            found[meeting][pool] = title
    return found


def _case(ruling: ItemRuling) -> DecidedCase:
    case = ruling.item.application
    outcome = str(ruling.outcome)
    if outcome == ItemOutcome.DECIDED:
        outcome = GRANTED if ruling.amount_kr else REFUSED
    return DecidedCase(
        number=ruling.item.position,
        project=masked(case.title, case),
        applicant=applicant_name(case.applicant, is_open=True),
        requested_kr=case.requested_kr,
        outcome=outcome,
        amount_kr=ruling.amount_kr or ZERO,
    )


def _sums(meetings: Sequence[Meeting]) -> dict[tuple[int, int], dict[str, Any]]:
    """What PointInShort counts, by meeting and pool."""
    is_decided, is_granted = Q(outcome=ItemOutcome.DECIDED), Q(amount_kr__gt=0)
    rulings = ItemRuling.objects.filter(item__meeting__in=meetings, is_current=True)
    of = ("item__meeting", "item__application__pool")
    rows = rulings.values(*of).annotate(
        granted=Count("pk", filter=is_granted),
        granted_kr=Sum("amount_kr", filter=is_granted, default=ZERO),
        refused=Count("pk", filter=is_decided & ~is_granted),
        waiting=Count("pk", filter=~is_decided),
    )
    counted = ("granted", "granted_kr", "refused", "waiting")
    return {
        (row["item__meeting"], row["item__application__pool"]): {key: row[key] for key in counted}
        for row in rows.order_by(*of)
    }
