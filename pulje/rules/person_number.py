"""What a CPR number tells and what cannot be one; nothing here knows whose it is."""

import re
from datetime import date

DIGITS = re.compile(r"(\d{6})[ -]?(\d{4})", re.ASCII)
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_TURN_OF_CENTURY_EARLY, _TURN_OF_CENTURY_LATE = 36, 57


def compact(typed: str) -> str:
    """The ten digits of what was typed, with or without a dash; empty when it is something else.

    Source: CPR-kontoret, "Personnummeret i CPR-systemet": ddmmåå-xxxx.
    """
    found = DIGITS.fullmatch(typed.strip())
    return "".join(found.groups()) if found else ""


def born_on(number: str) -> date | None:
    """The day of birth in ten digits; None when there is no such day.

    The seventh digit tells the century.
    Source: CPR-kontoret, "Personnummeret i CPR-systemet" (table of the seventh digit).
    """
    day, month, year, seventh = int(number[:2]), int(number[2:4]), int(number[4:6]), int(number[6])
    if seventh <= 3:
        century = 1900
    elif seventh in (4, 9):
        century = 2000 if year <= _TURN_OF_CENTURY_EARLY else 1900
    else:
        century = 2000 if year <= _TURN_OF_CENTURY_LATE else 1800
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def looks_real(number: str) -> bool:
    """True when the ten digits pass the old check sum, as nearly all given numbers do.

    Not a proof: since 2007 numbers are given that fail it, so it refuses nobody in production; the
    demo takes only numbers that fail it, which are hardly anybody's.
    Source: CPR-kontoret, "Personnumre uden kontrolciffer (modulus 11-kontrol)".
    """
    return sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11 == 0
