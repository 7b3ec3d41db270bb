"""The clock's round: 1,000 cases due among 10,000 stored and among 1,000,000."""

import sys
import time

from django.utils import timezone

from benchmarks import database, places
from benchmarks.rows import FIRST, MIX, Cases, fill
from pulje.models import Application, JournalEntry
from pulje.states import CaseState
from workflow import tasks

DUE = 1_000
ROUNDS = 2
# reminders with their letters, closings, ended hearings
DUE_MIX = {
    CaseState.APPROVED: 1,
    CaseState.PAID: 1,
    CaseState.REJECTED: 1,
    CaseState.IN_HEARING: 1,
}


def measure() -> dict[str, object]:
    """Seconds for all that is due, by the real task, one transaction a case; the better of two."""
    here, found, stored = places.build(), {}, 0
    for size in database.numbers(10_000, 1_000_000):
        began = time.perf_counter()
        fill(here, Cases(FIRST + stored, size - stored, MIX), papers=False)
        database.settle()
        print(f"  {size} stored in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        rounds = [_round(here, FIRST * (9 + turn) + size * 2) for turn in range(ROUNDS)]
        found[str(size)] = {"seconds": round(min(rounds), 2)}
        stored = size
    sizes = [row["seconds"] for row in found.values()]
    return {**found, "due": DUE, "ratio": round(sizes[-1] / sizes[0], 2)}


def _round(here: places.Places, first: int) -> float:
    """Add what is due, sweep it away, and prove that it is gone."""
    fill(here, Cases(first, DUE, DUE_MIX, is_due=True), papers=False)
    began = time.perf_counter()
    done = 0
    while swept := tasks.sweep():
        done += swept
    seconds = time.perf_counter() - began
    assert done == DUE, f"{done} of {DUE} were swept"
    assert not Application.objects.due_for_clock(timezone.localdate()).exists()
    assert not JournalEntry.objects.filter(event=tasks.FAILED).exists(), "a case failed"
    return seconds
