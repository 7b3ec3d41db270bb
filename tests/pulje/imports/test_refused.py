import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pulje.imports.cleaning import Cleaner
from pulje.imports.grant_row import GrantRow, Purpose, Refusal
from pulje.imports.mapfile import ImportMap
from pulje.imports.refused import write_refused
from pulje.imports.source import open_source
from tests.pulje.imports.conftest import HEADER
from tests.pulje.imports.test_reading import sheet

Plan = Callable[..., ImportMap]
REASON = "puljer: Det bevilgede beløb er negativt (-5.00)."


def refuse(path: Path, plan: ImportMap) -> tuple[Path, list[GrantRow | Refusal]]:
    """Read the file and write its refused rows beside it."""
    source, cleaner = open_source(path, plan), Cleaner(plan, Purpose.HISTORY)
    rows = [cleaner.clean(raw) for raw in source.read()]
    out = path.with_name(f"afvist{path.suffix}")
    write_refused(out, [row for row in rows if isinstance(row, Refusal)], source)
    return out, rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_keeps_each_row_as_it_stood(tmp_path: Path, plan: Plan, encoding: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes((HEADER + '"Blå; klub";Fest;1;-5;2020\na;b\nx;y;"q"r;1;2020').encode(encoding))

    out, _rows = refuse(path, plan())

    assert out.read_bytes().decode(encoding).splitlines() == [
        "puljer_reason;puljer_identity;navn;projekt;søgt;givet;år",
        f'{REASON};;"Blå; klub";Fest;1;-5;2020',
        "puljer: Rækken har 2 kolonner, og filen har 5.;;a;b",
        "puljer: Rækken kan ikke deles i kolonner: et anførselstegn står forkert, eller en celle"
        ' er for lang.;;x;y;"q"r;1;2020',
    ]


def test_mended_csv_is_imported_and_what_is_not_mended_is_refused_again(
    tmp_path: Path, plan: Plan
) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(HEADER + "Klubben;Fest;1;-5;2020\na;b\n", encoding="utf-8")
    out, _rows = refuse(path, plan())
    out.write_text(out.read_text(encoding="utf-8").replace(";-5;", ";5;"), encoding="utf-8")

    again, rows = refuse(out, plan())

    assert [type(row) for row in rows] == [GrantRow, Refusal]
    assert again.read_text(encoding="utf-8").splitlines()[1].endswith("filen har 5.;;a;b")


def test_mended_row_keeps_its_place_among_equal_rows(tmp_path: Path, plan: Plan) -> None:
    counted = plan(identity={"columns": ["navn", "projekt"], "repeated": "count"})
    path = tmp_path / "fil.csv"
    path.write_text(HEADER + "Klubben;Fest;1;1;2020\nKlubben;Fest;1;-5;2020\n", encoding="utf-8")
    out, first = refuse(path, counted)
    out.write_text(out.read_text(encoding="utf-8").replace(";-5;", ";5;"), encoding="utf-8")

    _again, rows = refuse(out, counted)

    assert isinstance(first[0], GrantRow)
    assert isinstance(rows[0], GrantRow)
    assert rows[0].identity == first[1].identity != first[0].identity


def test_file_without_header_is_mended_too(tmp_path: Path, plan: Plan) -> None:
    columns = {"applicant": 1, "title": 2, "awarded": 4, "year": 5}
    bare = plan(columns=columns, identity={"columns": [1]}, file={"header": False, "columns": 5})
    path = tmp_path / "fil.tsv"
    path.write_text("Klubben\tFest\t1\t-5\t2020\nKlub 2\tFest\t1\t5\t2020\n", encoding="utf-8")
    out, _rows = refuse(path, bare)
    assert out.read_text(encoding="utf-8") == f"{REASON}\t\tKlubben\tFest\t1\t-5\t2020\n"
    out.write_text(out.read_text(encoding="utf-8").replace("-5", "5"), encoding="utf-8")

    _again, rows = refuse(out, bare)

    assert [type(row) for row in rows] == [GrantRow]


@pytest.mark.parametrize("wrapped", [False, True])
def test_json_keeps_its_shape(tmp_path: Path, plan: Plan, *, wrapped: bool) -> None:
    items = [{"navn": "Klubben", "projekt": "Fest", "søgt": 1.5, "givet": -5, "år": 2020}, 5]
    path = tmp_path / "fil.json"
    path.write_text(json.dumps({"grants": items} if wrapped else items), encoding="utf-8")

    out, _rows = refuse(path, plan())
    written = json.loads(out.read_text(encoding="utf-8"))
    found = written["grants"] if wrapped else written

    assert found[0] == {"puljer_reason": REASON, "puljer_identity": "", **items[0]}  # type: ignore[dict-item]
    assert found[1][""] == 5
    found[0]["givet"] = 5
    out.write_text(json.dumps(written), encoding="utf-8")
    assert [type(row) for row in refuse(out, plan())[1]] == [GrantRow, Refusal]


def test_xlsx_is_written_as_text_and_never_as_a_formula(tmp_path: Path, plan: Plan) -> None:
    path = sheet(
        tmp_path / "fil.xlsx",
        [["navn", "projekt", "søgt", "givet", "år"], ["Klubben", "Fest", 1, -5, 2020]],
    )
    workbook = openpyxl.load_workbook(path)
    first: Any = workbook.active
    first["B2"].value = "=cmd()"
    first["B2"].data_type = "s"
    workbook.save(path)

    out, _rows = refuse(path, plan())
    written: Any = openpyxl.load_workbook(out).active

    assert [cell.value for cell in written[2]] == [REASON, None, "Klubben", "=cmd()", 1, -5, 2020]
    assert written["D2"].data_type != "f"
    written["F2"].value = 5
    written.parent.save(out)
    assert [type(row) for row in refuse(out, plan())[1]] == [GrantRow]
