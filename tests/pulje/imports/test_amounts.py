from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.imports.amounts import CURRENCIES, NotKnown, Style, Unreadable, read_amount

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "style", "amount"),
    [
        ("15.000,50", "da", "15000.50"),
        ("15000", "da", "15000.00"),
        ("€ 15.000", "da", "15000.00"),
        ("€ 1.250.000", "da", "1250000.00"),
        ("kr. 1.250,5", "da", "1250.50"),
        ("1.250,- kr.", "da", "1250.00"),
        ("12 500,25 DKK", "da", "12500.25"),
        ("12\u00a0500", "da", "12500.00"),
        ("75,453.00", "en", "75453.00"),
        ("£1,875", "en", "1875.00"),
        ("-21.35", "en", "-21.35"),
        ("\u221221.35", "en", "-21.35"),
        ("-£5", "en", "-5.00"),
        ("0", "da", "0.00"),
        ("0007", "da", "7.00"),
    ],
)
def test_amount_as_people_write_it(text: str, style: str, amount: str) -> None:
    assert read_amount(text, Style(style), CURRENCIES) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("15,000", "da"),  # English thousands in a Danish file
        ("15.000", "en"),  # Danish thousands in an English file
        ("75,453.00", "da"),
        ("15.000,50", "en"),
        ("1.5", "da"),
        ("1.0000", "da"),
        ("1.00.000", "da"),
        ("12.34,56", "da"),
        ("1e5", "en"),
        ("abc", "da"),
        ("5 mio.", "da"),
        ("--5", "da"),
        ("€ € 5", "da"),
        ("٣٤٥", "da"),
        ("1,875 & £500", "en"),
        ("9999999999999", "da"),
        ("Infinity", "en"),
    ],
)
def test_amount_that_could_mean_something_else_is_refused(text: str, style: str) -> None:
    with pytest.raises(Unreadable):
        read_amount(text, Style(style), CURRENCIES)


@pytest.mark.parametrize(
    "text", ["€ NaN", "NaN", "n/a", "-", "ukendt", Decimal("NaN"), float("nan")]
)
def test_amount_that_nobody_knows(text: object) -> None:
    with pytest.raises(NotKnown):
        read_amount(text, Style.DANISH, CURRENCIES)


@pytest.mark.parametrize(
    ("number", "amount"),
    [
        (2266, "2266.00"),
        (3028.63, "3028.63"),
        (33333.333333, "33333.33"),
        (Decimal("0.005"), "0.01"),
    ],
)
def test_number_of_the_file_itself_is_in_whole_oere(number: object, amount: str) -> None:
    assert read_amount(number, Style.DANISH, CURRENCIES) == Decimal(amount)


@pytest.mark.parametrize("number", [True, float("inf"), 10**12])
def test_number_that_is_no_amount(number: object) -> None:
    with pytest.raises(Unreadable):
        read_amount(number, Style.DANISH, CURRENCIES)


def english(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def danish(amount: Decimal) -> str:
    return english(amount).translate(str.maketrans(",.", ".,"))


@given(AMOUNTS, st.sampled_from(["", "kr. ", "€ ", "DKK "]), st.sampled_from(["", "-"]))
def test_every_amount_survives_being_written(amount: Decimal, currency: str, sign: str) -> None:
    expected = -amount if sign else amount

    assert read_amount(sign + currency + danish(amount), Style.DANISH, CURRENCIES) == expected
    assert read_amount(currency + sign + english(amount), Style.ENGLISH, CURRENCIES) == expected


@given(AMOUNTS.filter(lambda amount: amount >= 1000))
def test_an_amount_in_the_other_style_is_never_read_as_another_amount(amount: Decimal) -> None:
    with pytest.raises(Unreadable):
        read_amount(english(amount), Style.DANISH, CURRENCIES)
    with pytest.raises(Unreadable):
        read_amount(danish(amount), Style.ENGLISH, CURRENCIES)


@given(st.text())
def test_any_text_gives_an_amount_or_a_sentence(text: str) -> None:
    try:
        amount = read_amount(text, Style.DANISH, CURRENCIES)
    except (Unreadable, NotKnown) as error:
        said = str(error)
    else:
        said = f"{amount:.2f} kr."

    assert said.endswith(".")
