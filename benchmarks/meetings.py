"""A meeting of 500 cases closed in one transaction: decisions, ledger, tasks, letters, minutes."""

import time
from statistics import median

from django.utils import timezone

from benchmarks import database, places
from benchmarks.rows import FIRST, MIX, Cases, fill
from letters.models import Letter
from pulje.models import Application, Decision
from tests import people
from tests.factories import a_meeting
from tests.meetings import follow
from workflow import bulk

STORED = 10_000
MEETING = 500
ROUNDS = 3
WARM_UP = 5


def measure() -> dict[str, float]:
    """Medians of three meetings: recording all as recommended, and closing, commit included."""
    size = min(database.numbers(MEETING)[-1], MEETING)
    wanted = WARM_UP + ROUNDS * size
    fill(here := places.build(), Cases(FIRST, STORED, MIX))
    fill(here, Cases(FIRST * 2, wanted, {"RECOMMENDED": 1}))
    database.settle()
    cases = list(
        Application.objects.filter(pk__gte=FIRST * 2).select_related("pool").order_by("pk")
    )
    _hold(cases[:WARM_UP])
    rest = cases[WARM_UP:]
    seconds = [_hold(rest[turn * size : (turn + 1) * size]) for turn in range(ROUNDS)]
    assert Letter.objects.count() == wanted == Decision.objects.filter(body="COMMITTEE").count()
    return {
        f"record_{size}_seconds": round(median(record for record, _close in seconds), 2),
        f"close_{size}_seconds": round(median(close for _record, close in seconds), 2),
    }


def _hold(cases: list[Application]) -> tuple[float, float]:
    meeting = a_meeting(cases)
    began = time.perf_counter()
    follow(meeting, at=timezone.now())
    recorded = time.perf_counter()
    bulk.close_meeting(meeting, by=people.sanne())
    return recorded - began, time.perf_counter() - recorded
