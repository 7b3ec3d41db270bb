"""What meetings have recorded and not closed: money of a pool that no ledger holds yet."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import FrameRaise, ItemRuling, Meeting, Pool
from pulje.models.fields import kr_field
from pulje.queries.pool.money import ZERO, money_of
from pulje.rules.budget import left_at_meeting

OPEN = (MeetingState.PLANNED, MeetingState.LOCKED)


def left_of(pools: Sequence[Pool], without: Sequence[int] = ()) -> dict[int, Decimal]:
    """kr. each pool has left when what open meetings have recorded counts as granted.

    What is recorded of the items ``without`` does not count. Three queries.
    """
    money, raises = money_of(pools), raises_of([pool.pk for pool in pools])
    standing = _standing().filter(item__application__pool__in=pools).exclude(item__in=without)
    sums = standing.values_list("item__application__pool").annotate(Sum("amount_kr"))
    recorded = dict(sums.order_by("item__application__pool"))
    return {
        pk: left_at_meeting(
            its.remaining_kr,
            raised_kr=raised_kr(pk, raises),
            recorded_kr=recorded.get(pk) or ZERO,
        )
        for pk, its in money.items()
    }


def free_of(pool: Pool) -> Decimal:
    """kr. that may be spent outside the open meetings: not what they have recorded.

    Nor what they have raised the frame by: that is no money before it is in the ledger.
    """
    return min(money_of([pool])[pool.pk].remaining_kr, left_of([pool])[pool.pk])


def elsewhere(meeting: Meeting) -> Coalesce:
    """What other open meetings have granted of a point's pool: a column for a query on points."""
    rows = _standing().filter(item__application__pool=OuterRef("pool"))
    sums = rows.exclude(item__meeting=meeting).values("item__application__pool")
    total = sums.annotate(kr=Sum("amount_kr")).values("kr")
    return Coalesce(Subquery(total), ZERO, output_field=kr_field())


def raises_of(pools: Iterable[int], meeting: Meeting | None = None) -> list[FrameRaise]:
    """The raises open meetings have recorded for or from these pools, and all of ``meeting``."""
    pools = list(pools)
    near = Q(pool__in=pools) | Q(source__in=pools)
    is_open = Q(withdrawn_at=None, meeting__state__in=OPEN)
    rows = FrameRaise.objects.filter(near & (is_open | Q(meeting=meeting)))
    return list(rows.select_related("meeting", "recorded_by", "source").order_by("pk"))


def raised_kr(pool: int, raises: Iterable[FrameRaise]) -> Decimal:
    """By how much the pool's frame is raised, in kr.; what it gives up to another counts down."""
    sums = ZERO
    for row in raises:
        if row.withdrawn_at is None and row.meeting.state in OPEN:
            sums += row.amount_kr if row.pool_id == pool else ZERO
            sums -= row.amount_kr if row.source_id == pool else ZERO
    return sums


def _standing() -> QuerySet[ItemRuling]:
    """The rulings that stand and are not yet decided."""
    rows = ItemRuling.objects.filter(is_current=True, item__outcome=ItemOutcome.PENDING)
    return rows.filter(item__meeting__state__in=OPEN)
