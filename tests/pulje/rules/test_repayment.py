from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.repayment import amount_to_repay, unused

KR = st.decimals(0, 1_000_000, places=2)


@pytest.mark.parametrize(
    ("granted", "paid", "accepted", "repay", "release"),
    [
        pytest.param("100", "100", "100", "0", "0", id="all used"),
        pytest.param("100", "100", "150", "0", "0", id="spent more than the grant"),
        pytest.param("100", "100", "99.99", "0.01", "0", id="an øre unused"),
        pytest.param(
            "100", "100", "0", "100", "0", id="nothing accepted: all of it back, not more"
        ),
        pytest.param("100", "0", "0", "0", "100", id="never paid, never used: all released"),
        pytest.param("100", "0", "60", "0", "40", id="reimbursed what was spent"),
        pytest.param("100", "75", "100", "0", "0", id="the last quarter after the report"),
        pytest.param("100", "75", "80", "0", "20", id="a smaller last instalment"),
        pytest.param("100", "75", "75", "0", "25", id="exactly what was paid"),
        pytest.param(
            "100", "75", "60", "15", "25", id="back what was paid too much, release the rest"
        ),
    ],
)
def test_settlement_of_a_grant(granted, paid, accepted, repay, release):
    facts = {"granted_kr": D(granted), "paid_kr": D(paid), "accepted_kr": D(accepted)}

    assert (amount_to_repay(**facts), unused(**facts)) == (D(repay), D(release))


@pytest.mark.parametrize(
    ("deficit", "repay", "release"),
    [
        pytest.param("-10", "50", "50", id="a surplus: the advance comes back"),
        pytest.param("0", "50", "50", id="no deficit"),
        pytest.param("50", "0", "50", id="exactly the advance"),
        pytest.param("80", "0", "20", id="a deficit under the ceiling"),
        pytest.param("100", "0", "0", id="exactly the ceiling"),
        pytest.param("130", "0", "0", id="a deficit over the ceiling"),
    ],
)
def test_settlement_of_a_guarantee_with_half_in_advance(deficit, repay, release):
    facts = {
        "granted_kr": D(100),
        "paid_kr": D(50),
        "accepted_kr": D(deficit),
        "is_guarantee": True,
    }

    assert (amount_to_repay(**facts), unused(**facts)) == (D(repay), D(release))


@pytest.mark.parametrize("ask", [amount_to_repay, unused])
def test_spending_below_zero_is_a_mistake(ask):
    with pytest.raises(ValueError, match="negative"):
        ask(granted_kr=D(100), paid_kr=D(50), accepted_kr=D("-0.01"))


def test_more_paid_than_granted_releases_nothing():
    assert unused(granted_kr=D(100), paid_kr=D(120), accepted_kr=D(120)) == 0


@given(KR, KR, KR)
def test_every_oere_of_the_grant_is_kept_paid_back_or_released(granted, share, accepted):
    paid = min(granted, share)
    facts = {"granted_kr": granted, "paid_kr": paid, "accepted_kr": accepted}

    repay, release = amount_to_repay(**facts), unused(**facts)

    to_pay = granted - paid - release
    assert 0 <= repay <= paid
    assert to_pay >= 0
    assert paid - repay + to_pay == min(granted, accepted)
    assert not (repay and to_pay)
