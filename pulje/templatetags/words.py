"""How we write amounts, dates, times and deadlines (design/DESIGN.md section 5).

Amounts are written the Danish way on English pages too: as they are typed.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "–"


def tal(amount: Decimal | int | None) -> str:
    """25000 as "25.000"; øre only when there are some; a dash for nothing."""
    if amount is None or amount == "":
        return NOTHING
    value = Decimal(amount)
    digits = f"{abs(value):,.0f}" if value == value.to_integral_value() else f"{abs(value):,.2f}"
    return (MINUS if value < 0 else "") + digits.translate(str.maketrans(",.", ".,"))


def kr_text(amount: Decimal | int | None) -> str:
    """25000 as "25.000 kr."; a dash for nothing."""
    return NOTHING if amount is None or amount == "" else f"{tal(amount)}{NO_BREAK}kr."


def dato(when: date | None) -> str:
    """Gives "14. januar", with the year when it is not this year."""
    if not when:
        return NOTHING
    when = _local(when)
    return dateformat.format(when, _day() if _is_this_year(when) else _day_and_year())


def dato_aar(when: date | None) -> str:
    """Gives "14. januar 2027", always with the year."""
    return dateformat.format(_local(when), _day_and_year()) if when else NOTHING


def dato_kort(when: date | None) -> str:
    """Gives "6. jan." for tables, with the year when it is not this year."""
    if not when:
        return NOTHING
    when = _local(when)
    month = dateformat.format(when, "F")
    short = month if len(month) <= 4 else f"{month[:3]}."
    text = pgettext("6. jan.", "%(day)s.\u00a0%(month)s") % {"day": when.day, "month": short}
    return text if _is_this_year(when) else f"{text} {when.year}"


def tid(when: datetime | time | None) -> str:
    """Gives "kl. 14.32", or "kl. 12" on the hour."""
    if when is None:
        return NOTHING
    if isinstance(when, datetime):
        when = timezone.localtime(when)
    minutes = f".{when.minute:02}" if when.minute else ""
    return pgettext("time of day", "kl.\u00a0%s") % f"{when.hour}{minutes}"


def dato_tid(when: datetime | None) -> str:
    """Gives "1. december kl. 12"."""
    return f"{dato(when)} {tid(when)}" if when else NOTHING


def dage(number: int) -> str:
    """Gives "1 dag", "2 dage"."""
    return ngettext("%s\u00a0dag", "%s\u00a0dage", number) % number


def days_until(when: date) -> int:
    """Whole days from today; negative when the day has passed."""
    local = _local(when)
    on = local.date() if isinstance(local, datetime) else local
    return (on - timezone.localdate()).days


def has_passed(when: date) -> bool:
    """True when a day is before today, or a time before now."""
    return when < timezone.now() if isinstance(when, datetime) else days_until(when) < 0


def frist(when: date) -> str:
    """A deadline in a table: "2. jan. – 2 dage over", "I dag", "I morgen", "6. jan."."""
    days = days_until(when)
    if has_passed(when):
        return _passed(when, days, dato_kort(when))
    return {0: _("I dag"), 1: _("I morgen")}.get(days, dato_kort(when))


def frist_lang(when: date) -> str:
    """A deadline for the public: "1. december kl. 12 – om 10 dage", "I dag kl. 12"."""
    days, day = days_until(when), dato(when) + _clock(when)
    if has_passed(when):
        return _passed(when, days, day)
    if not days:
        return _("I dag") + _clock(when)
    return _("%(day)s – om %(days)s") % {"day": day, "days": dage(days)}


def _passed(when: date, days: int, day: str) -> str:
    if not days:
        return _("I dag%s – overskredet") % _clock(when)
    return _("%(day)s – %(days)s over") % {"day": day, "days": dage(-days)}


def _day() -> str:
    return pgettext("date", "j. F")


def _day_and_year() -> str:
    return pgettext("date", "j. F Y")


def _clock(when: date) -> str:
    return f" {tid(when)}" if isinstance(when, datetime) else ""


def _local(when: date) -> date:
    return timezone.localtime(when) if isinstance(when, datetime) else when


def _is_this_year(when: date) -> bool:
    return when.year == timezone.localdate().year
