"""The file of refused rows: the same form, two columns in front, to be mended and imported."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

from pulje.imports.delimited import as_line
from pulje.imports.grant_row import Refusal
from pulje.imports.rawrow import IDENTITY, MARK, REASON
from pulje.imports.source import Source


def write_refused(path: Path, refusals: list[Refusal], source: Source) -> None:
    """Write the file whole or not at all: beside the name first, then into its place."""
    beside = path.with_name(f".part-{path.name}")
    form = source.form
    if source.format == "xlsx":
        _write_sheet(beside, refusals, source)
    else:
        make = _json if source.format == "json" else _delimited
        with beside.open("w", encoding=form.encoding, newline="", errors="replace") as handle:
            handle.write(make(refusals, source))
    beside.replace(path)


def _delimited(refusals: list[Refusal], source: Source) -> str:
    """The rows as they stood, sign for sign, behind the reason and the identity."""
    text, delimiter = StringIO(), source.form.delimiter
    if source.header:
        text.write(as_line([REASON, IDENTITY, *source.header], delimiter))
    for refusal in refusals:
        start = as_line([f"{MARK}{refusal.reason}", refusal.identity], delimiter).rstrip("\n")
        row = str(refusal.itself)
        text.write(start + delimiter + row + ("" if row.endswith(("\n", "\r")) else "\n"))
    return text.getvalue()


def _json(refusals: list[Refusal], source: Source) -> str:
    items = [_json_item(refusal) for refusal in refusals]
    rows: object = {source.plan.shape.list_key: items} if source.has_wrapper else items
    return json.dumps(rows, ensure_ascii=False, indent=1, default=_number) + "\n"


def _json_item(refusal: Refusal) -> dict[str, object]:
    own = refusal.itself if isinstance(refusal.itself, dict) else {"": refusal.itself}
    return {REASON: f"{MARK}{refusal.reason}", IDENTITY: refusal.identity, **own}


def _number(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _write_sheet(path: Path, refusals: list[Refusal], source: Source) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(source.plan.shape.sheet or "Afvist")
    if source.header:
        sheet.append([REASON, IDENTITY, *source.header])
    for refusal in refusals:
        own = list(refusal.itself) if isinstance(refusal.itself, list) else [refusal.itself]
        row = [f"{MARK}{refusal.reason}", refusal.identity, *own]
        sheet.append([_cell(sheet, value) for value in row])
    workbook.save(path)


def _cell(sheet: Any, value: Any) -> Cell:
    """Text stays text: a name that begins with = must not become a formula."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
