"""What the pictures of the letters see and what they forgive; each kind's are in test_matrix.py."""

from pathlib import Path

import pytest

from letters import render
from letters.facts.base import issued_at
from letters.kinds.registry import KINDS
from letters.previews import samples
from tests.letters.pictures import comparing
from tests.letters.told import html_of

KIND = "REJECTION"
FACTS = samples.facts(KIND)
HTML = html_of(KIND, FACTS)
SEEN = {
    "a word": "",
    "a grey": "p { color: #555 }",
    "a tint": ".result { background: #fff }",
    "a thin line": ".appeal { border-color: #fff }",
    "a heading that moved 1 mm": "h1 { position: relative; top: 1mm }",
    "facts that moved 1 mm": ".side { left: 139mm }",
}
FORGIVEN = {
    "words rounded otherwise": "p { word-spacing: .005pt }",
    "letters rounded otherwise": "p { letter-spacing: .0005pt }",
}


def drawn(css: str, html: str = HTML) -> bytes:
    styled = html.replace("</head>", f"<style>{css}</style></head>")
    return render.letter(styled, FACTS, issued_at(FACTS))[0]


def test_a_change_is_seen_and_another_machine_is_forgiven() -> None:
    kept = [comparing.in_few_greys(page) for page in comparing.pages(drawn(""))]

    def is_seen(pdf: bytes) -> bool:
        both = zip(kept, comparing.pages(pdf), strict=True)
        return not all(comparing.is_same(was, now) for was, now in both)

    word = HTML.replace("Puljen er til noget", "Puljen er alene til noget")
    assert word != HTML
    assert not is_seen(drawn(""))
    for name, css in SEEN.items():
        assert is_seen(drawn(css, word if not css else HTML)), name
    for name, css in FORGIVEN.items():
        assert not is_seen(drawn(css)), name


def test_a_page_that_differs_is_named_and_shown_and_renewed_where_it_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(comparing, "SHOWN", tmp_path / "shown")
    monkeypatch.setenv("UPDATE_PICTURES", "1")
    two, one = drawn("h1 { margin-bottom: 9cm }"), drawn("")
    assert comparing.different(two, "AWARD") == []
    monkeypatch.delenv("UPDATE_PICTURES")

    assert comparing.different(two, "AWARD") == []
    assert comparing.different(one, "AWARD") == ["AWARD-1.png", "AWARD-2.png"]
    assert {path.name for path in (tmp_path / "shown").iterdir()} == {"AWARD-1.png", "AWARD-2.png"}

    monkeypatch.setenv("UPDATE_PICTURES", "1")
    assert comparing.different(one, "AWARD") == []
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["AWARD-1.png"]


def test_no_picture_of_a_kind_is_left_that_is_gone() -> None:
    kept = {path.stem.partition("-")[0] for path in comparing.KEPT.glob("*.png")}

    assert kept
    assert kept <= set(KINDS)
