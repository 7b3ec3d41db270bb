"""The numbers of every pool: money, cases by state, what is late."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from pulje.models import Application, Pool
from pulje.queries.pools import PoolMoney, money_of
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


@dataclass(frozen=True)
class PoolNumbers:
    """One pool's line in the overview: counts follow the order of GROUPS."""

    pool: Pool
    money: PoolMoney
    counts: tuple[int, ...]
    late: int

    @property
    def total(self) -> int:
        return sum(self.counts)


def overview(today: date) -> list[PoolNumbers]:
    """Every pool, newest year first: five queries, whatever the number of cases."""
    pools = list(Pool.objects.order_by("-year", "name"))
    money, late = money_of(pools), _late(today)
    states: dict[int, dict[str, int]] = defaultdict(dict)
    for pool_id, state, count in _by_state():
        states[pool_id][state] = count
    return [
        PoolNumbers(
            pool=pool,
            money=money[pool.pk],
            counts=tuple(
                sum(states[pool.pk].get(state, 0) for state in group) for group in GROUPS.values()
            ),
            late=late.get(pool.pk, 0),
        )
        for pool in pools
    ]


def _by_state() -> list[tuple[int, str, int]]:
    rows = Application.objects.values_list("pool", "state").annotate(cases=Count("*"))
    return list(rows.order_by("pool", "state"))


def _late(today: date) -> dict[int, int]:
    late = Application.objects.filter(state__in=sorted(TODO)).late(today)
    return dict(late.values_list("pool").annotate(cases=Count("*")).order_by("pool"))
