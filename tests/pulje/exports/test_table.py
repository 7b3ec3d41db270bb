"""Tables as files: typed, formula-safe, Danish, and never all in memory."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice

import pytest
from openpyxl import load_workbook

from pulje.exports.table import CHUNK, as_text, csv_response, xlsx_response

ROW = (
    "Fælles have",
    12,
    Decimal("25000.50"),
    date(2027, 1, 3),
    datetime(2027, 1, 3, 11, 5, tzinfo=UTC),
    True,
    None,
)
HEADINGS = ("Titel", "Sager", "Søgt", "Frist", "Modtaget", "For sen", "Point")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nej"),
        (7, "7"),
        (-7, "-7"),
        (Decimal("25000.50"), "25000,50"),
        (Decimal("-0.05"), "-0,05"),
        (Decimal("1E+3"), "1000"),
        (date(2027, 1, 3), "03-01-2027"),
        (datetime(2027, 7, 3, 22, 30, tzinfo=UTC), "04-07-2027 00:30"),
        ("-7", "'-7"),
        ("+45 12", "'+45 12"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", " =1"),
        ('Fest; og "sang"', 'Fest; og "sang"'),
    ],
)
def test_as_text(value, written):
    assert as_text(value) == written


def test_csv_is_danish_and_quotes_what_must_be():
    answer = csv_response("sager", HEADINGS, [ROW, ('a;"b"', -1, None, None, None, False, 3)])

    assert b"".join(answer).decode() == (
        "\ufeffTitel;Sager;Søgt;Frist;Modtaget;For sen;Point\r\n"
        "Fælles have;12;25000,50;03-01-2027;03-01-2027 12:05;ja;\r\n"
        '"a;""b""";-1;;;;nej;3\r\n'
    )
    assert answer["Content-Disposition"] == 'attachment; filename="sager.csv"'


def test_xlsx_is_typed_frozen_and_filtered():
    rows = [ROW, ("=1+1", -1, Decimal("-0.05"), None, None, False, 3), ("Lyd\x07", *ROW[1:])]

    sheet = _opened(xlsx_response("sager", HEADINGS, rows))

    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert [cell.value for cell in sheet[2]] == [
        "Fælles have",
        12,
        25000.5,
        naive(2027, 1, 3, 0, 0),
        naive(2027, 1, 3, 12, 5),
        True,
        None,
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d", "b", "n"]
    assert sheet["C2"].number_format == '#,##0.00 "kr."'
    assert sheet["D2"].number_format == "dd-mm-yyyy"
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")
    assert sheet["A4"].value == "Lyd"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G4")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["E"].width > 16


def test_an_empty_table_has_its_headings():
    assert _opened(xlsx_response("sager", HEADINGS, [])).auto_filter.ref == "A1:G1"
    assert b"".join(csv_response("sager", ("Titel",), [])) == "\ufeffTitel\r\n".encode()


def test_csv_is_read_only_a_chunk_ahead_of_what_is_sent():
    read = 0

    def rows():
        nonlocal read
        for number in range(CHUNK * 10):
            read += 1
            yield (f"Sag {number}", number)

    sent = list(islice(csv_response("sager", ("Sag", "Nr."), rows()), 2))

    assert read == CHUNK * 2
    assert sum(chunk.count(b"\r\n") for chunk in sent) == CHUNK * 2 + 1


def test_a_broken_row_is_no_whole_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows():
        yield ("Sag", 1)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        xlsx_response("sager", ("Sag", "Nr."), rows())
    with pytest.raises(RuntimeError):
        b"".join(csv_response("sager", ("Sag", "Nr."), rows()))
    assert list(tmp_path.iterdir()) == []


def _opened(answer):
    content = b"".join(answer)
    answer.file_to_stream.close()
    return load_workbook(BytesIO(content)).active


def naive(*when):
    return datetime(*when, tzinfo=UTC).replace(tzinfo=None)
