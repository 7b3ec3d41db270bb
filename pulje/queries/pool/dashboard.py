"""The numbers of every pool: money, cases by state, what is late."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Subquery, TextChoices
from django.utils import timezone

from pulje.models import Application, Pool, Recommendation, Round
from pulje.models.application import ApplicationQuerySet
from pulje.queries.pool.money import PoolMoney, money_of
from pulje.rules.rounds import WHOLE_PERCENT
from pulje.states import TODO, CaseState

# how the states are gathered in the overview
GROUPS: dict[str, tuple[CaseState, ...]] = {
    "Nye": (CaseState.SUBMITTED, CaseState.RETURNED),
    "Under vurdering": (CaseState.IN_REVIEW, CaseState.IN_HEARING, CaseState.REVIEWED),
    "Indstillet": (CaseState.RECOMMENDED,),
    "Bevilget": (CaseState.APPROVED, CaseState.ACCEPTED),
    "Udbetalt": (CaseState.PAID,),
    "Rapport": (CaseState.REPORT_SUBMITTED, CaseState.REPORT_RETURNED, CaseState.REPORTED),
    "Afslag": (CaseState.REJECTED,),
    "Afsluttet": (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.DECLINED, CaseState.LAPSED)
    + (CaseState.IN_RECOVERY,),
}


class PoolStatus(TextChoices):
    """Where a pool is in its year, with the words of the overview."""

    DRAFT = "DRAFT", "Kladde"
    TEST = "TEST", "Test"
    COMING = "COMING", "Åbner senere"
    OPEN = "OPEN", "Åben for ansøgninger"
    CLOSED = "CLOSED", "Lukket for ansøgninger"


@dataclass(frozen=True)
class PoolNumbers:
    """One pool's line in the overview: counts follow the order of GROUPS."""

    pool: Pool
    status: PoolStatus
    money: PoolMoney
    counts: tuple[int, ...]
    late: int

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def named_counts(self) -> list[tuple[str, int]]:
        """The groups that have cases."""
        return [(name, n) for name, n in zip(GROUPS, self.counts, strict=True) if n]


def pool_status(pool: Pool, rounds: Iterable[Round], now: datetime) -> PoolStatus:
    """Open while one of its rounds is; no query."""
    if pool.is_test:
        return PoolStatus.TEST
    if not (pool.is_public or pool.published_at):
        return PoolStatus.DRAFT
    begun = [round for round in rounds if round.opens_at <= now]
    if any(round.closes_at is None or now <= round.closes_at for round in begun):
        return PoolStatus.OPEN
    return PoolStatus.CLOSED if begun else PoolStatus.COMING


def years() -> list[int]:
    """The years there are pools of, newest first."""
    return list(Pool.objects.order_by("-year").values_list("year", flat=True).distinct())


def overview(now: datetime, *, year: int | None = None) -> list[PoolNumbers]:
    """The pools of a year or of all, newest first: as many queries for many cases as for one."""
    chosen = Pool.objects.all() if year is None else Pool.objects.filter(year=year)
    pools = list(chosen.prefetch_related("rounds").order_by("-year", "name"))
    money, late = money_of(pools), _late(pools, timezone.localdate(now))
    states: dict[int, dict[str, int]] = defaultdict(dict)
    for pool_id, state, count in _by_state(pools):
        states[pool_id][state] = count
    return [
        PoolNumbers(
            pool=pool,
            status=pool_status(pool, pool.rounds.all(), now),
            money=money[pool.pk],
            counts=tuple(
                sum(states[pool.pk].get(state, 0) for state in group) for group in GROUPS.values()
            ),
            late=late.get(pool.pk, 0),
        )
        for pool in pools
    ]


def _by_state(pools: list[Pool]) -> list[tuple[int, str, int]]:
    cases = Application.objects.filter(pool__in=pools)
    rows = cases.values_list("pool", "state").annotate(cases=Count("*"))
    return list(rows.order_by("pool", "state"))


def _late(pools: list[Pool], today: date) -> dict[int, int]:
    late = Application.objects.filter(pool__in=pools, state__in=sorted(TODO)).late(today)
    return dict(late.values_list("pool").annotate(cases=Count("*")).order_by("pool"))


def cases_of(pool: Pool, round: Round | None) -> ApplicationQuerySet:
    """What was sent to the pool or one round of it, the first first, with what is recommended."""
    cases = Application.objects.submitted().filter(pool=pool)
    if round is not None:
        cases = cases.filter(round=round)
    current = Recommendation.objects.filter(application=OuterRef("pk"), is_current=True)
    told = cases.annotate(recommended_kr=Subquery(current.values("amount_kr")[:1]))
    shown = ("number", "title", "state", "points", "requested_kr", "granted_kr")
    light = told.with_place().select_related("applicant").only(*shown, "applicant__name")
    return light.order_by("submitted_at", "pk")


def set_aside(rounds: Sequence[Round], chosen: Round | None, frame_kr: Decimal) -> Decimal:
    """kr. of the frame that the rounds after the chosen one are to share out; no query.

    Rounds that each have the whole frame have none of it to themselves.
    """
    if chosen is None or sum(round.share_percent for round in rounds) > WHOLE_PERCENT:
        return Decimal(0)
    later = [round.share_percent for round in rounds if round.number > chosen.number]
    return frame_kr * sum(later) / WHOLE_PERCENT
