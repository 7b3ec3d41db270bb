"""The table people read, with the goal beside each figure."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "results.json"
# the last name of a figure, or part.name where one word means two things: (at most) what we aim at
GOALS = {
    "queries": 15,
    "cpu_ms": 60,
    "bytes": 100_000,
    "letters.cpu_ms": 125,
    "letters.seconds_of_1000": 60,
    "letters.seal_ms": 30,
    "lost": 0,
    "growth.peak_mb": 400,
    "packets.seconds": 60,
    "packets.peak_mb": 1000,
    "live.all_seconds": 3,
    "live.load_percent": 25,
    "ratio": 1.3,
    "peak_mb": 300,
    "decide_500_seconds": 1,
    "close_500_seconds": 5,
}


def earlier() -> dict[str, Any]:
    """What the file holds from earlier runs of other parts."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def table(results: dict[str, Any]) -> str:
    """One line per figure: name, value, goal, and a mark where it is missed."""
    lines = []
    for name, value in _figures(results):
        goal = _goal(name)
        mark = "" if goal is None else f"<= {goal}" + ("" if value <= goal else "  MISSED")
        lines.append(f"{name:<44}{value:>12}  {mark}".rstrip())
    return "\n".join(lines)


def _figures(results: dict[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for name, value in results.items():
        if isinstance(value, dict):
            yield from _figures(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _goal(name: str) -> float | None:
    parts = name.split(".")
    part, last = parts[0], parts[-1]
    if f"{part}.{last}" in GOALS:
        return GOALS[f"{part}.{last}"]
    return GOALS.get(last)
