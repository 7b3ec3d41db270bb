from collections.abc import Callable
from pathlib import Path

import pytest

from pulje.errors import RuleBroken
from pulje.imports.amounts import Style
from pulje.imports.mapfile import Empty, ImportMap, Repeated, build_map, load_map
from tests.pulje.imports.conftest import MAPS, PLAN

Plan = Callable[..., ImportMap]


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_map_is_sound(path: Path) -> None:
    assert load_map(path).source


def test_what_is_not_told_has_a_stated_meaning(plan: Plan) -> None:
    found = plan()

    assert found.empty == {"applied": Empty.UNKNOWN, "awarded": Empty.REFUSE}
    assert found.repeated is Repeated.REFUSE
    assert found.styles == {"applied": Style.DANISH, "awarded": Style.DANISH}
    assert found.wanted == ("navn", "projekt", "søgt", "givet", "år")
    assert found.code == "HPRVE"


def test_each_amount_may_have_its_own_style(plan: Plan) -> None:
    assert plan(numbers={"applied": "da", "awarded": "en"}).styles["awarded"] is Style.ENGLISH


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"source": ""}, 'Skriv source = "…"'),
        ({"source": 5}, "source skal være tekst"),
        ({"kolonner": {}}, "kolonner kendes ikke"),
        ({"code": "for langt"}, "code skal være højst 6"),
        ({"columns": {"awarded": "x", "title": "y"}}, "applicant mangler"),
        ({"columns": {"applicant": "x", "title": "y"}}, "awarded mangler"),
        ({"columns": {"applicant": "x", "awarded": "y"}}, "title mangler"),
        ({"columns": {"applicant": True}}, "applicant skal være en kolonnes navn"),
        ({"columns": {"navn": "x"}}, "[columns] navn kendes ikke"),
        ({"numbers": {}}, "Det gættes ikke"),
        ({"numbers": {"style": "dk"}}, "Det kan være: da, en"),
        ({"numbers": {"style": "da", "currency": [1]}}, "currency skal være en liste"),
        ({"file": {"encoding": "latin-1"}}, "encoding kan være"),
        ({"file": {"format": "xls"}}, "format kan være"),
        ({"file": {"delimiter": "ab"}}, "delimiter skal være ét tegn"),
        ({"file": {"header": "nej"}}, "header skal være true eller false"),
        ({"file": {"header": False}}, "columns mangler"),
        ({"file": {"header": False, "columns": 3}}, "kolonner med numre fra 1 til 3"),
        ({"dates": {"formats": ["d/m/Y", "m/d/Y"]}}, "både d/m og m/d"),
        ({"dates": {"formats": ["dd-mm-yy"]}}, "d, m og Y én gang hver"),
        ({"empty": {"awarded": "ja"}}, "unknown, zero, refuse"),
        ({"identity": {}}, "[identity] columns mangler"),
        ({"identity": {"columns": [1.5]}}, "liste af kolonner"),
        ({"kind": {"rules": [{"column": "navn", "matches": "("}]}}, "er ikke et mønster"),
        ({"kind": {"rules": [{"matches": "x"}]}}, "column og matches"),
        ({"kind": {"rules": [{"column": "navn", "matches": "x", "kind": "KLUB"}]}}, "ASSOCIATION"),
        ({"kind": {"rules": ["x"]}}, "skal være en tabel"),
    ],
)
def test_mistake_is_named(tables: dict[str, object], says: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        build_map({**PLAN, **tables})

    assert says in str(refusal.value)


def test_date_columns_need_a_form() -> None:
    columns = {"applicant": "a", "title": "b", "awarded": "c", "decided": "d"}

    with pytest.raises(RuleBroken, match="Det gættes ikke"):
        build_map({**PLAN, "columns": columns})


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(RuleBroken) as refusal:
        build_map({})

    assert str(refusal.value).count("\n- ") >= 5


@pytest.mark.parametrize("text", ["= hvad", "source = 'x'\nsource = 'y'"])
def test_map_that_is_no_toml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "MAP.toml"
    path.write_text(text)

    with pytest.raises(RuleBroken, match="kan ikke læses"):
        load_map(path)


def test_map_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="kan ikke læses"):
        load_map(tmp_path / "MAP.toml")
