"""One process that makes a letter many times, for letters.py: `warm` is ours, `naive` is not."""

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.database import start_django

WARM_UP = 5


def main(engine: str, file: Path, count: int) -> None:
    start_django()
    # after Django: they need its settings
    from letters import render  # noqa: PLC0415
    from letters.actions import letter_html  # noqa: PLC0415
    from letters.facts import issued_at  # noqa: PLC0415
    from letters.kinds import KINDS  # noqa: PLC0415
    from letters.models import Letter  # noqa: PLC0415
    from letters.texts.chosen import standards_for  # noqa: PLC0415

    letter = Letter(**json.loads(file.read_text()))

    def make() -> bytes:
        if engine == "naive":
            render._engine.cache_clear()  # fonts, style sheet and images are read again
        html = letter_html(letter, standards_for(KINDS[letter.kind]))
        return render.letter(html, letter.facts, issued_at(letter.facts))[0]

    if engine == "warm":
        render.warm()
    for _ in range(WARM_UP):
        make()
    print(json.dumps(_timed(make, count)))


def _timed(make: Any, count: int) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        pdf = make()
    seconds = time.perf_counter() - wall
    cpu_ms = (time.process_time() - cpu) * 1000 / count
    gc.collect()
    return {
        "cpu_ms": round(cpu_ms, 1),
        "seconds": seconds,
        "rss_mb": _resident_mb(),
        "pdf_bytes": len(pdf),
    }


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 1e6, 1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
