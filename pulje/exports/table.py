"""Any list as a file: csv read row by row as it is sent, xlsx made on disk before it is sent.

Neither holds more than some hundred rows in memory. A csv that breaks under way ends the connection
before the last chunk, so the browser says that the download failed; an xlsx that breaks is no file.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import Cell as Styled
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import save_workbook

from pulje.exports.payment_csv import safe

# a Decimal is kr., an int a count
Cell = str | int | Decimal | date | datetime | bool | None
Row = Sequence[Cell]
CHUNK = 200  # rows read before they are sent, and looked at for the widths of columns
KR, DAY, MOMENT = '#,##0.00 "kr."', "dd-mm-yyyy", "dd-mm-yyyy hh:mm"
NARROW, WIDE = 10, 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """Semicolons, commas in decimals and a byte order mark, as a Danish spreadsheet opens it."""
    return StreamingHttpResponse(
        _csv_chunks(headings, iter(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def xlsx_response(name: str, headings: Sequence[str], rows: Iterable[Row]) -> FileResponse:
    """One sheet: typed cells, headings that stay in sight, a filter on each column."""
    book = Workbook(write_only=True)
    try:
        _fill(book.create_sheet(title="Tabel"), headings, iter(rows))
    except BaseException:
        save_workbook(book, BytesIO())  # takes away what openpyxl has on disk
        raise
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    save_workbook(book, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _fill(sheet: Any, headings: Sequence[str], rows: Iterator[Row]) -> None:
    first = list(islice(rows, CHUNK))
    for column, width in enumerate(_widths(headings, first), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, text) for text in headings])
    count = 1
    for row in chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count}"


def _csv_chunks(headings: Sequence[str], rows: Iterator[Row]) -> Iterator[bytes]:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(headings)
    while chunk := list(islice(rows, CHUNK)):
        writer.writerows([as_text(value) for value in row] for row in chunk)
        yield _emptied(out)
    yield _emptied(out)


def _emptied(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def as_text(value: Cell) -> str:
    """The cell as a Danish spreadsheet reads it from a csv; text is never a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case datetime():
            return _local(value).strftime("%d-%m-%Y %H:%M")
        case date():
            return value.strftime("%d-%m-%Y")
        case int():
            return str(value)
        case _:
            return safe(str(value))


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> Cell | Styled:
    match value:
        case Decimal():
            return _formatted(sheet, value, KR)
        case datetime():
            return _formatted(sheet, _local(value), MOMENT)
        case date():
            return _formatted(sheet, value, DAY)
        case bool() | int() | None:
            return value
        case _:
            return _text(sheet, " ".join(ILLEGAL_CHARACTERS_RE.sub("", str(value)).splitlines()))


def _text(sheet: WriteOnlyWorksheet, text: str) -> Styled:
    """Text by its type, so that it is no formula and needs no sign before it."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _formatted(sheet: WriteOnlyWorksheet, value: Decimal | date, shown: str) -> Styled:
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = shown
    return cell


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Styled:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _local(moment: datetime) -> datetime:
    """The clock on the wall; spreadsheets know no zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _widths(headings: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """What the first rows need, in characters; kr. and the filter's arrow take some more."""
    needed = [len(text) + 3 for text in headings]
    for row in rows:
        for column, value in enumerate(row):
            needed[column] = max(needed[column], len(as_text(value)) + 2 + 6 * _is_kr(value))
    return [min(max(width, NARROW), WIDE) for width in needed]


def _is_kr(value: Cell) -> bool:
    return isinstance(value, Decimal)
