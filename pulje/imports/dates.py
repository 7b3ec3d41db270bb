"""Dates as people write them, in the forms the MAP names and no others."""

from datetime import date, datetime

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
_CODES = {"d": "%d", "m": "%m", "Y": "%Y"}


class NoDate(ValueError):
    """The text is no date in the forms told; the message is a Danish sentence."""


def strptime_form(form: str) -> str:
    """Turn "d/m/Y" into what Python reads; raises ValueError for a form without d, m and Y once."""
    if sorted(c for c in form if c.isalpha()) != ["Y", "d", "m"] or "%" in form:
        raise ValueError(f"not a form of a date: {form}")
    return "".join(_CODES.get(c, c) for c in form)


def read_date(value: object, forms: tuple[str, ...]) -> date:
    """The day; a time of day after it is left out. ``forms`` are as strptime reads them."""
    if isinstance(value, datetime):
        return _within(value.date(), value)
    if isinstance(value, date):
        return _within(value, value)
    text = str(value).strip()
    for form in forms:
        for candidate in (text, text[:10]) if _has_time(text) else (text,):
            try:
                # a day has no time zone
                return _within(datetime.strptime(candidate, form).date(), text)  # noqa: DTZ007
            except ValueError as error:
                if isinstance(error, NoDate):
                    raise
    raise NoDate(f"“{text[:40]}” er ikke en dato i de formater, som MAP nævner.")


def read_year(value: object) -> int:
    """A year alone, as "2016" or 2016."""
    text = str(value).strip()
    if text.isascii() and text.isdigit() and EARLIEST.year <= int(text[:5]) <= LATEST.year:
        return int(text)
    raise NoDate(f"“{text[:40]}” er ikke et årstal.")


def _has_time(text: str) -> bool:
    return len(text) > 10 and text[10] in "T "


def _within(day: date, written: object) -> date:
    if EARLIEST <= day <= LATEST:
        return day
    raise NoDate(f"“{str(written)[:40]}” ligger uden for årene 1900–2199.")
