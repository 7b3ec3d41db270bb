"""What a round may use of the pool's frame: its share, and what earlier rounds left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

WHOLE_PERCENT = 100
_NONE_KR = Decimal("0.00")
_OERE = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """One round: its per cent of the frame, what is granted in it (kr), and whether its rest goes
    on to the next round.

    Source: local: 75 % in the first round, 25 % in the second plus leftovers (domain.md A5).
    """

    percent: int
    used_kr: Decimal = _NONE_KR
    rolls_over: bool = True


def shares_fit(shares: Sequence[Share]) -> bool:
    """Say whether the rounds together have no more than the whole frame.

    Source: local, as ``Share``; bevillingsreglerne: no grant without frame.
    """
    return sum(share.percent for share in shares) <= WHOLE_PERCENT


def round_frame(frame_kr: Decimal, shares: Sequence[Share]) -> tuple[Decimal, ...]:
    """Give what each round has or had to grant (kr), in the order the rounds are held.

    A round has its share of the frame, and the rest of the round before where that one rolls over;
    what a round used beyond its own is taken from the next. Never below 0. Shares are whole øre and
    add up to the frame exactly when they are 100 % together. Refuses shares over 100 % and below
    0 % (ValueError).
    Source: local: rounds carry a share of the budget and roll leftovers over (domain.md A5).
    """
    if not shares_fit(shares) or any(share.percent < 0 for share in shares):
        raise ValueError("the rounds' shares are not within 0 and 100 per cent")
    given: list[Decimal] = []
    percent, carried = 0, _NONE_KR
    for share in shares:
        before = _part(frame_kr, percent)
        percent += share.percent
        has = _part(frame_kr, percent) - before + carried
        given.append(max(has, _NONE_KR))
        rest = has - share.used_kr
        carried = rest if share.rolls_over else min(rest, _NONE_KR)
    return tuple(given)


def _part(frame_kr: Decimal, percent: int) -> Decimal:
    return (frame_kr * percent / WHOLE_PERCENT).quantize(_OERE, ROUND_DOWN)
