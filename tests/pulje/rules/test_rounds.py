from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.rounds import Share, round_frame, shares_fit

KR = Decimal


def kr(*amounts: int | str) -> tuple[Decimal, ...]:
    return tuple(KR(amount) for amount in amounts)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        pytest.param([], (), id="no rounds"),
        pytest.param([Share(100)], kr(1_000), id="one round has it all"),
        pytest.param([Share(75), Share(25)], kr(750, 1_000), id="the rest rolls over"),
        pytest.param([Share(75, KR(750)), Share(25)], kr(750, 250), id="nothing is left"),
        pytest.param([Share(75, KR(700)), Share(25)], kr(750, 300), id="a little is left"),
        pytest.param(
            [Share(75, KR(700), rolls_over=False), Share(25)], kr(750, 250), id="the rest stays"
        ),
        pytest.param(
            [Share(75, KR(900), rolls_over=False), Share(25)], kr(750, 100), id="too much was used"
        ),
        pytest.param([Share(10, KR(400)), Share(20)], kr(100, 0), id="never below nothing"),
        pytest.param(
            [Share(50, KR(100)), Share(0), Share(50)], kr(500, 400, 900), id="through an empty one"
        ),
    ],
)
def test_a_round_has_its_share_and_what_was_left(shares, expected):
    assert round_frame(KR(1_000), shares) == expected


@pytest.mark.parametrize("shares", [[Share(60), Share(41)], [Share(101)], [Share(-1)]])
def test_shares_over_the_whole_or_below_nothing_are_refused(shares):
    with pytest.raises(ValueError, match="per cent"):
        round_frame(KR(1_000), shares)


def test_exactly_the_whole_fits():
    assert shares_fit([Share(60), Share(40)])
    assert not shares_fit([Share(60), Share(41)])


@given(
    st.decimals(0, 10_000_000, places=2),
    st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(lambda parts: sum(parts) <= 100),
)
def test_what_is_shared_out_is_never_more_than_the_frame(frame_kr, percents):
    kept = round_frame(frame_kr, [Share(percent, rolls_over=False) for percent in percents])
    rolled = round_frame(frame_kr, [Share(percent) for percent in percents])

    assert sum(kept) <= frame_kr
    assert sum(kept) == rolled[-1]
    assert sum(percents) != 100 or sum(kept) == frame_kr
