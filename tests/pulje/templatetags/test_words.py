from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import time_machine

from pulje.templatetags import words

TODAY = "2026-11-21T10:00:00+01:00"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (25000, "25.000"),
        (Decimal("25000.00"), "25.000"),
        (Decimal("1234567.5"), "1.234.567,50"),
        (Decimal("-500"), "−500"),
        (0, "0"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_tal(amount: Decimal | int | None, text: str) -> None:
    assert words.tal(amount) == text


def test_kr_never_breaks_before_the_unit() -> None:
    assert words.kr_text(25000) == "25.000\xa0kr."
    assert words.kr_text(None) == "–"


@time_machine.travel(TODAY, tick=False)
def test_dates_name_the_year_when_it_is_another() -> None:
    assert words.dato(date(2026, 12, 1)) == "1. december"
    assert words.dato(date(2027, 1, 14)) == "14. januar 2027"
    assert words.dato_aar(date(2026, 12, 1)) == "1. december 2026"
    assert words.dato_kort(date(2026, 12, 1)) == "1.\xa0dec."
    assert words.dato_kort(date(2026, 5, 1)) == "1.\xa0maj"
    assert words.dato_kort(date(2027, 1, 6)) == "6.\xa0jan. 2027"


@time_machine.travel(TODAY, tick=False)
def test_times_are_danish_time() -> None:
    noon = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)

    assert words.tid(noon) == "kl.\xa012"
    assert words.tid(time(14, 32)) == "kl.\xa014.32"
    assert words.tid(time(9, 5)) == "kl.\xa09.05"
    assert words.dato_tid(noon) == "1. december kl.\xa012"


@pytest.mark.parametrize("said", ["dato", "dato_aar", "dato_kort", "tid", "dato_tid"])
def test_nothing_is_a_dash(said: str) -> None:
    assert getattr(words, said)(None) == "–"


@pytest.mark.parametrize(
    ("when", "short", "long"),
    [
        (date(2026, 11, 19), "19.\xa0nov. – 2\xa0dage over", "19. november – 2\xa0dage over"),
        (date(2026, 11, 20), "20.\xa0nov. – 1\xa0dag over", "20. november – 1\xa0dag over"),
        (date(2026, 11, 21), "I dag", "I dag"),
        (date(2026, 11, 22), "I morgen", "22. november – om 1\xa0dag"),
        (date(2026, 12, 1), "1.\xa0dec.", "1. december – om 10\xa0dage"),
        (
            datetime(2026, 12, 1, 11, tzinfo=UTC),
            "1.\xa0dec.",
            "1. december kl.\xa012 – om 10\xa0dage",
        ),
        (datetime(2026, 11, 21, 11, tzinfo=UTC), "I dag", "I dag kl.\xa012"),
        (
            datetime(2026, 11, 21, 8, tzinfo=UTC),
            "I dag kl.\xa09 – overskredet",
            "I dag kl.\xa09 – overskredet",
        ),
        (
            datetime(2026, 11, 19, 8, tzinfo=UTC),
            "19.\xa0nov. – 2\xa0dage over",
            "19. november kl.\xa09 – 2\xa0dage over",
        ),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_deadlines(when: date, short: str, long: str) -> None:
    assert words.frist(when) == short
    assert words.frist_lang(when) == long
