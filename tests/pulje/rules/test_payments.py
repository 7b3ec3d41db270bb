from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.payments import Instalment, earliest_days, four_eyes, instalments

START = date(2027, 2, 1)
HALF_YEAR_ON = date(2027, 8, 1)
PLANS = ["UPFRONT", "INSTALMENTS", "ON_REQUEST", "REIMBURSEMENT", "DEFICIT_GUARANTEE"]


@pytest.mark.parametrize(
    ("plan", "amount_kr", "expected"),
    [
        pytest.param("UPFRONT", "10000", [("10000", START, False)], id="upfront: all at once"),
        pytest.param(
            "ON_REQUEST", "10000", [("10000", START, False)], id="on request: all at once"
        ),
        pytest.param(
            "REIMBURSEMENT",
            "10000",
            [("10000", START, True)],
            id="reimbursement: all after the report",
        ),
        pytest.param(
            "INSTALMENTS",
            "10000",
            [("3750", START, False), ("3750", HALF_YEAR_ON, False), ("2500", HALF_YEAR_ON, True)],
            id="instalments: three quarters in two, a quarter after the report",
        ),
        pytest.param(
            "INSTALMENTS",
            "100.01",
            [
                ("37.50", START, False),
                ("37.50", HALF_YEAR_ON, False),
                ("25.01", HALF_YEAR_ON, True),
            ],
            id="instalments: the odd øre goes last",
        ),
        pytest.param(
            "INSTALMENTS",
            "0.01",
            [("0.01", HALF_YEAR_ON, True)],
            id="instalments of one øre: no empty ones",
        ),
        pytest.param(
            "DEFICIT_GUARANTEE",
            "9999.99",
            [("4999.99", START, False), ("5000.00", START, True)],
            id="guarantee: half in advance, the odd øre after the report",
        ),
    ],
)
def test_instalments(plan, amount_kr, expected):
    assert instalments(plan, D(amount_kr), START) == tuple(
        Instalment(number, D(kr), due_on, after_report)
        for number, (kr, due_on, after_report) in enumerate(expected, 1)
    )


@given(
    st.sampled_from(PLANS),
    st.decimals("0.01", 99_999_999, places=2),
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
)
def test_instalments_add_up_to_the_last_oere_and_none_is_empty(plan, amount_kr, starts_on):
    parts = instalments(plan, amount_kr, starts_on)

    assert sum(part.amount_kr for part in parts) == amount_kr
    assert all(part.amount_kr > 0 and part.due_on >= starts_on for part in parts)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))


@pytest.mark.parametrize(
    ("plan", "amount_kr"),
    [
        pytest.param("GIFT", "100", id="unknown plan"),
        pytest.param("UPFRONT", "0", id="nothing"),
        pytest.param("UPFRONT", "-1", id="less than nothing"),
        pytest.param("UPFRONT", "0.001", id="less than an øre"),
    ],
)
def test_instalments_refuses(plan, amount_kr):
    with pytest.raises(ValueError, match="unknown payment plan|whole øre"):
        instalments(plan, D(amount_kr), START)


def test_four_eyes():
    assert four_eyes(1, 2)
    assert not four_eyes(1, 1)


@pytest.mark.parametrize(
    ("plan", "starts_on", "today", "days"),
    [
        ("UPFRONT", START, date(2027, 1, 31), (START,)),
        ("UPFRONT", START, START, (None,)),
        ("UPFRONT", None, START, (None,)),
        ("INSTALMENTS", START, date(2027, 1, 31), (START, HALF_YEAR_ON)),
        ("INSTALMENTS", START, date(2027, 3, 1), (None, HALF_YEAR_ON)),
        ("INSTALMENTS", None, START, (None, None)),
        ("REIMBURSEMENT", START, date(2027, 1, 31), ()),
        ("DEFICIT_GUARANTEE", START, date(2027, 1, 31), (START,)),
    ],
)
def test_earliest_days_are_those_ahead_that_wait_for_no_report(plan, starts_on, today, days):
    assert earliest_days(plan, starts_on, today) == days
