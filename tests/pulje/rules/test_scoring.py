from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.scoring import MAX_POINTS, average_of, maximum, meets_n_of, missing, spread, total

WEIGHTS = {1: 3, 2: 1, 3: 2}
REVIEWS = st.lists(st.dictionaries(st.integers(1, 5), st.integers(0, MAX_POINTS)), max_size=6)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param({}, 0, id="nothing scored"),
        pytest.param({1: 0, 2: 0, 3: 0}, 0, id="all zero"),
        pytest.param({1: 2}, 6, id="one criterion, weighted"),
        pytest.param({1: 2, 2: 1, 3: 3}, 13, id="all scored"),
        pytest.param({1: 3, 2: 3, 3: 3}, 18, id="the most"),
    ],
)
def test_total(scores, expected):
    assert total(scores, WEIGHTS) == expected


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param({1: 4}, id="more than three points"),
        pytest.param({1: -1}, id="less than none"),
        pytest.param({9: 1}, id="a criterion the pool does not have"),
    ],
)
def test_total_refuses(scores):
    with pytest.raises(ValueError, match="points must be|without weight"):
        total(scores, WEIGHTS)


@given(st.dictionaries(st.integers(1, 3), st.integers(0, MAX_POINTS)))
def test_total_lies_between_nothing_and_the_maximum(scores):
    assert 0 <= total(scores, WEIGHTS) <= maximum(WEIGHTS)


def test_maximum():
    assert maximum(WEIGHTS) == 18
    assert maximum({}) == 0


@pytest.mark.parametrize(
    ("reviews", "averages", "spreads"),
    [
        pytest.param([], {}, {}, id="no reviews"),
        pytest.param([{1: 2}], {1: D("2.00")}, {1: 0}, id="one review"),
        pytest.param([{1: 0}, {1: 3}], {1: D("1.50")}, {1: 3}, id="far apart"),
        pytest.param([{1: 1}, {1: 1}, {1: 3}], {1: D("1.67")}, {1: 2}, id="rounded up"),
        pytest.param([{1: 1}, {1: 1}, {1: 2}], {1: D("1.33")}, {1: 1}, id="rounded down"),
        pytest.param(
            [{1: 0}] * 7 + [{1: 1}], {1: D("0.13")}, {1: 1}, id="half a hundredth rounds up"
        ),
        pytest.param(
            [{1: 2}, {2: 3}], {1: D("2.00"), 2: D("3.00")}, {1: 0, 2: 0}, id="each abstained once"
        ),
    ],
)
def test_average_and_spread(reviews, averages, spreads):
    assert average_of(reviews) == averages
    assert spread(reviews) == spreads


@given(REVIEWS)
def test_average_and_spread_do_not_depend_on_who_came_first(reviews):
    assert average_of(reviews) == average_of(reviews[::-1])
    assert spread(reviews) == spread(reviews[::-1])
    assert all(0 <= mean <= MAX_POINTS for mean in average_of(reviews).values())


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param({}, (1, 2, 3), id="nothing scored"),
        pytest.param({2: 0}, (1, 3), id="zero points is an answer"),
        pytest.param({1: 1, 2: 1, 3: 1}, (), id="all scored"),
    ],
)
def test_missing(scores, expected):
    assert missing(scores, WEIGHTS) == expected


@pytest.mark.parametrize(
    ("scores", "n", "meets"),
    [
        pytest.param({1: 2, 2: 1, 3: 1}, 2, False, id="one of two"),
        pytest.param({1: 2, 2: 2, 3: 1}, 2, True, id="exactly two of two"),
        pytest.param({1: 2, 2: 3, 3: 2}, 2, True, id="three of two"),
        pytest.param({}, 1, False, id="nothing scored"),
        pytest.param({}, 0, True, id="nothing asked"),
    ],
)
def test_meets_n_of(scores, n, meets):
    assert meets_n_of(scores, 2, n) is meets
