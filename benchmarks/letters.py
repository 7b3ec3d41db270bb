"""The award letter: CPU of one, letters a second on two processes, memory; a naive engine's CPU."""

import json
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from benchmarks import database, places
from letters.models import Letter
from pulje.actions import recommendation
from pulje.models import Pool
from pulje.states import CaseState
from tests import factories, people

LETTERS = 200
PROCESSES = 2
REASONS = "Projektet samler kvarteret, det bæres af frivillige, og det er åbent for alle. " * 8
CONDITIONS = "Tilskuddet bruges til det, der er søgt om.\nGem alle bilag i fem år.\nNævn kommunen."


def measure() -> dict[str, object]:
    """The real engine and the naive one on the same real letter, in processes of their own."""
    count = min(database.numbers(LETTERS)[-1], LETTERS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "letter.json"
        file.write_text(json.dumps(_award_letter()))
        (alone,) = _run(file, "warm", count, processes=1)
        began = time.perf_counter()
        together = _run(file, "warm", count, processes=PROCESSES)
        seconds = time.perf_counter() - began
        (naive,) = _run(file, "naive", max(count // 5, 1), processes=1)
    return {
        "cpu_ms": alone["cpu_ms"],
        "per_second": round(sum(count / one["seconds"] for one in together), 1),
        "rss_mb": max(one["rss_mb"] for one in together),
        "naive_cpu_ms": naive["cpu_ms"],
        "pdf_bytes": alone["pdf_bytes"],
        "seconds_with_start": round(seconds, 1),
    }


def _award_letter() -> dict[str, object]:
    """The letter that a real decision queued: its kind and its facts."""
    here = places.build()
    walk = factories.walk_to(CaseState.REVIEWED, pool=Pool.objects.get(pk=here.pools[-1]))
    walk.do(
        recommendation.recommend,
        people.karl(),
        amount_kr=Decimal("6000.00"),
        reasons=REASONS,
        grounds=list(walk.case.version.grounds.order_by("pk")[:1]),
        conditions=CONDITIONS,
    )
    walk.decide()
    letter = Letter.objects.filter(application=walk.case).order_by("-pk")[0]
    return {"kind": letter.kind, "facts": letter.facts}


def _run(file: Path, engine: str, count: int, *, processes: int) -> list[dict[str, float]]:
    command = [sys.executable, "-m", "benchmarks.one_engine", engine, str(file), str(count)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    answers = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise SystemExit("A process that makes letters failed; see above.")
    return [json.loads(answer) for answer in answers]
