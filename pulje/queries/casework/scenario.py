"""The scenarios of a round side by side: who gets what, who gains and loses, how it spreads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from pulje.models import Application, Recommendation, Round, Scenario, ScenarioLine, User
from pulje.permissions import hidden_from, shut_out
from pulje.queries.pool.money import money_of
from pulje.queries.pool.year import round_money
from pulje.rules.distribution import Bid, Numbers
from pulje.states import CaseState

ZERO = Decimal("0.00")
UNKNOWN, OTHERS = "Ikke oplyst", "Øvrige"
MOST_LINES = 8  # of a table of spread; the rest are added up


@dataclass(frozen=True)
class Cell:
    """What a case gets in one scenario, and the difference from the scenario compared with."""

    amount_kr: Decimal | None = None
    is_hand_made: bool = False
    change_kr: Decimal = ZERO


@dataclass(frozen=True)
class Row:
    """A case across the scenarios. A person who is disqualified in it sees no points and no kr."""

    case: Application
    cells: Sequence[Cell]
    takes_part: bool
    is_mine_conflict: bool = False


@dataclass(frozen=True)
class Column:
    """A scenario's sums over the cases that still take part; over all when it is chosen.

    Never over cases the reader is shut out of.
    """

    scenario: Scenario
    total_kr: Decimal
    frame_kr: Decimal
    full: int
    cut: int
    refused: int
    gains: int
    loses: int

    @property
    def granted(self) -> int:
        return self.full + self.cut

    @property
    def has_cases(self) -> bool:
        """Something in it is still to be shared out."""
        return bool(self.granted or self.refused)

    @property
    def rest_kr(self) -> Decimal:
        return self.frame_kr - self.total_kr

    @property
    def is_over(self) -> bool:
        return self.rest_kr < 0 and not self.scenario.chosen_at


@dataclass(frozen=True)
class Share:
    """A line of a table of spread: in each scenario kr., and per cent of what is applied for."""

    name: str
    cases: int
    applied_kr: Decimal
    amounts: Sequence[tuple[Decimal, int]]


@dataclass(frozen=True)
class Comparison:
    """The whole page; ``base`` is the scenario the differences are counted from."""

    frame_kr: Decimal
    columns: Sequence[Column]
    rows: Sequence[Row]
    base: Scenario | None
    spreads: Mapping[str, Sequence[Share]]

    @property
    def left_out(self) -> list[Row]:
        """The cases this person is disqualified in."""
        return [row for row in self.rows if row.is_mine_conflict]

    @property
    def applied_kr(self) -> Decimal:
        counted = [row for row in self.rows if row.takes_part and not row.is_mine_conflict]
        return sum((row.case.requested_kr or ZERO for row in counted), ZERO)


@dataclass(frozen=True)
class Field:
    """The cases of a round a person may share money out among, and those left out."""

    bids: Sequence[Bid]
    left_out: Sequence[Application] = field(default_factory=tuple)


def frame_of(round: Round) -> Decimal:
    """kr. that may still be recommended in the round: its share, and no more than the pool has.

    What is recommended and not decided yet is taken. May be negative.
    """
    waiting = Recommendation.objects.filter(
        is_current=True, application__state=CaseState.RECOMMENDED, application__round=round
    )
    proposed = waiting.aggregate(kr=Sum("amount_kr"))["kr"] or ZERO
    own = {money.round.pk: money.rest_kr for money in round_money(round.pool)}
    return min(own[round.pk] - proposed, money_of([round.pool])[round.pool_id].rest_kr)


def taking_part(round: Round) -> QuerySet[Application]:
    """The round's cases that are assessed and not recommended yet, most points first."""
    earlier = Application.objects.filter(
        applicant=OuterRef("applicant"), granted_kr__gt=0, submitted_at__lt=OuterRef("submitted_at")
    )
    cases = Application.objects.filter(round=round, state=CaseState.REVIEWED)
    return in_order(cases.select_related("version").annotate(is_first_timer=~Exists(earlier)))


def in_order(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Most points first."""
    return cases.order_by(F("points").desc(nulls_last=True), "number", "pk")


def field_of(round: Round, user: User) -> Field:
    """The bids of the cases that take part; those the person is disqualified in are left out."""
    cases = list(taking_part(round))
    out = {case for _user, case in shut_out([user], cases)}
    bids = [bid_of(case) for case in cases if case.pk not in out]
    return Field(bids, tuple(case for case in cases if case.pk in out))


def bid_of(case: Application) -> Bid:
    """What the rules of sharing need to know of a case."""
    return Bid(
        key=case.pk,
        applied_kr=case.requested_kr or ZERO,
        points=case.points or 0,
        applicant=case.applicant_id,
        pool_ceiling_kr=case.version.ceiling_kr,
        is_first_timer=getattr(case, "is_first_timer", False),
    )


def numbers_of(scenario: Scenario) -> Numbers:
    """The scenario's own numbers as the rules take them."""
    said = scenario.numbers
    return Numbers(
        min_points=int(said.get("min_points", 0)),
        step_kr=int(said.get("step_kr", 100)),
        cut_percent=Decimal(said.get("cut_percent", "0")),
        ceiling_kr=Decimal(said.get("ceiling_kr", "0")),
        floor_kr=Decimal(said.get("floor_kr", "0")),
    )


def scenarios_of(round: Round) -> list[Scenario]:
    """The round's scenarios as they were made."""
    return list(round.scenarios.select_related("made_by", "chosen_by").order_by("made_at", "pk"))


def compare(
    round: Round, scenarios: Sequence[Scenario], user: User, base: Scenario | None
) -> Comparison:
    """The scenarios side by side: the queries do not grow with cases or scenarios."""
    lines: dict[int, dict[int, tuple[Decimal, bool]]] = defaultdict(dict)
    rows = ScenarioLine.objects.filter(scenario__in=scenarios).order_by("pk")
    for scenario, case, kr, by_hand in rows.values_list(
        "scenario_id", "application_id", "amount_kr", "is_hand_made"
    ):
        lines[case][scenario] = (kr, by_hand)
    cases = _cases(round, lines)
    out = hidden_from(user, cases)
    shown = [_row(case, scenarios, lines[case.pk], base, case.pk in out) for case in cases]
    frame_kr = frame_of(round)
    seen = [row for row in shown if not row.is_mine_conflict]
    counted = [row for row in seen if row.takes_part]
    columns = [
        _column(n, scenario, seen if scenario.chosen_at else counted, frame_kr)
        for n, scenario in enumerate(scenarios)
    ]
    return Comparison(frame_kr, columns, shown, base, _spreads(counted or seen, len(scenarios)))


def _cases(round: Round, lines: Iterable[int]) -> list[Application]:
    wanted = Q(state=CaseState.REVIEWED) | Q(pk__in=list(lines))
    rows = Application.objects.filter(wanted, round=round).with_place()
    return list(
        in_order(rows.select_related("applicant")).only(
            *("number", "title", "state", "points", "requested_kr", "theme", "round_id"),
            *("applicant__name", "applicant__kind"),
        )
    )


def _row(
    case: Application,
    scenarios: Sequence[Scenario],
    given: Mapping[int, tuple[Decimal, bool]],
    base: Scenario | None,
    is_mine_conflict: bool,
) -> Row:
    compared, _by_hand = given.get(base.pk, (None, False)) if base else (None, False)
    cells = []
    for scenario in scenarios:
        kr, by_hand = given.get(scenario.pk, (None, False))
        change = kr - compared if kr is not None and compared is not None else ZERO
        cells.append(Cell(kr, by_hand, change))
    return Row(case, cells, case.state == CaseState.REVIEWED, is_mine_conflict)


def _column(number: int, scenario: Scenario, rows: Sequence[Row], frame_kr: Decimal) -> Column:
    given = [(row.cells[number], row.case.requested_kr or ZERO) for row in rows]
    amounts = [(cell.amount_kr, asked) for cell, asked in given if cell.amount_kr is not None]
    return Column(
        scenario=scenario,
        total_kr=sum((kr for kr, _asked in amounts), ZERO),
        frame_kr=frame_kr,
        full=sum(kr > 0 and kr >= asked for kr, asked in amounts),
        cut=sum(0 < kr < asked for kr, asked in amounts),
        refused=sum(kr == 0 for kr, _asked in amounts),
        gains=sum(cell.change_kr > 0 for cell, _asked in given),
        loses=sum(cell.change_kr < 0 for cell, _asked in given),
    )


def _spreads(rows: Sequence[Row], scenarios: int) -> dict[str, list[Share]]:
    return {
        "By": _spread(rows, scenarios, [row.case.place for row in rows]),
        "Tema": _spread(rows, scenarios, [row.case.get_theme_display() for row in rows]),
        "Ansøgertype": _spread(
            rows, scenarios, [row.case.applicant.get_kind_display() for row in rows]
        ),
    }


def _spread(rows: Sequence[Row], scenarios: int, names: Sequence[str]) -> list[Share]:
    """The largest first; beyond eight the rest are one line, and so are those without a name."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row, name in zip(rows, names, strict=True):
        groups[str(name) or UNKNOWN].append(row)
    ordered = sorted(groups.items(), key=lambda group: (-_applied(group[1]), group[0]))
    if len(ordered) > MOST_LINES:
        rest = [row for _name, them in ordered[MOST_LINES - 1 :] for row in them]
        ordered = [*ordered[: MOST_LINES - 1], (OTHERS, rest)]
    return [
        Share(
            name,
            len(them),
            _applied(them),
            [_given(them, number) for number in range(scenarios)],
        )
        for name, them in ordered
    ]


def _given(rows: Sequence[Row], number: int) -> tuple[Decimal, int]:
    kr = sum((row.cells[number].amount_kr or ZERO for row in rows), ZERO)
    applied = _applied(rows)
    return kr, int(kr * 100 / applied) if applied else 0


def _applied(rows: Sequence[Row]) -> Decimal:
    return sum((row.case.requested_kr or ZERO for row in rows), ZERO)
