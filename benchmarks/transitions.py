"""One decision, and 500 in one transaction: ledger, state, journal, queued letters and tasks."""

import time
from collections.abc import Sequence
from statistics import median

from django.utils import timezone

from benchmarks import database, places
from benchmarks.rows import FIRST, MIX, Cases, fill
from letters.models import Letter
from pulje.actions.decision import decision
from pulje.actions.decision.deciding import Ruling
from pulje.models import Application
from pulje.states import CaseState
from tests import people
from workflow import bulk
from workflow.hands import carry_out

STORED = 10_000
ONE_BY_ONE = 60
MEETING = 500
ROUNDS = 3
WARM_UP = 5


def measure() -> dict[str, float]:
    """Medians: of 60 decisions by themselves, and of three times 500 at once, commit included."""
    size = min(database.numbers(MEETING)[-1], MEETING)
    wanted = WARM_UP + ONE_BY_ONE + (ROUNDS + 1) * size
    fill(here := places.build(), Cases(FIRST, STORED, MIX))
    fill(here, Cases(FIRST * 2, wanted, {CaseState.RECOMMENDED: 1}))
    database.settle()
    rulings = _rulings()
    one = [_decide(ruling) for ruling in rulings[: WARM_UP + ONE_BY_ONE]][WARM_UP:]
    rest = rulings[WARM_UP + ONE_BY_ONE :]
    many = [_decide_all(rest[turn * size : (turn + 1) * size]) for turn in range(ROUNDS + 1)][1:]
    assert Letter.objects.count() == wanted, "a decision without its letter"
    return {
        "decide_one_ms": round(median(one) * 1000, 1),
        f"decide_{size}_seconds": round(median(many), 2),
    }


def _rulings() -> list[Ruling]:
    """What the case worker proposed: four of five get all, one nothing."""
    cases = Application.objects.filter(pk__gte=FIRST * 2).order_by("pk")
    rows = cases.values_list("pk", "recommendations__amount_kr")
    found = {case.pk: case for case in cases}
    return [Ruling(found[pk], amount) for pk, amount in rows]


def _decide(ruling: Ruling) -> float:
    began = time.perf_counter()
    carry_out(
        decision.decide,
        ruling.application,
        by=people.dora(),
        at=timezone.now(),
        amount_kr=ruling.amount_kr,
    )
    return time.perf_counter() - began


def _decide_all(rulings: Sequence[Ruling]) -> float:
    dora = people.dora()
    began = time.perf_counter()
    bulk.decide_many(rulings, by=dora)
    return time.perf_counter() - began
