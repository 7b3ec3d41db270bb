"""`manage.py import_grants` on 20,000 rows of earlier grants: rows a second and peak memory."""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import database, places
from config import env

ROWS = 20_000
HEADER = ("Identifier", "Recipient", "Postcode", "Title", "Description", "Programme") + (
    "Applied",
    "Awarded",
    "Decided",
)
MAP = """source = "bench"

[file]
format = "csv"

[columns]
applicant = "Recipient"
postcode = "Postcode"
title = "Title"
description = "Description"
scheme = "Programme"
applied = "Applied"
awarded = "Awarded"
decided = "Decided"

[numbers]
style = "en"

[dates]
formats = ["Y-m-d"]

[empty]
applied = "unknown"
awarded = "refuse"

[identity]
columns = ["Identifier"]
"""


def measure() -> dict[str, object]:
    """One run of the command, in a process of its own, start of Python included."""
    places.build()
    rows = database.numbers(ROWS)[-1]
    with tempfile.TemporaryDirectory() as folder:
        file, map_file = Path(folder) / "grants.csv", Path(folder) / "map.toml"
        map_file.write_text(MAP)
        _write(file, rows)
        seconds, peak_mb, said = _run(file, map_file)
    assert said["read"] == said["imported"] == rows, said
    return {
        "rows_per_second": round(rows / seconds),
        "peak_mb": peak_mb,
        "seconds": round(seconds, 1),
        "rows": rows,
    }


def _write(file: Path, rows: int) -> None:
    dice = random.Random(2027)  # noqa: S311 (the same file every time)
    with file.open("w", newline="", encoding="utf-8") as out:
        paper = csv.writer(out)
        paper.writerow(HEADER)
        for number in range(rows):
            applied = dice.randrange(5_000, 75_000)
            paper.writerow(_row(number, applied, dice))


def _row(number: int, applied: int, dice: random.Random) -> list[object]:
    return [
        f"bench-{number}",
        f"Foreningen {dice.randrange(6_000)} i Ærø & Omegn",
        f"{dice.randrange(1000, 9990)}",
        f"Fællesspisning nr. {number}",
        "Vi laver mad sammen og inviterer alle i kvarteret. " * 6,
        dice.choice(("Frivillighedspuljen", "Kulturpuljen", "Lokalpuljen")),
        f"{applied:,}.00",
        f"{dice.randrange(1_000, applied):,}.50",
        f"{dice.randrange(2013, 2026)}-{dice.randrange(1, 13):02}-15",
    ]


def _run(file: Path, map_file: Path) -> tuple[float, float, dict[str, object]]:
    command = [sys.executable, str(env.ROOT / "manage.py"), "import_grants", str(file), "--json"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--map", str(map_file)], stdout=subprocess.PIPE, text=True, cwd=file.parent
    )
    assert process.stdout is not None
    with process.stdout as out:
        said = out.read()
    _pid, status, used = os.wait4(process.pid, 0)  # its own peak, not that of other children
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"import_grants failed:\n{said}")
    return seconds, round(used.ru_maxrss / 1024, 1), json.loads(said.splitlines()[-1])
