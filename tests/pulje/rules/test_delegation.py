from datetime import date
from decimal import Decimal as D

import pytest

from pulje.rules.delegation import answer_due, may_decide_alone

BASE = {
    "amount_kr": D(10000),
    "limit_kr": D(10000),
    "on": date(2027, 3, 1),
    "valid_from": None,
    "valid_until": None,
}


@pytest.mark.parametrize(
    ("change", "alone"),
    [
        pytest.param({}, True, id="exactly the limit"),
        pytest.param({"amount_kr": D("10000.01")}, False, id="an øre over the limit"),
        pytest.param({"amount_kr": D(0)}, True, id="a refusal of everything"),
        pytest.param({"limit_kr": None}, False, id="nothing delegated"),
        pytest.param({"valid_from": date(2027, 3, 1)}, True, id="the first day"),
        pytest.param({"valid_from": date(2027, 3, 2)}, False, id="the day before it begins"),
        pytest.param({"valid_until": date(2027, 3, 1)}, True, id="the last day"),
        pytest.param({"valid_until": date(2027, 2, 28)}, False, id="the day after it ended"),
        pytest.param({"legal_basis_allows": False}, False, id="the law gives it to the committee"),
    ],
)
def test_may_decide_alone(change, alone):
    assert may_decide_alone(**BASE | change) is alone


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
