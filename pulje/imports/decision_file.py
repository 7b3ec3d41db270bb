"""A file of decisions from another meeting system, csv or xlsx: its rows as they are written."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl

from pulje.errors import RuleBroken
from pulje.forms.fields import TURNERS
from pulje.imports.amounts import Style, read_amount
from pulje.imports.delimited import Lines
from pulje.imports.sheets import BROKEN
from pulje.imports.sniffing import DELIMITERS, UTF16_MARKS

# what each column may be called, without its full stops and in small letters
COLUMNS: Mapping[str, frozenset[str]] = {
    "case": frozenset({"sagsnr", "sagsnummer", "sag", "nr"}),
    "outcome": frozenset({"udfald", "beslutning", "vedtagelse", "afgørelse"}),
    "amount": frozenset({"beløb", "beløb (kr)", "beløb i kr", "bevilget", "besluttet"}),
    "reasons": frozenset({"begrundelse", "bemærkning", "bemærkninger"}),
}
NEEDED = ("case", "outcome")
HEADER_WITHIN = 10
MOST_LINES = 2000
LONGEST_CELL = 5000


@dataclass(frozen=True)
class Line:
    """One row of the file with its number there; everything else as it is written."""

    number: int
    case: str
    outcome: str
    amount: str = ""
    reasons: str = ""


def read_lines(name: str, content: bytes) -> list[Line]:
    """Every row that is not blank. Raises RuleBroken for a file that cannot be read to its end."""
    read = _of_sheet if name.lower().endswith(".xlsx") else _of_text
    places, header, rest = _after_header(name, read(name, content))
    found = [
        Line(number, **{column: cells[place] for column, place in places.items()})
        for number, cells in _filled(rest, width=max(places.values()) + 1)
    ]
    if not found:
        raise RuleBroken(f"Der er ingen rækker i {name} under overskrifterne i linje {header}.")
    if len(found) > MOST_LINES:
        raise RuleBroken(f"{name} har {len(found)} rækker. Der kan højst være {MOST_LINES}.")
    return found


Row = tuple[int, list[str]]


def _filled(rows: Sequence[Row], *, width: int) -> Iterator[Row]:
    for number, cells in rows:
        if any(cells):
            yield number, [*cells, *[""] * (width - len(cells))]


def _after_header(name: str, rows: Sequence[Row]) -> tuple[dict[str, int], int, Sequence[Row]]:
    """Where each column stands, the line of the header, and the rows after it."""
    for index, (number, cells) in enumerate(rows[:HEADER_WITHIN]):
        places = _places(cells)
        if all(column in places for column in NEEDED):
            return places, number, rows[index + 1 :]
    raise RuleBroken(
        f"{name} skal have en række med overskrifterne ”sagsnr” og ”udfald”, og ”beløb” og"
        " ”begrundelse”, hvor der er nogen."
    )


def _places(cells: Sequence[str]) -> dict[str, int]:
    names = [cell.casefold().replace(".", "").strip() for cell in cells]
    return {
        column: next(place for place, name in enumerate(names) if name in known)
        for column, known in COLUMNS.items()
        if known.intersection(names)
    }


def _of_text(name: str, content: bytes) -> list[Row]:
    text = _decoded(name, content)
    tried = [_split(name, text, sign) for sign in DELIMITERS]
    return max(tried, key=_known_columns)


def _known_columns(rows: Sequence[Row]) -> int:
    return max((len(_places(cells)) for _number, cells in rows[:HEADER_WITHIN]), default=0)


def _decoded(name: str, content: bytes) -> str:
    if not content.startswith(UTF16_MARKS) and b"\0" not in content:
        for encoding in ("utf-8-sig", "cp1252"):
            with suppress(UnicodeDecodeError):
                return content.decode(encoding)
    raise RuleBroken(f"{name} er ikke en csv-fil, der kan læses. Gem den som CSV UTF-8.")


def _split(name: str, text: str, delimiter: str) -> list[Row]:
    lines = Lines(StringIO(text, newline=""))
    found: list[Row] = []
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error as error:
            raise RuleBroken(f"Linje {number} i {name} kan ikke deles i kolonner.") from error
        found.append((number, [_tidy(cell) for cell in cells]))


def _of_sheet(name: str, content: bytes) -> list[Row]:
    try:
        workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        cells = enumerate(sheet.iter_rows(values_only=True), start=1)
        return [(number, [_tidy(cell) for cell in row]) for number, row in cells]
    except (*BROKEN, IndexError) as error:
        raise RuleBroken(f"{name} er ikke en xlsx-fil, der kan læses.") from error


def _tidy(cell: object) -> str:
    """The cell as somebody would type it here: a number of the sheet with a comma."""
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _typed(cell)
    return str(cell).translate(TURNERS).strip()[:LONGEST_CELL]


def _typed(number: int | float | Decimal) -> str:
    try:
        amount = read_amount(number, Style.DANISH)
    except ValueError:
        return str(number)
    return f"{amount:f}".replace(".", ",").removesuffix(",00")
