"""Amounts as people write them, read strictly: what could mean two things is refused."""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

OERE = Decimal("0.01")
LARGEST = Decimal("999999999.99")  # the house's amounts go up to a billion
CURRENCIES = ("kr.", "kr", "DKK", "EUR", "GBP", "€", "£", "$")
# how registers write "we do not know"
UNKNOWN = frozenset({"nan", "n/a", "na", "null", "none", "-", "–", "?", "ukendt", "onbekend"})


class Style(StrEnum):
    """How numbers are written: which sign groups thousands and which begins the decimals."""

    DANISH = "da"  # 15.000,50
    ENGLISH = "en"  # 75,453.00


class Unreadable(ValueError):
    """The text is no amount in the style told; the message is a Danish sentence."""


class NotKnown(ValueError):
    """The cell says that nobody knows the amount (NaN, n/a, -)."""


def _pattern(group: str, decimal: str) -> re.Pattern[str]:
    whole = rf"[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+|[0-9]{{1,3}}(?: [0-9]{{3}})+|[0-9]+"
    return re.compile(rf"(?P<whole>{whole})(?:{decimal}(?P<rest>[0-9]{{1,2}}|-))?")


_PATTERNS = {Style.DANISH: _pattern(".", ","), Style.ENGLISH: _pattern(",", r"\.")}
_SIGNS = {"-": -1, "\u2212": -1, "+": 1}
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t\n\r", " "))


def read_amount(value: object, style: Style, currencies: tuple[str, ...] = CURRENCIES) -> Decimal:
    """The amount in whole øre; the sign is kept, the currency sign is thrown away.

    Refuses (Unreadable) more than two decimals in text: "15,000" in a Danish file is far more
    often fifteen thousand than fifteen. Refuses (NotKnown) a cell that says so.
    """
    if isinstance(value, bool):
        raise Unreadable(f"“{value}” er ikke et beløb.")
    if isinstance(value, int | float | Decimal):
        return _within(Decimal(str(value)), value)
    text = str(value).translate(_SPACES).strip()
    bare = _without_currency(text, currencies)
    if bare.casefold() in UNKNOWN:
        raise NotKnown(f"Beløbet er skrevet “{_short(text)}”.")
    sign = 1
    if bare[:1] in _SIGNS:
        sign, bare = _SIGNS[bare[0]], _without_currency(bare[1:].lstrip(), currencies)
    match = _PATTERNS[style].fullmatch(bare)
    if match is None:
        raise Unreadable(f"“{_short(text)}” er ikke et beløb i talformatet “{style}”.")
    whole = re.sub(r"[^0-9]", "", match["whole"])
    rest = (match["rest"] or "").replace("-", "")
    return _within(sign * Decimal(f"{whole}.{rest or 0}"), text)


def _without_currency(text: str, currencies: tuple[str, ...]) -> str:
    """Take one sign off the front or the back; two signs are no amount."""
    folded = text.casefold()
    for sign in currencies:
        if folded.startswith(sign.casefold()):
            return text[len(sign) :].lstrip()
        if folded.endswith(sign.casefold()):
            return text[: -len(sign)].rstrip()
    return text


def _within(amount: Decimal, written: object) -> Decimal:
    """A number of the file itself is rounded to øre: spreadsheets carry 33333.333333."""
    if amount.is_nan():
        raise NotKnown("Beløbet er skrevet “NaN”.")
    if abs(amount) > LARGEST:
        raise Unreadable(f"“{_short(str(written))}” er større end en milliard.")
    return amount.quantize(OERE, ROUND_HALF_UP)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
