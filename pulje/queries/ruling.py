"""What meetings have recorded and not closed: money of a pool that no ledger holds yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import FrameRaise, ItemRuling, Pool
from pulje.queries.pools import ZERO, money_of
from pulje.rules.budget import left_at_meeting


@dataclass(frozen=True)
class Recorded:
    """kr. of one pool at meetings that are not closed: its frame raised by, and granted of it."""

    raised_kr: Decimal = ZERO
    granted_kr: Decimal = ZERO


def recorded_of(pools: Iterable[int], without: Sequence[int] = ()) -> dict[int, Recorded]:
    """What open meetings have recorded, by pool; the items ``without`` are not counted.

    Money that another pool gives up for a raise is a negative raise of that pool. Two queries.
    """
    pools = set(pools)
    raised = dict.fromkeys(pools, ZERO)
    rows = open_raises().filter(Q(pool__in=pools) | Q(source__in=pools)).order_by("pk")
    for pool, source, amount_kr in rows.values_list("pool", "source", "amount_kr"):
        if pool in pools:
            raised[pool] += amount_kr
        if source in pools:
            raised[source] -= amount_kr
    standing = ItemRuling.objects.filter(
        is_current=True,
        item__outcome=ItemOutcome.PENDING,
        item__application__pool__in=pools,
    ).exclude(item__meeting__state=MeetingState.CLOSED)
    sums = standing.exclude(item__in=without).values_list("item__application__pool")
    granted = dict(sums.annotate(Sum("amount_kr")).order_by("item__application__pool"))
    return {pool: Recorded(raised[pool], granted.get(pool) or ZERO) for pool in pools}


def open_raises() -> QuerySet[FrameRaise]:
    """Raises of a frame that are recorded, and not yet in the ledger."""
    standing = FrameRaise.objects.filter(withdrawn_at=None)
    return standing.exclude(meeting__state=MeetingState.CLOSED)


def left_of(pools: Sequence[Pool], without: Sequence[int] = ()) -> dict[int, Decimal]:
    """kr. each pool has left when what meetings have recorded counts as granted: three queries."""
    money, recorded = money_of(pools), recorded_of([pool.pk for pool in pools], without)
    return {
        pk: left_at_meeting(
            money[pk].remaining_kr,
            raised_kr=recorded[pk].raised_kr,
            recorded_kr=recorded[pk].granted_kr,
        )
        for pk in money
    }
