"""Ways to share a round's money out: what each case gets, in kr., before anybody mends it by hand.

Every way keeps four promises: the sum is never over the frame, nobody gets more than applied for
(or the pool's ceiling), the order of the bids does not matter, and equal cases get equal
amounts. An amount that is cut is rounded down to ``step_kr``; one that is met in full is left as it
is. What rounding leaves over stays in the frame.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

_NONE_KR = Decimal("0.00")
_OERE = Decimal("0.01")


@dataclass(frozen=True)
class Bid:
    """One case in the round: what it may get at most, its points, and whose it is.

    Source: the application and its assessment (domain.md A4).
    """

    key: int
    applied_kr: Decimal
    points: int = 0
    applicant: int = 0
    pool_ceiling_kr: Decimal | None = None
    is_first_timer: bool = False

    @property
    def most_kr(self) -> Decimal:
        """What is applied for, within the pool's ceiling.

        Source: the pool's adopted guidelines (local config).
        """
        ceiling = self.applied_kr if self.pool_ceiling_kr is None else self.pool_ceiling_kr
        return min(self.applied_kr, ceiling).quantize(_OERE, ROUND_DOWN)


@dataclass(frozen=True)
class Numbers:
    """What a person sets for a way of sharing; each way reads the numbers it needs.

    Source: local: the case worker's own proposal, decided by the committee (domain.md A6).
    """

    min_points: int = 0
    step_kr: int = 100
    cut_percent: Decimal = _NONE_KR
    ceiling_kr: Decimal = _NONE_KR
    floor_kr: Decimal = _NONE_KR


Grants = dict[int, Decimal]


def distribute(method: str, bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Give every bid its kr. by the named way; those below the minimum of points get 0.

    Source: lighedsgrundsætningen: the same count for all in a round (domain.md B).
    """
    taking_part = [bid for bid in bids if bid.points >= numbers.min_points]
    grants = dict.fromkeys((bid.key for bid in bids), _NONE_KR)
    return grants | _WAYS[method](taking_part, max(frame_kr, _NONE_KR), numbers)


def by_points(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Give the most points all they may get, and so on down until the frame is used.

    Where the money runs out, all with the same points get the same share of what they may get;
    those with fewer get nothing.
    Source: local: "rank by points"; equal points are equal cases (lighedsgrundsætningen).
    """
    return _ranked({bid: bid.most_kr for bid in bids}, frame_kr, numbers.step_kr)


def same_cut(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Cut all by the same percentage: the one given, or more when the frame does not hold it.

    Source: local practice: Odder 2019, applied 224.642, cap 175.000, all cut by 22,1 %
    (domain.md A8).
    """
    wanted = {bid: bid.most_kr for bid in bids}
    kept = sum(wanted.values(), _NONE_KR) * (100 - numbers.cut_percent) / 100
    return _shared(wanted, min(frame_kr, kept), numbers.step_kr)


def ceiling(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Let no applicant get more than the ceiling in all, then go by points.

    An applicant's own cases share the ceiling by points too.
    Source: local: spread over applicants (domain.md A4; Indre By Lokaludvalg: "spread money").
    """
    own: dict[int, list[Bid]] = defaultdict(list)
    for bid in bids:
        own[bid.applicant].append(bid)
    capped: Grants = {}
    for theirs in own.values():
        capped |= by_points(theirs, numbers.ceiling_kr, numbers)
    return _ranked({bid: capped[bid.key] for bid in bids}, frame_kr, numbers.step_kr)


def floor(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Give all the same least amount (less when they apply for less), and the rest by points.

    When the frame does not hold the least amounts, they are all cut by the same percentage.
    Source: local: spread over many small projects (domain.md A4).
    """
    least = {bid: min(bid.most_kr, numbers.floor_kr) for bid in bids}
    given = _shared(least, frame_kr, numbers.step_kr)
    rest = frame_kr - sum(given.values(), _NONE_KR)
    wanted = {bid: bid.most_kr - given[bid.key] for bid in bids}
    more = _ranked(wanted, rest, numbers.step_kr)
    return {key: kr + more[key] for key, kr in given.items()}


def first_timers(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Go by points among those who have never had support, then among the others with the rest.

    Source: local: new applicants before those supported earlier (domain.md A4, spread).
    """
    new = by_points([bid for bid in bids if bid.is_first_timer], frame_kr, numbers)
    rest = frame_kr - sum(new.values(), _NONE_KR)
    return new | by_points([bid for bid in bids if not bid.is_first_timer], rest, numbers)


def by_hand(bids: Sequence[Bid], frame_kr: Decimal, numbers: Numbers) -> Grants:
    """Give nothing yet: every amount is written by a person.

    Source: local: the case worker's own proposal.
    """
    return dict.fromkeys((bid.key for bid in bids), _NONE_KR)


def bounded(bid: Bid, amount_kr: Decimal) -> bool:
    """Say whether an amount written by hand is one the case may get: whole øre, 0 to its most.

    Source: states.md (recommend): never more than applied for, or the pool's ceiling.
    """
    return 0 <= amount_kr <= bid.most_kr and amount_kr == amount_kr.quantize(_OERE)


def _ranked(wanted: Mapping[Bid, Decimal], frame_kr: Decimal, step_kr: int) -> Grants:
    """Meet the wishes, most points first; those where the money runs out share what is left."""
    grants: Grants = {}
    for group in _by_falling_points(wanted):
        shares = _shared({bid: wanted[bid] for bid in group}, frame_kr, step_kr)
        grants |= shares
        is_met = sum(shares.values(), _NONE_KR) == sum((wanted[b] for b in group), _NONE_KR)
        frame_kr = frame_kr - sum(shares.values(), _NONE_KR) if is_met else _NONE_KR
    return grants


def _shared(wanted: Mapping[Bid, Decimal], frame_kr: Decimal, step_kr: int) -> Grants:
    """Give all the same share of what they want, so that the sum is within the frame."""
    total = sum(wanted.values(), _NONE_KR)
    if total <= frame_kr:
        return {bid.key: kr for bid, kr in wanted.items()}
    return {bid.key: _down(kr * frame_kr / total, step_kr) for bid, kr in wanted.items()}


def _down(amount_kr: Decimal, step_kr: int) -> Decimal:
    return (amount_kr // step_kr * step_kr).quantize(_OERE)


def _by_falling_points(bids: Iterable[Bid]) -> list[list[Bid]]:
    groups: dict[int, list[Bid]] = defaultdict(list)
    for bid in bids:
        groups[bid.points].append(bid)
    return [groups[points] for points in sorted(groups, reverse=True)]


_WAYS = {
    "BY_POINTS": by_points,
    "SAME_CUT": same_cut,
    "CEILING": ceiling,
    "FLOOR": floor,
    "FIRST_TIMERS": first_timers,
    "BY_HAND": by_hand,
}
