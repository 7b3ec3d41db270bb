"""One process that makes letters, for letters.py: `python -m benchmarks.one_engine HOW FILE COUNT`.

rows    the due letters' rows as a worker makes them, from either end: text chosen, PDF stored
warm    our engine on one letter again and again, with a sample of the memory it holds
sealed  the same, and the seal
naive   WeasyPrint as its tutorial shows it, on the same HTML
typst   Typst on the same letter
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.database import start_django

WARM_UP = 5
SAMPLES = 10


def main(how: str, file: Path, count: int) -> None:
    start_django()
    # after Django: they need its settings
    from benchmarks import engines  # noqa: PLC0415

    told = json.loads(file.read_text())
    make: Callable[[], int] = getattr(engines, how)(told)
    print(json.dumps(rows(make) if how == "rows" else timed(make, count)))


def rows(make_next: Callable[[], int]) -> dict[str, object]:
    """Says that it is ready, waits for a line, and makes letters until none is left."""
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, wall, made, pages = time.process_time(), time.perf_counter(), 0, 0
    while size := make_next():
        made, pages = made + 1, size
    return {
        "made": made,
        "cpu_seconds": time.process_time() - cpu,
        "seconds": time.perf_counter() - wall,
        "rss_mb": resident_mb(),
        "pdf_bytes": pages,
    }


def timed(make: Callable[[], int], count: int) -> dict[str, object]:
    for _ in range(WARM_UP):
        make()
    cpu, wall, curve = time.process_time(), time.perf_counter(), []
    for n in range(count):
        size = make()
        if (n + 1) % max(count // SAMPLES, 1) == 0:
            curve.append(resident_mb())
    seconds = time.perf_counter() - wall
    cpu_ms = (time.process_time() - cpu) * 1000 / count
    gc.collect()
    return {"cpu_ms": round(cpu_ms, 1), "seconds": seconds, "rss_mb": curve, "pdf_bytes": size}


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 1e6, 1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
