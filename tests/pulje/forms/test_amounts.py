from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pulje.forms.amounts import AmountField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("25000", "25000.00"),
        ("25.000", "25000.00"),
        ("25.000,00", "25000.00"),
        ("25.000,5", "25000.50"),
        ("25 000", "25000.00"),
        ("25\u00a0000 kr.", "25000.00"),
        ("25.000,-", "25000.00"),
        (" 1.234.567,89 kr ", "1234567.89"),
        ("0,05", "0.05"),
        ("999999999,99", "999999999.99"),
    ],
)
def test_amount_as_people_type_it(typed: str, amount: str) -> None:
    read = AmountField().clean(typed)

    assert str(read) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "25.00",
        "25,000",
        "2.5.000",
        "25.0000",
        "-5",
        "1e5",
        "fem",
        "25.000.00",
        "٣",
        "NaN",
        "5,",
        "1000000000",
    ],
)
def test_amount_that_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        AmountField().clean(typed)


def test_empty_is_nothing_or_missing() -> None:
    assert AmountField(required=False).clean("  ") is None
    with pytest.raises(ValidationError, match="Skriv beløbet"):
        AmountField().clean("")


def test_saved_amount_is_shown_as_danes_write_it_and_typed_text_as_typed() -> None:
    field = AmountField()

    assert field.prepare_value(Decimal("25000.00")) == "25.000"
    assert field.prepare_value(Decimal("25000.50")) == "25.000,50"
    assert field.prepare_value("25k") == "25k"
