"""A pool's money as people read it: frame, granted, recommended, rest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, QuerySet, Sum, Value, When

from pulje.enums import ItemOutcome, LedgerKind
from pulje.models import LedgerEntry, Meeting, Pool, PoolVersion, Recommendation
from pulje.rules.budget import outstanding, paid, remaining
from pulje.states import CaseState

ZERO = Decimal("0.00")
# no kinds of the ledger: what is not decided yet, and whether money paid back may be used again
RECOMMENDED = "RECOMMENDED"
RETURNS = "RETURNS"


@dataclass(frozen=True)
class PoolMoney:
    """kr. of one pool; ``recommended_kr`` is proposed and not yet decided.

    What came back (``recovered_kr``) is free again where the pool's newest rules say so, and then
    it is not counted in ``granted_kr``.
    """

    pool: Pool
    frame_kr: Decimal = ZERO
    remaining_kr: Decimal = ZERO
    recommended_kr: Decimal = ZERO
    paid_kr: Decimal = ZERO
    unpaid_kr: Decimal = ZERO
    recovered_kr: Decimal = ZERO

    @property
    def granted_kr(self) -> Decimal:
        return self.frame_kr - self.remaining_kr

    @property
    def rest_kr(self) -> Decimal:
        """What is left when everything recommended is granted."""
        return self.remaining_kr - self.recommended_kr


def money_of(pools: Sequence[Pool], apart: Meeting | None = None) -> dict[int, PoolMoney]:
    """The money of each pool by its id: one query, whatever the number of cases.

    ``apart``: without what this meeting has granted, and without what came after it was closed.
    """
    ledger: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    proposed: dict[int, Decimal] = {}
    returns: dict[int, bool] = {}
    for pool_id, kind, amount in _sums(pools, apart):
        if kind == RECOMMENDED:
            proposed[pool_id] = amount
        elif kind == RETURNS:
            returns[pool_id] = bool(amount)
        else:
            ledger[pool_id].append((kind, amount))
    return {
        pool.pk: PoolMoney(
            pool=pool,
            frame_kr=_sum(ledger[pool.pk], LedgerKind.FRAME),
            remaining_kr=remaining(ledger[pool.pk], recover_returns=returns.get(pool.pk, False)),
            recommended_kr=proposed.get(pool.pk, ZERO),
            paid_kr=paid(ledger[pool.pk]),
            unpaid_kr=outstanding(ledger[pool.pk]),
            recovered_kr=_sum(ledger[pool.pk], LedgerKind.RECOVER),
        )
        for pool in pools
    }


def _sum(entries: Sequence[tuple[str, Decimal]], wanted: LedgerKind) -> Decimal:
    return sum((amount for kind, amount in entries if kind == wanted), ZERO)


def _sums(pools: Sequence[Pool], apart: Meeting | None) -> Iterable[tuple[int, str, Decimal]]:
    """The ledger by kind, and under kinds of their own what is recommended and the newest rule."""
    entries = LedgerEntry.objects.filter(pool__in=pools).order_by()
    if apart is not None:
        entries = entries.exclude(application__decisions__meeting=apart)
        if apart.closed_at is not None:
            entries = entries.filter(at__lte=apart.closed_at)
    waiting = Recommendation.objects.filter(
        is_current=True,
        application__state=CaseState.RECOMMENDED,
        application__pool__in=pools,
    ).order_by()
    proposed = waiting.annotate(what=Value(RECOMMENDED)).values_list("application__pool", "what")
    written = entries.annotate(what=F("kind")).values_list("pool", "what")
    return written.annotate(kr=Sum("amount_kr")).union(
        proposed.annotate(kr=Sum("amount_kr")), _returns(pools), all=True
    )


def _returns(pools: Sequence[Pool]) -> Any:
    """1 for each pool whose newest version lets what is paid back be granted again, else 0."""
    newer = PoolVersion.objects.filter(pool=OuterRef("pool"), number__gt=OuterRef("number"))
    newest = PoolVersion.objects.filter(~Exists(newer), pool__in=pools).order_by()
    money = DecimalField(max_digits=14, decimal_places=2)
    says = Case(When(recover_returns_to_frame=True, then=1), default=0, output_field=money)
    return newest.annotate(what=Value(RETURNS)).values_list("pool", "what").annotate(kr=says)


def frame_lines(pool: Pool) -> QuerySet[LedgerEntry]:
    """The lines that made the frame what it is, newest first, with who wrote them."""
    lines = LedgerEntry.objects.filter(pool=pool, kind=LedgerKind.FRAME).select_related("by")
    return lines.order_by("-at", "-pk")


def pending_at(meeting: Meeting) -> dict[int, Decimal]:
    """kr. recommended and not yet decided at this meeting, by pool."""
    items = meeting.items.filter(
        outcome=ItemOutcome.PENDING, application__recommendations__is_current=True
    )
    rows = items.values_list("application__pool")
    return dict(
        rows.annotate(Sum("application__recommendations__amount_kr")).order_by("application__pool")
    )
