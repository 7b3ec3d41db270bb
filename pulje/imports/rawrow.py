"""What every reader yields: a row as it stood, before anybody has judged it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulje.imports.mapfile import Column

# the two first columns of a file of refused rows
REASON = "puljer_reason"
IDENTITY = "puljer_identity"
# how every reason begins: a row without headers is known by it
MARK = "puljer: "


@dataclass(frozen=True)
class RawRow:
    """One row: its first line in the file, the wanted cells, and itself for the refused file."""

    line: int
    cells: Mapping[Column, object] = field(default_factory=dict)
    itself: object = None
    problem: str = ""  # a Danish sentence when the row cannot be read at all
    known_identity: str = ""  # carried by a mended row
