"""CPR numbers: every border of the century's table, and what is no number at all."""

from datetime import date

import pytest

from pulje.rules.person_number import born_on, compact, looks_real


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("0101000000", date(1900, 1, 1)),
        ("0101993999", date(1999, 1, 1)),
        ("0101364000", date(2036, 1, 1)),
        ("0101374000", date(1937, 1, 1)),
        ("0101575000", date(2057, 1, 1)),
        ("0101585000", date(1858, 1, 1)),
        ("0101578999", date(2057, 1, 1)),
        ("0101369000", date(2036, 1, 1)),
        ("0101379000", date(1937, 1, 1)),
        ("2902000000", None),  # 1900 was no leap year
        ("2902004000", date(2000, 2, 29)),
        ("3113900000", None),
        ("0000000000", None),
    ],
)
def test_the_day_of_birth(number: str, born: date | None) -> None:
    assert born_on(number) == born


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("010190-4321", "0101904321"),
        (" 010190 4321 ", "0101904321"),
        ("0101904321", "0101904321"),
        ("01019043210", ""),
        ("010190432", ""),
        ("٠١٠١٩٠٤٣٢١", ""),
        ("", ""),
        ("010190_4321", ""),
    ],
)
def test_what_was_typed(typed: str, digits: str) -> None:
    assert compact(typed) == digits


def test_the_old_check_sum() -> None:
    assert looks_real("0707614285")  # the one of the registry's own explanation
    assert not looks_real("0707614286")
