"""xlsx, read row by row without loading the whole workbook."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pulje.errors import RuleBroken
from pulje.imports.delimited import check_header
from pulje.imports.mapfile import ImportMap
from pulje.imports.rawrow import IDENTITY, MARK, REASON, RawRow

Rows: TypeAlias = Iterator[tuple[int, tuple[object, ...]]]
# a workbook that unfolds to more than this is no list of grants
LARGEST_BYTES = 500_000_000
# what a damaged workbook raises; a broken XML part is a SyntaxError
BROKEN = (zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, SyntaxError)


def read_sheet(path: Path, plan: ImportMap) -> Iterator[RawRow]:
    """Every row that is not blank; formulas give the value they had when the file was saved."""
    workbook = _open(path)
    try:
        rows = _numbered_rows(workbook, plan, path)
        header = _header(rows, plan, path) if plan.shape.has_header else []
        yield from _rows(rows, header, plan)
    except BROKEN as error:
        raise _unreadable(path) from error
    finally:
        workbook.close()


def sheet_header(path: Path, plan: ImportMap) -> list[str]:
    """The names in the first row."""
    workbook = _open(path)
    try:
        return _header(_numbered_rows(workbook, plan, path), plan, path)
    finally:
        workbook.close()


def _numbered_rows(workbook: openpyxl.Workbook, plan: ImportMap, path: Path) -> Rows:
    sheet = workbook[_sheet_name(workbook, plan, path)]
    sheet.reset_dimensions()  # some programs write the wrong size
    return enumerate(sheet.iter_rows(values_only=True), 1)


def _header(rows: Rows, plan: ImportMap, path: Path) -> list[str]:
    _, first = next(rows, (1, ()))
    header = ["" if cell is None else str(cell).strip() for cell in first]
    while header and not header[-1]:
        header.pop()
    check_header(header, plan, path)
    return header


def _open(path: Path) -> openpyxl.Workbook:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > LARGEST_BYTES:
            raise RuleBroken(f"{path.name} fylder {size // 1_000_000} MB udpakket. Del den op.")
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except BROKEN as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> RuleBroken:
    return RuleBroken(f"{path.name} er ikke en xlsx-fil, der kan læses.")


def _sheet_name(workbook: openpyxl.Workbook, plan: ImportMap, path: Path) -> str:
    names = workbook.sheetnames
    told = plan.shape.sheet
    if told in names or (not told and len(names) == 1):
        return told or names[0]
    there = ", ".join(f"“{name}”" for name in names)
    raise RuleBroken(f'{path.name} har arkene {there}. Skriv sheet = "…" under [file] i MAP.')


def _rows(rows: Rows, header: list[str], plan: ImportMap) -> Iterator[RawRow]:
    has_reasons = header[:2] == [REASON, IDENTITY]
    names = header[2:] if has_reasons else header
    width = len(names) or plan.shape.width or 0
    places = {c: names.index(str(c)) if names else int(c) - 1 for c in plan.wanted}
    for line, row in rows:
        cells = list(row)
        while cells and cells[-1] in {None, ""}:
            cells.pop()
        if not cells:
            continue
        known = ""
        if has_reasons or (not header and str(cells[0]).startswith(MARK)):
            known, cells = str(cells[1] or "") if len(cells) > 1 else "", cells[2:]
        if len(cells) > width:
            problem = f"Rækken har {len(cells)} kolonner, og arket har {width}."
            yield RawRow(line, itself=cells, problem=problem)
            continue
        # a spreadsheet leaves empty cells at the end of a row out
        cells += [None] * (width - len(cells))
        found = {column: cells[place] for column, place in places.items()}
        yield RawRow(line, found, cells, known_identity=known)
