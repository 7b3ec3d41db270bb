from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.enums import Distribution
from pulje.rules.distribution import Bid, Numbers, bounded, distribute

KR = st.decimals(0, 200_000, places=2)
BIDS = st.lists(
    st.builds(
        Bid,
        key=st.integers(1, 10_000),
        applied_kr=KR,
        points=st.integers(0, 15),
        applicant=st.integers(1, 5),
        pool_ceiling_kr=st.none() | KR,
        is_first_timer=st.booleans(),
    ),
    unique_by=lambda bid: bid.key,
    max_size=15,
)
NUMBERS = st.builds(
    Numbers,
    min_points=st.integers(0, 16),
    step_kr=st.sampled_from([1, 100, 500]),
    cut_percent=st.decimals(0, 100, places=1),
    ceiling_kr=KR,
    floor_kr=KR,
)
ODDER = (27_265, 7_790, 25_000, 22_500, 20_000, 18_087, 24_000, 21_000, 19_000, 22_000, 18_000)


def bids(*rows: tuple[int, int]) -> list[Bid]:
    """Each row is (applied, points); the keys are 1, 2, 3 …"""
    return [
        Bid(key=n, applied_kr=D(kr), points=points, applicant=n)
        for n, (kr, points) in enumerate(rows, start=1)
    ]


def shared(method: str, rows: list[Bid], frame: int, **numbers: object) -> list[int]:
    grants = distribute(method, rows, D(frame), Numbers(**numbers))
    return [int(grants[row.key]) for row in rows]


@pytest.mark.parametrize(
    ("rows", "frame", "numbers", "granted"),
    [
        pytest.param(
            [(10_000, 9), (5_000, 8)], 15_000, {}, [10_000, 5_000], id="to the last krone"
        ),
        pytest.param([(10_000, 9), (5_000, 8)], 14_999, {}, [10_000, 4_900], id="the last is cut"),
        pytest.param(
            [(10_000, 9), (5_000, 8), (1_000, 7)],
            12_000,
            {},
            [10_000, 2_000, 0],
            id="none after the money is used",
        ),
        pytest.param(
            [(8_000, 7), (4_000, 7)], 6_000, {}, [4_000, 2_000], id="equal points, equal share"
        ),
        pytest.param(
            [(8_000, 7), (4_000, 3)], 20_000, {"min_points": 7}, [8_000, 0], id="the minimum is in"
        ),
        pytest.param([(950, 7), (950, 6)], 1_849, {}, [950, 800], id="whole is not rounded"),
        pytest.param([(950, 7), (950, 6)], 1_849, {"step_kr": 1}, [950, 899], id="whole kroner"),
        pytest.param([(950, 7)], -5, {}, [0], id="an overspent frame"),
        pytest.param([], 100, {}, [], id="nobody"),
    ],
)
def test_by_points(rows, frame, numbers, granted):
    assert shared("BY_POINTS", bids(*rows), frame, **numbers) == granted


def test_same_cut_as_in_odder():
    rows = bids(*((kr, 5) for kr in ODDER))
    assert sum(ODDER) == 224_642

    granted = shared("SAME_CUT", rows, 175_000, step_kr=1)

    assert 175_000 - len(rows) < sum(granted) <= 175_000
    cuts = [1 - D(kr) / asked for kr, asked in zip(granted, ODDER, strict=True)]
    assert {round(cut * 100, 1) for cut in cuts} == {D("22.1")}


@pytest.mark.parametrize(
    ("frame", "numbers", "granted"),
    [
        pytest.param(30_000, {}, [10_000, 20_000], id="room for all"),
        pytest.param(30_000, {"cut_percent": D(10)}, [9_000, 18_000], id="a cut that is wanted"),
        pytest.param(15_000, {"cut_percent": D(10)}, [5_000, 10_000], id="the frame cuts deeper"),
        pytest.param(15_000, {"min_points": 5}, [0, 15_000], id="below the minimum of points"),
        pytest.param(30_000, {"cut_percent": D(100)}, [0, 0], id="all of it"),
    ],
)
def test_same_cut(frame, numbers, granted):
    assert shared("SAME_CUT", bids((10_000, 4), (20_000, 9)), frame, **numbers) == granted


def test_ceiling_is_the_applicants_over_all_their_cases():
    rows = [
        Bid(key=1, applied_kr=D(20_000), points=9, applicant=1),
        Bid(key=2, applied_kr=D(20_000), points=8, applicant=1),
        Bid(key=3, applied_kr=D(20_000), points=5, applicant=2),
    ]

    assert shared("CEILING", rows, 100_000, ceiling_kr=D(30_000)) == [20_000, 10_000, 20_000]
    assert shared("CEILING", rows, 32_000, ceiling_kr=D(30_000)) == [20_000, 10_000, 2_000]


@pytest.mark.parametrize(
    ("frame", "granted"),
    [
        pytest.param(40_000, [10_000, 20_000, 3_000], id="room for all"),
        pytest.param(20_000, [5_000, 12_000, 3_000], id="the rest by points"),
        pytest.param(6_500, [2_500, 2_500, 1_500], id="not room for the least amounts"),
    ],
)
def test_floor(frame, granted):
    rows = bids((10_000, 4), (20_000, 9), (3_000, 1))

    assert shared("FLOOR", rows, frame, floor_kr=D(5_000)) == granted


def test_first_timers_come_before_more_points():
    rows = [
        Bid(key=1, applied_kr=D(10_000), points=9),
        Bid(key=2, applied_kr=D(10_000), points=3, is_first_timer=True),
    ]

    assert shared("FIRST_TIMERS", rows, 14_000) == [4_000, 10_000]


def test_by_hand_begins_with_nothing():
    assert shared("BY_HAND", bids((10_000, 9)), 14_000) == [0]


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("0", True), ("8000", True), ("8000.01", False), ("-1", False), ("10.001", False)],
)
def test_an_amount_by_hand_is_bounded(amount, fits):
    bid = Bid(key=1, applied_kr=D(10_000), pool_ceiling_kr=D(8_000))

    assert bounded(bid, D(amount)) is fits


@given(st.sampled_from(Distribution.values), BIDS, KR, NUMBERS)
def test_every_way_keeps_its_promises(method, rows, frame, numbers):
    granted = distribute(method, rows, frame, numbers)

    assert granted == distribute(method, rows[::-1], frame, numbers)
    assert granted.keys() == {row.key for row in rows}
    assert sum(granted.values()) <= frame
    assert all(bounded(row, granted[row.key]) for row in rows)
    assert not any(granted[row.key] for row in rows if row.points < numbers.min_points)


@given(BIDS, KR, NUMBERS)
def test_more_points_never_get_a_smaller_share(rows, frame, numbers):
    granted = distribute("BY_POINTS", rows, frame, numbers)
    paid = [row for row in rows if row.most_kr]

    for better in paid:
        for worse in paid:
            if better.points > worse.points:
                ours, theirs = granted[better.key], granted[worse.key]
                assert ours * worse.most_kr >= theirs * better.most_kr


@given(BIDS, KR, st.integers(1, 15))
def test_one_s_own_points_never_lower_one_s_amount(rows, frame, more):
    if not rows:
        return
    first, *others = rows
    better = Bid(first.key, first.applied_kr, first.points + more, 1, first.pool_ceiling_kr)

    before = distribute("BY_POINTS", rows, frame, Numbers())[first.key]
    assert distribute("BY_POINTS", [better, *others], frame, Numbers())[first.key] >= before


@given(st.sampled_from(Distribution.values), BIDS, KR, NUMBERS)
def test_equal_cases_get_equal_amounts(method, rows, frame, numbers):
    if not rows:
        return
    twin = Bid(0, rows[0].applied_kr, rows[0].points, 6, rows[0].pool_ceiling_kr)
    other = Bid(-1, twin.applied_kr, twin.points, 7, twin.pool_ceiling_kr)

    granted = distribute(method, [*rows, twin, other], frame, numbers)

    assert granted[twin.key] == granted[other.key]
