"""What everybody may see of pools: deadlines, rules and what is left of their frames."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum
from django.utils import timezone

from pulje.enums import LedgerKind
from pulje.models import LedgerEntry, Pool, PoolVersion, Round
from pulje.rules.budget import remaining

OPEN, SOON, CLOSED = "open", "soon", "closed"
ZERO = Decimal(0)


@dataclass(frozen=True)
class PublicPool:
    """A pool as the public sees it now; ``state`` is open, soon or closed by its round."""

    pool: Pool
    version: PoolVersion
    round: Round
    state: str
    frame_kr: Decimal
    remaining_kr: Decimal
    granted_kr: Decimal


def known_pools(now: datetime) -> list[PublicPool]:
    """Every public pool of every year: four queries.

    Test pools and pools without a version in force are left out.
    """
    return list(_shown(Pool.objects.filter(is_public=True, is_test=False), now))


def public_pools(now: datetime) -> list[PublicPool]:
    """One pool per code, as ``current`` chooses."""
    return current(known_pools(now))


def current(pools: Iterable[PublicPool]) -> list[PublicPool]:
    """One pool per code: the open one, else the next, else the latest; soonest deadline first."""
    best: dict[str, PublicPool] = {}
    for shown in pools:
        known = best.get(shown.pool.code)
        if known is None or _rank(shown) < _rank(known):
            best[shown.pool.code] = shown
    return sorted(best.values(), key=_rank)


def public_pool(slug: str, now: datetime) -> PublicPool | None:
    """The pool at this address, or None when the public may not see it."""
    return next(
        iter(_shown(Pool.objects.filter(slug=slug, is_public=True, is_test=False), now)), None
    )


def preview_of(version: PoolVersion, now: datetime) -> PublicPool:
    """The pool as the public will see it under this version, whether it is public or not."""
    pool = version.pool
    rounds = list(pool.rounds.order_by("number"))
    state, round = _current_round(rounds, now) if rounds else (SOON, Round(pool=pool, opens_at=now))
    entries = _money([pool])[pool.pk]
    return _public(pool, version, round, state, entries)


def _shown(found: QuerySet[Pool], now: datetime) -> Iterable[PublicPool]:
    pools = list(
        found.select_related("committee")
        .prefetch_related(
            Prefetch(
                "versions",
                PoolVersion.objects.filter(valid_from__lte=timezone.localdate(now)).order_by(
                    "number"
                ),
            ),
            Prefetch("rounds", Round.objects.order_by("number")),
        )
        .order_by("code", "year")
    )
    money = _money(pools)
    for pool in pools:
        versions, rounds = list(pool.versions.all()), list(pool.rounds.all())
        if not versions or not rounds:
            continue
        state, current = _current_round(rounds, now)
        yield _public(pool, versions[-1], current, state, money[pool.pk])


def _public(
    pool: Pool, version: PoolVersion, round: Round, state: str, entries: dict[str, Decimal]
) -> PublicPool:
    return PublicPool(
        pool=pool,
        version=version,
        round=round,
        state=state,
        frame_kr=entries.get(LedgerKind.FRAME, ZERO),
        remaining_kr=remaining(entries.items(), recover_returns=version.recover_returns_to_frame),
        granted_kr=entries.get(LedgerKind.COMMIT, ZERO) - entries.get(LedgerKind.RELEASE, ZERO),
    )


def _money(pools: list[Pool]) -> dict[int, dict[str, Decimal]]:
    rows = (
        LedgerEntry.objects.filter(pool__in=pools)
        .values_list("pool_id", "kind")
        .annotate(Sum("amount_kr"))
    )
    money: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for pool_id, kind, amount in rows.order_by("pool_id", "kind"):
        money[pool_id][kind] = amount
    return money


def _current_round(rounds: list[Round], now: datetime) -> tuple[str, Round]:
    """The round that is open, else the next to open, else the last that closed."""
    for found in rounds:
        if found.opens_at <= now and (found.closes_at is None or now <= found.closes_at):
            return OPEN, found
    coming = [found for found in rounds if found.opens_at > now]
    return (SOON, min(coming, key=lambda found: found.opens_at)) if coming else (CLOSED, rounds[-1])


def _rank(shown: PublicPool) -> tuple[int, float, str]:
    """Open, soon, closed; among them the deadline that comes first, of closed the latest."""
    opens, closes = shown.round.opens_at.timestamp(), shown.round.closes_at
    ends = closes.timestamp() if closes else float("inf")
    order = {OPEN: ends, SOON: opens, CLOSED: -ends}[shown.state]
    return ((OPEN, SOON, CLOSED).index(shown.state), order, shown.pool.name)
