"""A packet's files of 50, 200 and 500 applications, each in a process of its own: seconds, peak."""

import json
import subprocess
import sys

from benchmarks import database

SIZES = (50, 200, 500)


def measure() -> dict[str, object]:
    """The closed version, as PDF and as Word; facts, template and file, without Python's start."""
    sizes = sorted({min(size, SIZES[-1]) for size in database.numbers(*SIZES)})
    return {str(size): {kind: _run(kind, size) for kind in ("pdf", "docx")} for size in sizes}


def _run(kind: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.one_packet", kind, str(size)]
    found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return found
