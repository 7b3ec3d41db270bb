"""The shape of an agenda or a set of minutes, before it is a page, a PDF or a Word file.

Plain values all through: ``as_facts`` is what a Packet keeps, and what every rendering reads.
``cases`` are the ids of the applications whose amounts or judgement can be read from a block: who
is disqualified in one of them does not see it (queries/meeting/shown.py). No rendering shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    cases: Sequence[int] = ()
    kind: str = "text"


@dataclass(frozen=True)
class Note:
    """A paragraph that must not be overlooked."""

    text: str
    cases: Sequence[int] = ()
    kind: str = "note"


@dataclass(frozen=True)
class Points:
    """A list; ``ordered``: 1), 2), 3)."""

    items: Sequence[str]
    ordered: bool = False
    cases: Sequence[int] = ()
    kind: str = "list"


@dataclass(frozen=True)
class Facts:
    """Label and value, row by row."""

    rows: Sequence[tuple[str, str]]
    cases: Sequence[int] = ()
    kind: str = "facts"


@dataclass(frozen=True)
class Column:
    """``width`` in percent of the table; the widths of a table are 100 together.

    ``is_secret``: who is disqualified in a row's case does not see that cell of it.
    """

    title: str
    width: int
    is_number: bool = False
    is_secret: bool = False


@dataclass(frozen=True)
class Table:
    """Cells are text as it should be read; ``foot`` is the row of sums, or empty.

    ``cases``: the application of each row, in the rows' order; empty when rows are no cases.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    cases: Sequence[int] = ()
    kind: str = "table"


DRAFT = "Udkast – ikke godkendt"
STATUS, APPROVED = "Status", "Godkendt"
Block = Text | Note | Points | Facts | Table


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; ``id`` is unique in the paper and an anchor.

    ``is_own``: somebody wrote it for this meeting; else it follows from the facts.
    """

    id: str
    title: str
    blocks: Sequence[Block]
    is_own: bool = False


@dataclass(frozen=True)
class Annex:
    """One application (``case``) in half a page; ``number`` is the case's on the agenda."""

    id: str
    number: str
    title: str
    blocks: Sequence[Block]
    case: int = 0


@dataclass(frozen=True)
class Item:
    """A numbered item of the agenda."""

    id: str
    number: str
    title: str
    is_closed: bool
    sections: Sequence[Section]
    annexes: Sequence[Annex] = ()


@dataclass(frozen=True)
class Paper:
    """``title``: "Dagsorden"; ``number`` goes into the file's title: "KFU 14-01-2027, version 2".

    ``issued_at`` is ISO; ``header`` is the head's label and value, as Rudersdal writes them;
    ``mark`` is what every page must say of it, such as that it is a draft.
    """

    title: str
    number: str
    committee: str
    is_open: bool
    issued_at: str
    header: Sequence[tuple[str, str]]
    items: Sequence[Item]
    mark: str = ""


def as_facts(paper: Paper) -> Mapping[str, Any]:
    """Lists and plain values, as JSON keeps them."""
    return asdict(paper)
