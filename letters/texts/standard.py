"""The texts that come with the system: a file a kind, a starting point for the municipality."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from letters.texts.fields import CODES

FOLDER = Path(__file__).parent / "standard"
ENGLISH = "\n--- english\n"


@dataclass(frozen=True)
class Standard:
    """A standard text as its file has it; stands in for a row where there is no database."""

    kind: str
    heading: str
    body: str
    english: str


@cache
def standard_of(code: str) -> Standard:
    said, _line, english = (FOLDER / f"{code}.md").read_text("utf-8").partition(ENGLISH)
    heading = ""
    if said.startswith("# "):
        heading, _newline, said = said[2:].partition("\n")
    return Standard(code, heading.strip(), said.strip(), english.strip())


def all_standards() -> list[Standard]:
    return [standard_of(code) for code in CODES if (FOLDER / f"{code}.md").exists()]
