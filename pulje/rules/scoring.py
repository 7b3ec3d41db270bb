"""Points of reviewers: whole points 0-3 per criterion, weighted by the pool.

Everywhere `scores` is {criterion id: points 0-3} and `weights` is {criterion id: whole weight}. A
criterion the reviewer abstained from is not in `scores`.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

MAX_POINTS = 3
_HUNDREDTH = Decimal("0.01")


def total(scores: Mapping[int, int], weights: Mapping[int, int]) -> int:
    """Give points times weight, summed over the scored criteria.

    Refuses points outside 0-3 and criteria the pool does not have (ValueError).
    Source: local: weighted criteria 0-3 with a text (domain.md A4).
    """
    foreign = scores.keys() - weights.keys()
    if foreign:
        raise ValueError(f"scores for criteria without weight: {sorted(foreign)}")
    if any(not 0 <= points <= MAX_POINTS for points in scores.values()):
        raise ValueError(f"points must be 0-{MAX_POINTS}: {dict(scores)}")
    return sum(points * weights[criterion] for criterion, points in scores.items())


def maximum(weights: Mapping[int, int]) -> int:
    """Give the most points an application can get.

    Source: local: weighted criteria 0-3 (domain.md A4).
    """
    return MAX_POINTS * sum(weights.values())


def average_of(reviews: Sequence[Mapping[int, int]]) -> Mapping[int, Decimal]:
    """Give each criterion's mean, two decimals, over those who scored it; {} when nobody did.

    Source: lighedsgrundsætningen: the same count for all in a round (the mean is local config).
    """
    return {
        criterion: (Decimal(sum(points)) / len(points)).quantize(_HUNDREDTH, ROUND_HALF_UP)
        for criterion, points in _by_criterion(reviews).items()
    }


def spread(reviews: Sequence[Mapping[int, int]]) -> Mapping[int, int]:
    """Give the points between the highest and the lowest reviewer of each criterion.

    Source: local: disagreement is shown, never averaged away in silence (domain.md A4).
    """
    return {
        criterion: max(points) - min(points) for criterion, points in _by_criterion(reviews).items()
    }


def missing(scores: Mapping[int, int], weights: Mapping[int, int]) -> tuple[int, ...]:
    """Give the criteria without points, in the pool's order.

    Source: states.md, record_assessment: all criteria scored or abstained with reason.
    """
    return tuple(criterion for criterion in weights if criterion not in scores)


def meets_n_of(scores: Mapping[int, int | Decimal], at_least_points: int, n: int) -> bool:
    """Say whether at least `n` criteria got `at_least_points` or more.

    Source: local: "mindst to af fire kategorier" (domain.md A1, Bylivspuljen).
    """
    return sum(points >= at_least_points for points in scores.values()) >= n


def _by_criterion(reviews: Sequence[Mapping[int, int]]) -> dict[int, list[int]]:
    gathered: dict[int, list[int]] = {}
    for review in reviews:
        for criterion, points in review.items():
            gathered.setdefault(criterion, []).append(points)
    return gathered
