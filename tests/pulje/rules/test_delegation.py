from datetime import date
from decimal import Decimal as D

import pytest

from pulje.rules.delegation import answer_due, hindrance

BASE = {
    "amount_kr": D(10000),
    "limit_kr": D(10000),
    "on": date(2027, 3, 1),
    "valid_from": None,
    "valid_until": None,
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({}, None, id="exactly the limit"),
        pytest.param({"amount_kr": D("10000.01")}, "OVER_LIMIT", id="an øre over the limit"),
        pytest.param({"amount_kr": D(0)}, None, id="a refusal of everything"),
        pytest.param({"limit_kr": None}, "NO_LIMIT", id="nothing delegated"),
        pytest.param({"valid_from": date(2027, 3, 1)}, None, id="the first day"),
        pytest.param({"valid_from": date(2027, 3, 2)}, "NOT_BEGUN", id="the day before it begins"),
        pytest.param({"valid_until": date(2027, 3, 1)}, None, id="the last day"),
        pytest.param({"valid_until": date(2027, 2, 28)}, "ENDED", id="the day after it ended"),
        pytest.param({"legal_basis_allows": False}, "NO_BASIS", id="nobody has decided it"),
    ],
)
def test_what_hinders_the_administration_to_decide_alone(change, reason):
    assert hindrance(**BASE | change) == reason


@pytest.mark.parametrize(
    ("received_on", "working_days", "due"),
    [
        pytest.param(date(2027, 3, 1), 10, date(2027, 3, 15), id="ten working days, two weeks"),
        pytest.param(date(2027, 3, 22), 10, date(2027, 4, 8), id="ten working days over Easter"),
        pytest.param(date(2027, 3, 6), 1, date(2027, 3, 8), id="received on a Saturday"),
    ],
)
def test_answer_due(received_on, working_days, due):
    assert answer_due(received_on, working_days) == due


def test_answer_is_due_in_ten_working_days_when_the_pool_says_nothing():
    assert answer_due(date(2027, 3, 1)) == date(2027, 3, 15)
