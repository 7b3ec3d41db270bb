from datetime import date
from decimal import Decimal as D

import pytest

from pulje.rules.reporting import demand_for, report_due


@pytest.mark.parametrize(
    ("amount_kr", "code"),
    [
        pytest.param("0.01", "STORY", id="one øre"),
        pytest.param("10000", "STORY", id="exactly 10.000"),
        pytest.param("10000.01", "BOARD_SIGNED", id="an øre over 10.000"),
        pytest.param("50000", "BOARD_SIGNED", id="exactly 50.000"),
        pytest.param("50000.01", "AUDITED", id="an øre over 50.000"),
        pytest.param("200000", "AUDITED", id="exactly 200.000"),
        pytest.param("200000.01", "REGISTERED_AUDITOR", id="an øre over 200.000"),
    ],
)
def test_demand_for_by_the_default_steps(amount_kr, code):
    assert demand_for(D(amount_kr), kind="ASSOCIATION") == code


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("ASSOCIATION", ["STORY", "BOARD_SIGNED", "AUDITED", "REGISTERED_AUDITOR"]),
        ("SELF_GOVERNING_INSTITUTION", ["STORY", "BOARD_SIGNED", "AUDITED", "REGISTERED_AUDITOR"]),
        ("INDIVIDUAL", ["STORY", "ACCOUNT", "ACCOUNT", "REGISTERED_AUDITOR"]),
        ("INFORMAL_GROUP", ["STORY", "ACCOUNT", "ACCOUNT", "REGISTERED_AUDITOR"]),
        ("MUNICIPAL_INSTITUTION", ["STORY", "ACCOUNT", "ACCOUNT", "REGISTERED_AUDITOR"]),
    ],
)
def test_who_has_no_board_is_not_asked_for_what_a_board_gives(kind, codes):
    amounts = (D(10_000), D(50_000), D(200_000), D(200_001))
    assert [demand_for(amount, kind=kind) for amount in amounts] == codes


def test_a_pool_may_set_its_own_steps():
    steps = [(D(20000), "STORY"), (None, "ACCOUNT")]
    assert demand_for(D(90000), steps, kind="ASSOCIATION") == "ACCOUNT"


def test_an_amount_above_the_last_step_is_a_mistake_in_the_settings():
    with pytest.raises(ValueError, match=r"20000\.01"):
        demand_for(D("20000.01"), [(D(20000), "STORY")], kind="ASSOCIATION")


@pytest.mark.parametrize(
    ("ends_on", "months", "due"),
    [
        pytest.param(date(2027, 6, 30), 2, date(2027, 8, 30), id="two months"),
        pytest.param(date(2027, 12, 31), 2, date(2028, 2, 29), id="into leap February"),
        pytest.param(date(2026, 12, 31), 2, date(2027, 2, 28), id="into short February"),
        pytest.param(date(2027, 6, 30), 3, date(2027, 9, 30), id="three months"),
    ],
)
def test_report_due(ends_on, months, due):
    assert report_due(ends_on, months) == due


def test_report_is_due_in_two_months_when_the_pool_says_nothing():
    assert report_due(date(2027, 6, 30)) == date(2027, 8, 30)
