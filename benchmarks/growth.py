"""The memory of one process that makes 5,000 letters and is not replaced, and of a naive one."""

import tempfile
from pathlib import Path

from benchmarks import database
from benchmarks.letters import alone_in, award_letter

LETTERS = 5_000


def measure() -> dict[str, object]:
    """The worker is replaced when it is over 400 MB (Procfile): this says when that would be."""
    count = database.numbers(LETTERS)[-1]
    told = {"letter": award_letter().pk}
    with tempfile.TemporaryDirectory() as folder:
        ours = alone_in(Path(folder), told, "warm", count)["rss_mb"]
        naive = alone_in(Path(folder), told, "naive", max(count // 10, 10))["rss_mb"]
    curve = {f"rss_mb_at_{(n + 1) * count // len(ours)}": mb for n, mb in enumerate(ours)}
    return {
        "peak_mb": max(ours),
        "kb_each": _growth(ours, count),
        "naive_kb_each": _growth(naive, max(count // 10, 10)),
        **curve,
    }


def _growth(curve: list[float], count: int) -> float:
    """kB a letter from the first tenth of a process' letters to the last."""
    return round((curve[-1] - curve[0]) * 1000 / (count * 0.9), 1)
