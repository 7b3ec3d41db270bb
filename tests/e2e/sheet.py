"""Every design screen beside our pages and letters, in one file: var/screenshots/index.html.

    make pictures                       # all browser tests with SCREENSHOTS=1, then this
    make pictures ARGS=tests/e2e/test_letters.py SCREENSHOTS=1440,390,320 DESIGN=the/screens

A person compares, not a test: how Chromium draws letters changes with its version and the machine,
and our pages tell of today. A tolerance wide enough for both would let a lost button through, and
a narrow one fails where nothing is wrong. What a machine can hold of a page the stories hold: no
axe finding, no sideways scroll, each button by its name. Letters are the same everywhere:
tests/letters/pictures compares those.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from operator import attrgetter
from pathlib import Path

from tests.letters.pictures.comparing import KEPT

PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
HEAD = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Design and ours</title>
<style>
body { font: 16px/1.4 sans-serif; margin: 2rem; background: #eee }
section { display: flex; gap: 1.5rem; overflow-x: auto; align-items: start; padding-bottom: 2rem }
figure { margin: 0; flex: none; width: 44rem } figure.narrow { width: 22rem }
img { width: 100%; border: 1px solid #999; background: white }
.design img { border: 4px solid #06c }
</style><h1>Design (blue) and ours</h1>
"""
LETTERS, OTHERS = "e", "others"
NARROW = 500


def sheet(design: Iterable[Path], pages: Iterable[Path], letters: Iterable[Path]) -> str:
    """One row for each design code (c5, e1 …), the design first; what has none comes last."""
    rows: dict[str, list[str]] = defaultdict(list)
    for path in sorted(design, key=attrgetter("stem")):
        rows[_code(path)].append(_figure(path, "design"))
    for path in sorted(pages, key=_name_and_width):
        rows[_code(path)].append(_figure(path))
    for path in sorted(letters):
        rows[LETTERS].append(_figure(path))
    said = [f"<h2>{code}</h2><section>{''.join(rows[code])}</section>" for code in sorted(rows)]
    return HEAD + "\n".join(said)


def _code(path: Path) -> str:
    """e1 and e2 are letters, one row; c5-valgt-1440.png belongs to c5."""
    if path.name.startswith(LETTERS) and path.name[1:2].isdigit():
        return LETTERS
    found = re.match(r"[a-d]\d", path.name)
    return found[0] if found else OTHERS


def _name_and_width(path: Path) -> tuple[str, int]:
    return path.stem.rpartition("-")[0], -_width(path)


def _width(path: Path) -> int:
    said = path.stem.rpartition("-")[2]
    return int(said) if said.isdigit() else 0


def _figure(path: Path, kind: str = "") -> str:
    is_narrow = "mobil" in path.stem or 0 < _width(path) < NARROW
    source, name = escape(path.resolve().as_uri()), escape(path.stem)
    shown = f'<a href="{source}"><img src="{source}" alt="{name}" loading="lazy"></a>'
    told = f"<figcaption>{name}</figcaption>{shown}"
    return f'<figure class="{kind} {"narrow" if is_narrow else "wide"}">{told}</figure>'


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES / "none"
    index = PICTURES / "index.html"
    index.write_text(sheet(folder.glob("*.png"), PICTURES.glob("*.png"), KEPT.glob("*.png")))
    sys.stdout.write(f"Look at {index.as_uri()}\n")
