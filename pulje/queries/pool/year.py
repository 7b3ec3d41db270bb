"""A pool's year: its rounds with their money, and everything with a day in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, F, Sum, When
from django.utils import timezone

from pulje.enums import LedgerKind
from pulje.models import LedgerEntry, Meeting, Pool, PoolVersion, Round
from pulje.rules.rounds import WHOLE_PERCENT, Share, round_frame, shares_fit

ZERO = Decimal("0.00")
MONTHS = 12
MONTH_NAMES = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
WIDTH, TOP, ROW = 1000, 24, 40


@dataclass(frozen=True)
class RoundMoney:
    """A round with what it has of the frame and what is granted in it, kr."""

    round: Round
    frame_kr: Decimal
    used_kr: Decimal

    @property
    def rest_kr(self) -> Decimal:
        return self.frame_kr - self.used_kr


def round_money(pool: Pool) -> list[RoundMoney]:
    """The pool's rounds as they open, each with its money: three queries.

    Rounds that were never given shares of their own (together over 100 %) have what is left.
    """
    rounds = list(pool.rounds.order_by("opens_at", "pk"))
    frame = pool.ledger.filter(kind=LedgerKind.FRAME).aggregate(kr=Sum("amount_kr"))["kr"] or ZERO
    used = _used(pool)
    shares = [Share(r.share_percent, used.get(r.pk, ZERO), r.rolls_over) for r in rounds]
    if not shares_fit(shares):
        shares = [Share(0 if n else WHOLE_PERCENT, s.used_kr) for n, s in enumerate(shares)]
    frames = round_frame(frame, shares)
    return [
        RoundMoney(each, kr, used.get(each.pk, ZERO))
        for each, kr in zip(rounds, frames, strict=True)
    ]


def _used(pool: Pool) -> dict[int, Decimal]:
    """kr. granted and not given back, by round."""
    signed = Case(When(kind=LedgerKind.COMMIT, then=F("amount_kr")), default=-F("amount_kr"))
    rows = LedgerEntry.objects.filter(
        pool=pool, kind__in=[LedgerKind.COMMIT, LedgerKind.RELEASE]
    ).order_by()
    return dict(rows.values_list("application__round").annotate(kr=Sum(signed)))


# --- the calendar ---


@dataclass(frozen=True)
class Day:
    """Something that happens on a day of the pool's year."""

    on: date
    at: datetime | None
    what: str


@dataclass(frozen=True)
class Bar:
    """A round's time in the year as a drawing needs it; the drawing is ``WIDTH`` wide."""

    name: str
    x: str
    width: str
    y: int
    text_y: int


@dataclass(frozen=True)
class Month:
    """Where a month begins in the drawing, and where its name stands."""

    name: str
    x: str
    text_x: str


@dataclass(frozen=True)
class Year:
    """The pool's days in order, and its rounds and meetings as a drawing needs them."""

    year: int
    days: Sequence[Day]
    bars: Sequence[Bar]
    meetings: Sequence[str]

    @property
    def months(self) -> list[Month]:
        starts = [_place(date(self.year, n, 1), self.year) for n in range(1, MONTHS + 1)]
        return [
            Month(name, f"{x:.0f}", f"{x + 6:.0f}")
            for name, x in zip(MONTH_NAMES, starts, strict=True)
        ]

    @property
    def meetings_y(self) -> int:
        return TOP + ROW * len(self.bars) + 12

    @property
    def height(self) -> int:
        return self.meetings_y + (18 if self.meetings else 0)


def year_of(pool: Pool, version: PoolVersion, rounds: Sequence[Round]) -> Year:
    """The rounds, the committee's meetings and the dates of the rules: one query."""
    first = min([date(pool.year, 1, 1), *(timezone.localdate(r.opens_at) for r in rounds)])
    held = Meeting.objects.filter(
        committee=pool.committee_id,
        held_at__date__gte=first,
        held_at__date__lt=date(pool.year + 1, 4, 1),
    ).order_by("held_at", "pk")
    meetings = list(held.values_list("held_at", flat=True)) if pool.committee_id else []
    days = sorted(
        [*_of_rounds(rounds), *_of_rules(version), *_of_meetings(meetings)],
        key=lambda day: (day.on, day.what),
    )
    marks = [_place(timezone.localdate(at), pool.year) for at in meetings]
    bars = [_bar(each, n, pool.year) for n, each in enumerate(rounds)]
    return Year(pool.year, days, bars, [f"{x:.0f}" for x in marks if 0 <= x <= WIDTH])


def _of_rounds(rounds: Sequence[Round]) -> Iterator[Day]:
    for each in rounds:
        yield _moment(each.opens_at, f"{each.name} åbner")
        if each.closes_at:
            yield _moment(each.closes_at, f"{each.name}: ansøgningsfrist")
        if each.answer_on:
            yield Day(each.answer_on, None, f"{each.name}: svar senest")


def _of_rules(version: PoolVersion) -> Iterator[Day]:
    yield Day(version.valid_from, None, f"Version {version.number} af reglerne gælder")
    if version.delegation_limit_kr is not None:
        if version.delegation_from:
            yield Day(version.delegation_from, None, "Delegationen begynder")
        if version.delegation_until:
            yield Day(version.delegation_until, None, "Delegationen slutter")


def _of_meetings(meetings: Sequence[datetime]) -> Iterator[Day]:
    for at in meetings:
        yield _moment(at, "Møde i udvalget")


def _moment(at: datetime, what: str) -> Day:
    return Day(timezone.localdate(at), at, what)


def _bar(round: Round, row: int, year: int) -> Bar:
    last = timezone.localdate(round.closes_at) if round.closes_at else date(year, 12, 31)
    x = min(max(_place(timezone.localdate(round.opens_at), year), 0), WIDTH)
    end = min(max(_place(last, year), 0), WIDTH)
    y = TOP + ROW * row
    return Bar(round.name, f"{x:.0f}", f"{max(end - x, 4):.0f}", y + 16, y + 12)


def _place(day: date, year: int) -> float:
    start = date(year, 1, 1)
    return (day - start).days / (date(year + 1, 1, 1) - start).days * WIDTH
