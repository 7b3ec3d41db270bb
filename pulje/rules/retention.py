"""When a closed case may be erased."""

from datetime import date


def erase_on(closed_on: date, years: int) -> date:
    """Give the first day the case may be erased: that many full years after it was closed, never a
    day too early.

    A case closed on 29 February is erased on 1 March where the year has no such day. Erasing also
    demands that the case is handed to the archive first.
    Source: GDPR art. 5(1)(e); arkivbekendtgørelsen § 5; the years are local config ("normalt 5 år",
    domain.md B).
    """
    if (closed_on.month, closed_on.day) == (2, 29):
        return _day_after_28_february(closed_on.year + years)
    return closed_on.replace(year=closed_on.year + years)


def _day_after_28_february(year: int) -> date:
    return date.fromordinal(date(year, 2, 28).toordinal() + 1)
