"""The numbers of pools as the public may know them: what was sought, by whom, how long it took.

Two statements, whatever the number of cases; nobody's gender is known or asked. A case counts from
the day it was sent, whatever became of it. ``kr.`` granted is what each case has now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection

from pulje.enums import ApplicantKind, Theme
from pulje.rules.deadlines import is_working_day
from pulje.states import CaseState

ZERO = Decimal(0)
YEARS_BACK = 10
UNKNOWN = "Ikke oplyst"
NEW, KNOWN = "Ikke støttet før", "Støttet før"
# calendar days with us: up to and with; the last has no end
BANDS: dict[str, int | None] = {
    "0–14 dage": 14,
    "15–30 dage": 30,
    "31–60 dage": 60,
    "61–90 dage": 90,
    "Over 90 dage": None,
}


@dataclass(frozen=True)
class Scope:
    """Which cases are counted: those sent to these pools, or to one round of them.

    Of the ``hidden`` ones nothing is told but what they asked for.
    """

    pools: tuple[int, ...]
    round: int | None = None
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Line:
    """One line of a table: cases, how many of them got something, and kr."""

    name: str
    cases: int = 0
    supported: int = 0
    sought_kr: Decimal = ZERO
    recommended_kr: Decimal = ZERO
    granted_kr: Decimal = ZERO

    @property
    def granted_percent(self) -> int:
        return percent(self.granted_kr, self.sought_kr)

    @property
    def recommended_percent(self) -> int:
        return percent(self.recommended_kr, self.sought_kr)


@dataclass(frozen=True)
class Numbers:
    """The same cases counted in several ways; ``periods`` is keyed by the first day of each."""

    total: Line
    pools: Mapping[int, Line] = field(default_factory=dict)
    towns: Sequence[Line] = ()
    themes: Sequence[Line] = ()
    kinds: Sequence[Line] = ()
    newness: Sequence[Line] = ()
    periods: Mapping[date, Line] = field(default_factory=dict)


@dataclass(frozen=True)
class Speed:
    """Days with us from receipt to the first decision, and how many came in time.

    What the applicant had it, waiting for an answer or in a hearing, is not counted.
    """

    decided: int = 0
    median_days: int | None = None
    slow_days: int | None = None  # nine of ten took no longer
    bands: tuple[tuple[str, int], ...] = tuple((name, 0) for name in BANDS)
    in_time: int = 0

    @property
    def in_time_percent(self) -> int:
        return percent(self.in_time, self.decided)

    @property
    def columns(self) -> list[tuple[str, str, int]]:
        """The bands as columns of a chart."""
        return [(name.removesuffix(" dage"), name, cases) for name, cases in self.bands]


def percent(part: Decimal | int, whole: Decimal | int) -> int:
    """Whole per cent, half a per cent up; 0 of nothing."""
    return int((part * 100 + whole / Decimal(2)) // whole) if whole else 0


# one pass over the cases, grouped in seven ways
_COUNT = """
with first_grants as (
    select applicant_id, min(submitted_at) as at
    from pulje_application
    where granted_kr is not null and submitted_at is not null
    group by applicant_id
), cases as (
    select a.pool_id, a.theme, p.kind,
        initcap(coalesce(nullif(trim(a.area), ''), trim(p.town))) as town,
        coalesce(f.at < a.submitted_at, false) as is_known,
        date_trunc(%(period)s, a.submitted_at at time zone %(zone)s)::date as begins,
        coalesce(a.requested_kr, 0) as sought,
        case when a.id = any(%(hidden)s::bigint[]) then 0
            else coalesce(a.granted_kr, 0) end as granted,
        case when a.state = %(recommended)s and not a.id = any(%(hidden)s::bigint[])
            then coalesce(r.amount_kr, 0) else 0 end as proposed
    from pulje_application a
    join pulje_applicant p on p.id = a.applicant_id
    left join first_grants f on f.applicant_id = a.applicant_id
    left join pulje_recommendation r on r.application_id = a.id and r.is_current
    where a.submitted_at is not null and a.pool_id = any(%(pools)s)
        and (%(round)s::bigint is null or a.round_id = %(round)s)
)
select grouping(pool_id, town, theme, kind, is_known, begins),
    coalesce(pool_id::text, town, theme, kind, is_known::text, begins::text),
    count(*), count(*) filter (where granted > 0),
    coalesce(sum(sought), 0), coalesce(sum(proposed), 0), coalesce(sum(granted), 0)
from cases
group by grouping sets ((), (pool_id), (town), (theme), (kind), (is_known), (begins))
"""
# grouping() has a bit for each column that is not grouped by, the first column's is the highest
_TOTAL, _POOL, _TOWN, _THEME, _KIND, _NEWNESS, _PERIOD = (
    63,
    *(63 - (1 << bit) for bit in reversed(range(6))),
)


def count(scope: Scope, *, period: str = "week") -> Numbers:
    """Cases and kr. by pool, town, theme, type of applicant, newness and ``period``: one query."""
    found: dict[int, dict[str, Line]] = {}
    facts = _facts(scope) | {"period": period, "recommended": CaseState.RECOMMENDED.value}
    for which, key, *numbers in _rows(_COUNT, facts):
        found.setdefault(which, {})[key or ""] = Line(key or "", *numbers)
    kinds = {str(kind.value): str(kind.label) for kind in ApplicantKind}
    themes = {str(theme.value): str(theme.label) for theme in Theme}
    newness = {"false": NEW, "true": KNOWN}
    return Numbers(
        total=found[_TOTAL][""],
        pools={int(key): line for key, line in found.get(_POOL, {}).items()},
        towns=_most_first(found.get(_TOWN, {}).values(), {}),
        themes=_most_first(found.get(_THEME, {}).values(), themes),
        kinds=_most_first(found.get(_KIND, {}).values(), kinds),
        newness=_most_first(found.get(_NEWNESS, {}).values(), newness),
        periods={
            date.fromisoformat(key): line for key, line in sorted(found.get(_PERIOD, {}).items())
        },
    )


def _most_first(lines: Iterable[Line], names: Mapping[str, str]) -> list[Line]:
    """By kr. sought; what is not told stands last."""
    told = sorted(lines, key=lambda line: (not line.name, -line.sought_kr, line.name))
    return [_named(line, names.get(line.name, line.name) or UNKNOWN) for line in told]


def _named(line: Line, name: str) -> Line:
    return Line(
        name, line.cases, line.supported, line.sought_kr, line.recommended_kr, line.granted_kr
    )


def gathered(lines: Sequence[Line], most: int, name: str) -> list[Line]:
    """The first ``most`` lines, the others as one; as many as there are when one would be left."""
    if len(lines) <= most + 1:
        return list(lines)
    return [*lines[:most], summed(name, lines[most:])]


def summed(name: str, lines: Iterable[Line]) -> Line:
    """The lines as one."""
    rows = list(lines)
    return Line(
        name,
        sum(line.cases for line in rows),
        sum(line.supported for line in rows),
        sum((line.sought_kr for line in rows), ZERO),
        sum((line.recommended_kr for line in rows), ZERO),
        sum((line.granted_kr for line in rows), ZERO),
    )


# days between two days, and working days between them: width_bucket() counts the closed days
_OPEN_DAYS = """({until} - {since} - width_bucket({until}, %(closed)s::date[])
    + width_bucket({since}, %(closed)s::date[]))"""
_SPEED = f"""
with first as (
    select a.id, a.pool_id, a.round_id, a.version_id, a.submitted_at, min(d.decided_at) as at
    from pulje_application a join pulje_decision d on d.application_id = a.id
    where a.submitted_at is not null and a.pool_id = any(%(pools)s)
        and (%(round)s::bigint is null or a.round_id = %(round)s)
    group by a.id
), decided as (
    select f.id, f.pool_id, f.at, (f.submitted_at at time zone %(zone)s)::date as since,
        (f.at at time zone %(zone)s)::date as until, r.answer_on, v.answer_working_days
    from first f
    join pulje_round r on r.id = f.round_id
    join pulje_poolversion v on v.id = f.version_id
), asked as (
    select application_id, asked_at as at, answered_at as back_at from pulje_informationrequest
    union all
    select application_id, opened_at, ended_at from pulje_partyhearing
), waits as (
    select d.id, (asked.at at time zone %(zone)s)::date as since,
        (least(asked.back_at, d.at) at time zone %(zone)s)::date as until
    from asked join decided d on d.id = asked.application_id and asked.at < d.at
), waited as (
    select id, sum(until - since) as days,
        sum({_OPEN_DAYS.format(since="since", until="until")}) as open_days
    from waits group by id
), paces as (
    select pool_id, greatest(until - since - coalesce(days, 0), 0)::int as days,
        case when answer_on is not null then until <= answer_on
            else {_OPEN_DAYS.format(since="since", until="until")} - coalesce(open_days, 0)
                <= answer_working_days end as is_in_time
    from decided left join waited using (id)
)
select pool_id, count(*), percentile_disc(0.5) within group (order by days),
    percentile_disc(0.9) within group (order by days), count(*) filter (where is_in_time),
    {", ".join(f"count(*) filter (where days <= {most})" for most in BANDS.values() if most)}
from paces group by grouping sets ((), (pool_id))
"""


def speed(scope: Scope, today: date) -> tuple[Speed, Mapping[int, Speed]]:
    """How quick the answers were, of all and of each pool: one query.

    In time: within the day the round promised, else the working days of the pool's rules.
    """
    facts = _facts(scope) | {"closed": list(_closed_days(today.year - YEARS_BACK, today.year))}
    found = {pool: _speed(*numbers) for pool, *numbers in _rows(_SPEED, facts)}
    return found.pop(None, Speed()), found


@cache
def _closed_days(first: int, last: int) -> tuple[date, ...]:
    """The days of these years on which nobody answers."""
    days = (date(first, 1, 1) + timedelta(days=n) for n in range(366 * (last - first + 1)))
    return tuple(day for day in days if not is_working_day(day))


def _speed(decided: int, median: int | None, slow: int | None, in_time: int, *up_to: int) -> Speed:
    """``up_to`` counts all up to each band's end: a band is what it has beyond the one before."""
    ends = [*up_to, decided]
    each = [here - before for before, here in zip([0, *ends], ends, strict=False)]
    return Speed(decided, median, slow, tuple(zip(BANDS, each, strict=True)), in_time)


def _facts(scope: Scope) -> dict[str, Any]:
    which = {"pools": list(scope.pools), "round": scope.round, "hidden": list(scope.hidden)}
    return which | {"zone": settings.TIME_ZONE}


def _rows(sql: str, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())
