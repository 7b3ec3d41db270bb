"""The pool's money as sums over its ledger, and funding a ranked round. Amounts in kr, exact to the
øre.

An entry is (kind, amount): FRAME may be negative, all other amounts are positive; the kind gives
the sign.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)

_NONE_KR = Decimal("0.00")
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
