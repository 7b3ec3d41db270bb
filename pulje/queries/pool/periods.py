"""Cases per week or month as columns of a chart, without holes; no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import dateformat

from pulje.models import Round
from pulje.queries.pool.statistics import Line
from pulje.rules.deadlines import add_months

WEEK = timedelta(weeks=1)
MOST = 11  # columns that can be read, and one for all before


@dataclass(frozen=True)
class Columns:
    """(short name, long name, cases) of each; the deadline lies after ``mark_after`` of them."""

    rows: list[tuple[str, str, int]] = field(default_factory=list)
    mark_after: int = 0

    @property
    def last_before_deadline(self) -> int:
        """How many came in the week of the deadline."""
        return self.rows[self.mark_after - 1][2] if self.mark_after else 0


def period_of(round: Round | None) -> str:
    """A round with a deadline is told by week, all else by month."""
    return "week" if round is not None and round.closes_at else "month"


def by_week(periods: Mapping[date, Line], until: date, today: date) -> Columns:
    """The weeks up to the last case or the deadline, but not those to come; older ones as one.

    ``periods`` are keyed by their Mondays.
    """
    if not periods:
        return Columns()
    deadline = _monday(until)
    days, last = [min(periods)], max(*periods, min(deadline, _monday(today)))
    while days[-1] < last:
        days.append(days[-1] + WEEK)
    days = days[-MOST:]
    rows = [(f"uge {day:%-V}", f"Uge {day:%-V}, {day:%G}", _cases(periods, day)) for day in days]
    before = sum(line.cases for day, line in periods.items() if day < days[0])
    if before:
        rows.insert(0, ("før", "Før de viste uger", before))
    is_shown = until < today and deadline in days
    return Columns(rows, len(rows) - len(days) + days.index(deadline) + 1 if is_shown else 0)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def by_month(periods: Mapping[date, Line]) -> Columns:
    """The last year's months with the last of them that had a case."""
    if not periods:
        return Columns()
    last = max(periods)
    days = [add_months(last, number) for number in range(-MOST, 1)]
    days = [day for day in days if day >= min(periods)]
    names = [dateformat.format(day, "F Y") for day in days]
    return Columns(
        [(name[:3], name, _cases(periods, day)) for name, day in zip(names, days, strict=True)]
    )


def _cases(periods: Mapping[date, Line], day: date) -> int:
    return periods[day].cases if day in periods else 0
