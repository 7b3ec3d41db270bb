"""csv and tsv, read row by row; a row keeps its own lines so that it can be given back."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TextIO, TypeAlias

from pulje.errors import RuleBroken
from pulje.imports.mapfile import Column, ImportMap
from pulje.imports.rawrow import IDENTITY, MARK, REASON, RawRow
from pulje.imports.sniffing import Form

Shape: TypeAlias = tuple[dict[Column, int], int]
_OPEN_TO_THE_END = "unexpected end of data"


class Lines:
    """The lines of a file, remembering those of the row being read."""

    def __init__(self, handle: TextIO) -> None:
        self.handle = handle
        self.current: list[str] = []
        self.number = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = next(self.handle)
        self.current.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """Forget the last row; the number of the line where the next begins."""
        self.current = []
        return self.number + 1


def read_delimited(path: Path, plan: ImportMap, form: Form) -> Iterator[RawRow]:
    """Every row that is not blank, in order. A mended file's two first columns are taken off."""
    with path.open(encoding=form.encoding, newline="") as handle:
        lines = Lines(handle)
        rows = csv.reader(lines, delimiter=form.delimiter, strict=True)
        header = _header(rows, plan, path) if plan.shape.has_header else []
        is_mended = header[:2] == [REASON, IDENTITY]
        shape = _shape(header[2:] if is_mended else header, plan)
        while True:
            start = lines.begin()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                if _OPEN_TO_THE_END in str(error):
                    raise _never_closed(path, start) from error
                yield RawRow(start, itself=_text(lines), problem=_unreadable(start, lines.number))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if is_mended or (not header and cells[0].startswith(MARK)):
                yield _mended_row(start, cells, form, shape)
            else:
                yield _row(start, cells, _text(lines), shape)


def delimited_header(path: Path, plan: ImportMap, form: Form) -> list[str]:
    """The names in the first row."""
    with path.open(encoding=form.encoding, newline="") as handle:
        return _header(csv.reader(handle, delimiter=form.delimiter, strict=True), plan, path)


def _text(lines: Lines) -> str:
    return "".join(lines.current)


def _unreadable(start: int, end: int) -> str:
    where = "Rækken" if start == end else f"Linje {start}–{end}"
    return (
        f"{where} kan ikke deles i kolonner:"
        " et anførselstegn står forkert, eller en celle er for lang."
    )


def _never_closed(path: Path, start: int) -> RuleBroken:
    return RuleBroken(
        f"Anførselstegnet i linje {start} af {path.name} lukkes aldrig, så resten af filen ikke kan"
        " læses. Ret linjen, og prøv igen."
    )


def _header(rows: "Iterator[list[str]]", plan: ImportMap, path: Path) -> list[str]:
    try:
        header = [cell.strip() for cell in next(rows)]
    except (StopIteration, csv.Error):
        raise RuleBroken(f"{path.name} har ingen overskrifter i første linje.") from None
    check_header(header, plan, path)
    return header


def check_header(header: list[str], plan: ImportMap, path: Path) -> None:
    """Refuse a file where a wanted column is missing or stands twice."""
    for column in plan.wanted:
        if header.count(str(column)) != 1:
            found = "findes ikke" if column not in header else "står der to gange"
            raise RuleBroken(f"Kolonnen “{column}” {found} i overskrifterne i {path.name}.")


def _shape(header: list[str], plan: ImportMap) -> Shape:
    """Where each wanted column stands, counted from 0, and how many cells a row must have."""
    if not header:
        return {column: int(column) - 1 for column in plan.wanted}, plan.shape.width or 0
    return {column: header.index(str(column)) for column in plan.wanted}, len(header)


def _row(line: int, cells: list[str], text: str, shape: Shape, known: str = "") -> RawRow:
    places, width = shape
    if len(cells) != width:
        problem = f"Rækken har {len(cells)} kolonner, og filen har {width}."
        return RawRow(line, itself=text, problem=problem)
    found = {column: cells[place] for column, place in places.items()}
    return RawRow(line, found, text, known_identity=known)


def _mended_row(line: int, cells: list[str], form: Form, shape: Shape) -> RawRow:
    known = cells[1].strip() if len(cells) > 1 else ""
    return _row(line, cells[2:], as_line(cells[2:], form.delimiter), shape, known)


def as_line(cells: list[str], delimiter: str) -> str:
    """The cells as one row of the file."""
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
