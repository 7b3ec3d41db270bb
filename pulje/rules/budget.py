"""The pool's money as sums over its ledger, funding a ranked round, and what a budget may be.
Amounts in kr, exact to the øre.

An entry is (kind, amount): FRAME may be negative, all other amounts are positive; the kind gives
the sign.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)

_NONE_KR = Decimal("0.00")
_OERE = Decimal("0.01")
_KINDS = frozenset({"FRAME", "COMMIT", "RELEASE", "PAY", "UNPAY", "RECOVER", "SETOFF", "WRITE_OFF"})
_REMAINING = {"FRAME": 1, "COMMIT": -1, "RELEASE": 1}
_OUTSTANDING = {"COMMIT": 1, "RELEASE": -1, "PAY": -1, "UNPAY": 1}
_PAID = {"PAY": 1, "UNPAY": -1}


@dataclass(frozen=True)
class Project(Generic[Key]):
    """An application in a ranked round: its key (case number or id), its cost in kr and its points.

    Source: local: "rank by points, fund if it still fits" (participatory-budget rounds).
    """

    key: Key
    cost: Decimal
    points: Decimal | int


def remaining(entries: Iterable[tuple[str, Decimal]], *, recover_returns: bool = False) -> Decimal:
    """Give what may still be granted: frame - committed + released.

    Money paid back counts only where the pool's rule returns it to the frame (`recover_returns`).
    Source: states.md, Money (the pool's ledger).
    """
    return _sum(entries, _REMAINING | {"RECOVER": 1} if recover_returns else _REMAINING)


def left_at_meeting(left: Decimal, *, raised_kr: Decimal, recorded_kr: Decimal) -> Decimal:
    """Give what a committee may still grant: what is left, what it has raised the frame by, less
    what it has granted at the meeting so far.

    Source: states.md, Money (remaining >= 0); kommunestyrelsesloven § 40, stk. 2 (no spending
    without a grant).
    """
    return left + raised_kr - recorded_kr


def is_large_raise(amount_kr: Decimal, frame_kr: Decimal) -> bool:
    """Say whether a raise is over half of the pool's frame: more likely a slip of the keyboard.

    Source: local config.
    """
    return amount_kr * 2 > frame_kr


def outstanding(entries: Iterable[tuple[str, Decimal]]) -> Decimal:
    """Give what is promised and not yet paid: committed - released - paid + reversed.

    Source: states.md, Money (the pool's ledger).
    """
    return _sum(entries, _OUTSTANDING)


def paid(entries: Iterable[tuple[str, Decimal]]) -> Decimal:
    """Give what has left the municipality: paid - reversed; money paid back later does not lower
    it.

    Source: states.md, Money (the pool's ledger).
    """
    return _sum(entries, _PAID)


def fits(amount: Decimal, remaining: Decimal) -> bool:
    """Say whether the amount can be granted within what remains; the last krone may be used.

    Source: states.md, Money: remaining >= 0 always (bevillingsreglerne: no grant without frame).
    """
    return 0 <= amount <= remaining


def fund_by_points(projects: Sequence[Project[Key]], frame: Decimal) -> tuple[Key, ...]:
    """Give the keys to fund: most points first, each funded if it still fits in the frame (kr).

    One that no longer fits is passed over, and the next smaller one may still be funded. Equal
    points: the cheaper first (the money reaches more), then the lower key, so the order given never
    matters. Give unique keys.
    Source: local: "rank by points, fund if it still fits" (participatory-budget rounds; the tie
    rule is local config).
    """
    funded: list[Key] = []
    for project in sorted(projects, key=lambda each: (-each.points, each.cost, each.key)):
        if fits(project.cost, frame):
            frame -= project.cost
            funded.append(project.key)
    return tuple(funded)


def _sum(entries: Iterable[tuple[str, Decimal]], signs: Mapping[str, int]) -> Decimal:
    result = _NONE_KR
    for kind, amount in entries:
        if kind not in _KINDS:
            raise ValueError(f"unknown kind of ledger entry: {kind}")
        result += signs.get(kind, 0) * amount
    return result


# --- the applicant's budget -------------------------------------------------------------------

REFUSED = "REFUSED"


@dataclass(frozen=True)
class Post:
    """One line of a budget: money out (EXPENSE) or in, its category, how far the money is.

    Source: the application form (domain.md A2: own financing; other financing applied, granted
    or refused).
    """

    kind: str
    amount: Decimal
    category: str = ""
    status: str = ""


@dataclass(frozen=True)
class Bounds:
    """What a pool allows a budget to be. Amounts in kr, shares in per cent of the expenses.

    Source: the pool's adopted guidelines (local config, domain.md A3).
    """

    min_kr: Decimal = _NONE_KR
    ceiling_kr: Decimal | None = None
    own_share_percent: int = 0
    most_percent: Mapping[str, int] = field(default_factory=dict)


class Rule(StrEnum):
    """The rules a budget can break, in the order they are told."""

    NO_EXPENSE = "NO_EXPENSE"
    NOTHING_ASKED = "NOTHING_ASKED"
    MINIMUM = "MINIMUM"
    CEILING = "CEILING"
    UNCOVERED = "UNCOVERED"
    OWN_SHARE = "OWN_SHARE"
    NO_CATEGORY = "NO_CATEGORY"
    CATEGORY = "CATEGORY"


@dataclass(frozen=True)
class Breach:
    """A broken rule: what it allows and what is there, in kr, and the per cent it is about."""

    rule: Rule
    allowed: Decimal = _NONE_KR
    found: Decimal = _NONE_KR
    percent: int = 0
    category: str = ""


def expense(posts: Iterable[Post]) -> Decimal:
    """Give what it costs in all.

    Source: local guidelines (the budget, domain.md A2).
    """
    return sum((p.amount for p in posts if p.kind == "EXPENSE"), _NONE_KR)


def income(posts: Iterable[Post]) -> Decimal:
    """Give what others than the pool pay; money that has been refused pays nothing.

    Source: local guidelines (the budget, domain.md A2).
    """
    return sum((p.amount for p in posts if p.kind != "EXPENSE" and p.status != REFUSED), _NONE_KR)


def asked(posts: Sequence[Post]) -> Decimal:
    """Give what is applied for: the expenses that nobody else pays, never below 0.

    Source: local guidelines (the budget, domain.md A2).
    """
    return max(expense(posts) - income(posts), _NONE_KR)


def share(whole: Decimal, percent: int) -> Decimal:
    """Give that many per cent of an amount, rounded down to the øre.

    Source: local guidelines (shares of a budget, domain.md A3).
    """
    return (whole * percent / 100).quantize(_OERE, ROUND_DOWN)


def breaches(
    posts: Sequence[Post], bounds: Bounds, requested: Decimal | None = None
) -> tuple[Breach, ...]:
    """Give every rule the budget breaks, all at once; exactly at a limit is within it.

    `requested` is what is applied for where it is known apart from the budget.
    Source: the pool's guidelines (ceiling, minimum, own share, shares of a category: domain.md A3).
    """
    wanted = asked(posts) if requested is None else requested
    return (*_of_the_amount(posts, bounds, wanted), *_of_categories(posts, bounds))


def _of_the_amount(posts: Sequence[Post], bounds: Bounds, wanted: Decimal) -> Iterator[Breach]:
    costs, paid_by_others = expense(posts), income(posts)
    if costs <= 0:
        yield Breach(Rule.NO_EXPENSE)
        return
    if wanted <= 0:
        yield Breach(Rule.NOTHING_ASKED, costs, paid_by_others)
    elif wanted < bounds.min_kr:
        yield Breach(Rule.MINIMUM, bounds.min_kr, wanted)
    if bounds.ceiling_kr is not None and wanted > bounds.ceiling_kr:
        yield Breach(Rule.CEILING, bounds.ceiling_kr, wanted)
    uncovered = max(costs - paid_by_others, _NONE_KR)
    if wanted > uncovered:
        yield Breach(Rule.UNCOVERED, uncovered, wanted)
    if wanted * 100 > costs * (100 - bounds.own_share_percent):
        least = costs - share(costs, 100 - bounds.own_share_percent)
        yield Breach(Rule.OWN_SHARE, least, max(costs - wanted, _NONE_KR), bounds.own_share_percent)


def _of_categories(posts: Sequence[Post], bounds: Bounds) -> Iterator[Breach]:
    costs = expense(posts)
    unsorted = expense(p for p in posts if not p.category)
    if bounds.most_percent and unsorted > 0:
        yield Breach(Rule.NO_CATEGORY, found=unsorted)
    for category, percent in bounds.most_percent.items():
        found = expense(p for p in posts if p.category == category)
        if found * 100 > costs * percent:
            yield Breach(Rule.CATEGORY, share(costs, percent), found, percent, category)
