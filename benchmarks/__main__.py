"""`make bench`: measure, print a table, write results.json beside this; see README.md here."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from benchmarks import database, report
from config.sharing import CannotStart

PARTS = {
    "pages": "benchmarks.pages",
    "sweep": "benchmarks.sweep",
    "letters": "benchmarks.letters",
    "growth": "benchmarks.growth",
    "packets": "benchmarks.packets",
    "import": "benchmarks.imports",
    "transitions": "benchmarks.transitions",
    "live": "benchmarks.live",
    "meetings": "benchmarks.meetings",
    "chaos": "benchmarks.chaos",
}


def main() -> None:
    wanted = os.environ.get("BENCH") or "all"
    if wanted != "all" and wanted not in PARTS:
        sys.exit(f"BENCH is {wanted!r}; write one of {', '.join(PARTS)}, or leave it out for all.")
    chosen = list(PARTS) if wanted == "all" else [wanted]
    results = report.earlier() if wanted != "all" else {}
    try:
        with database.server():
            for name in chosen:
                results[name], seconds = _measure(name)
                results.setdefault("measured", {})[name] = {
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "seconds": round(seconds, 1),
                    "BENCH_N": os.environ.get("BENCH_N", ""),
                }
                report.FILE.write_text(json.dumps(results, indent=1) + "\n")
    except CannotStart as reason:
        sys.exit(str(reason))
    print(report.table({name: results[name] for name in chosen}))
    print(f"written: {report.FILE}")


def _measure(name: str) -> tuple[dict[str, Any], float]:
    """One part on an empty database of its own, and the seconds it took in all."""
    print(f"{name} …", file=sys.stderr, flush=True)
    began = time.monotonic()
    with database.scratch():
        measure: Callable[[], dict[str, Any]] = import_module(PARTS[name]).measure
        found = measure()
    return found, time.monotonic() - began


if __name__ == "__main__":
    main()
