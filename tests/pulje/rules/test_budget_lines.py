from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.budget import Bounds, Breach, Post, Rule, asked, breaches, expense, income, share

ØRE = D("0.01")
KR = st.decimals(ØRE, 1_000_000, places=2)
POSTS = st.lists(
    st.builds(
        Post,
        kind=st.sampled_from(["EXPENSE", "OWN_FUNDING", "OTHER_FUNDING"]),
        amount=KR,
        category=st.sampled_from(["", "FOOD", "FEES"]),
        status=st.sampled_from(["", "APPLIED", "GRANTED", "REFUSED"]),
    ),
    max_size=12,
)
LIMITED = Bounds(D(1_000), D(20_000), 25, {"FOOD": 30})


def budget(food: object, rest: object, own: object = 0, other: object = 0, status: str = ""):
    rows = [
        Post("EXPENSE", D(food), "FOOD"),
        Post("EXPENSE", D(rest), "VENUE"),
        Post("OWN_FUNDING", D(own)),
        Post("OTHER_FUNDING", D(other), status=status),
    ]
    return [row for row in rows if row.amount]


@pytest.mark.parametrize(
    ("posts", "broken"),
    [
        pytest.param(budget(6_000, 14_000, own=5_000), [], id="exactly 30 % food, 25 % own"),
        pytest.param(budget(0, 40_000, own=20_000), [], id="exactly the ceiling"),
        pytest.param(budget(0, 40_000, own="19999.99"), [Rule.CEILING], id="an øre over"),
        pytest.param(budget(0, 4_000, own=3_000), [], id="exactly the least"),
        pytest.param(budget(0, 4_000, own="3000.01"), [Rule.MINIMUM], id="an øre under the least"),
        pytest.param(
            budget(6_000, 14_000, own="4999.99"), [Rule.OWN_SHARE], id="an øre under the own share"
        ),
        pytest.param(
            budget("6000.01", "13999.99", own=5_000), [Rule.CATEGORY], id="an øre too much food"
        ),
        pytest.param(
            budget(6_000, 14_000, other=5_000, status="REFUSED"),
            [Rule.OWN_SHARE],
            id="refused money pays nothing",
        ),
        pytest.param(
            budget(6_000, 14_000, other=5_000, status="APPLIED"), [], id="applied for counts"
        ),
        pytest.param(
            budget(6_000, 14_000, own=20_000), [Rule.NOTHING_ASKED], id="others pay it all"
        ),
        pytest.param(
            budget(6_000, 14_000, own=20_001), [Rule.NOTHING_ASKED], id="others pay more than all"
        ),
        pytest.param([], [Rule.NO_EXPENSE], id="nothing at all"),
        pytest.param(budget(0, 0, own=500), [Rule.NO_EXPENSE], id="only money in"),
        pytest.param(
            [Post("EXPENSE", D(8_000)), Post("OWN_FUNDING", D(2_000))],
            [Rule.NO_CATEGORY],
            id="an expense of no type",
        ),
    ],
)
def test_each_rule_at_its_border(posts, broken):
    assert [breach.rule for breach in breaches(posts, LIMITED)] == broken


def test_a_pool_without_limits_asks_for_an_expense_only():
    posts = [Post("EXPENSE", D("9999999.99"))]

    assert breaches(posts, Bounds()) == ()
    assert [breach.rule for breach in breaches([], Bounds())] == [Rule.NO_EXPENSE]


def test_a_type_that_is_not_supported_at_all():
    (breach,) = breaches(budget(ØRE, 10_000), Bounds(most_percent={"FOOD": 0}))

    assert breach == Breach(Rule.CATEGORY, D(0), ØRE, 0, "FOOD")


@pytest.mark.parametrize(
    ("requested", "broken"),
    [(D(15_000), []), (D("15000.01"), [Rule.UNCOVERED, Rule.OWN_SHARE]), (D("14999.99"), [])],
)
def test_more_than_is_missing_cannot_be_asked_for(requested, broken):
    found = breaches(budget(6_000, 14_000, own=5_000), LIMITED, requested)

    assert [breach.rule for breach in found] == broken


def test_a_breach_carries_its_figures():
    (breach,) = breaches(budget(8_000, 12_000, own=5_000), LIMITED)

    assert breach == Breach(Rule.CATEGORY, D(6_000), D(8_000), 30, "FOOD")


@given(POSTS)
def test_sums_are_exact_to_the_øre_and_refused_money_never_counts(posts):
    granted = [replace(post, status="GRANTED") for post in posts if post.status != "REFUSED"]
    refused = [post for post in posts if post.status == "REFUSED" and post.kind != "EXPENSE"]

    assert income(posts) == income([p for p in posts if p not in refused])
    assert income(granted) <= sum((p.amount for p in posts if p.kind != "EXPENSE"), D(0))
    assert asked(posts) == max(expense(posts) - income(posts), D(0))
    assert asked(posts) == asked(posts).quantize(ØRE)


@given(KR, st.integers(0, 100))
def test_a_share_is_the_most_that_is_within_the_rule(whole, percent):
    most = share(whole, percent)

    assert most * 100 <= whole * percent < (most + ØRE) * 100
    assert share(whole, percent) + (whole - share(whole, percent)) == whole


@given(POSTS, st.integers(0, 100))
def test_a_category_at_its_share_is_within_and_an_øre_more_is_not(posts, percent):
    bounds = Bounds(most_percent={"FOOD": percent})
    food = expense(p for p in posts if p.category == "FOOD")
    told = [b for b in breaches(posts, bounds) if b.rule == Rule.CATEGORY]

    assert bool(told) == (food > share(expense(posts), percent))
