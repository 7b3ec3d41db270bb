from collections.abc import Callable
from pathlib import Path

import pytest

from pulje.imports.cleaning import Cleaner
from pulje.imports.grant_row import GrantRow, Purpose, Refusal
from pulje.imports.mapfile import ImportMap, build_map
from pulje.imports.source import open_source

REAL = Path(__file__).parents[4] / "shared" / "data"
MAPS = Path(__file__).parents[3] / "pulje" / "imports" / "maps"

PLAN: dict[str, object] = {
    "source": "prøve",
    "columns": {
        "applicant": "navn",
        "title": "projekt",
        "applied": "søgt",
        "awarded": "givet",
        "year": "år",
    },
    "numbers": {"style": "da"},
    "identity": {"columns": ["navn", "projekt"]},
}
HEADER = "navn;projekt;søgt;givet;år\n"


@pytest.fixture
def real() -> Path:
    """The real material; the tests that need it are skipped where it is absent."""
    if not REAL.is_dir():
        pytest.skip(f"The real material is not here: {REAL} is absent.")
    return REAL


@pytest.fixture
def plan() -> Callable[..., ImportMap]:
    """A MAP with some tables replaced."""

    def build(**tables: object) -> ImportMap:
        return build_map({**PLAN, **tables})

    return build


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., list[GrantRow | Refusal]]:
    """Write text to a file, read it by the MAP, and judge every row."""

    def judge(
        text: str, plan: ImportMap, purpose: Purpose = Purpose.HISTORY, name: str = "fil.csv"
    ) -> list[GrantRow | Refusal]:
        path = tmp_path / name
        path.write_bytes(text.encode("utf-8"))
        cleaner = Cleaner(plan, purpose)
        return [cleaner.clean(raw) for raw in open_source(path, plan).read()]

    return judge
