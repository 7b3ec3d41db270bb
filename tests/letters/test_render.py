"""The PDF itself: standards, fonts, safety, the same bytes everywhere."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import page
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from letters import render
from letters.facts import issued_at
from tests.letters.text import text_of
from tests.letters.told import LETTERS, html_of

ISSUED = datetime.fromisoformat("2027-01-15T09:30:00+01:00")
TABLE = (
    "<table><caption>Rater</caption>"
    "<thead><tr><th scope='col'>Rate</th><th scope='col'>Beløb</th></tr></thead>"
    "<tbody><tr><th scope='row'>1</th><td>5.000 kr.</td></tr></tbody></table>"
)


def html(body: str) -> str:
    return (
        "<html lang=da><head><title>Prøve – FP-2027-001</title>"
        "<meta name='dcterms.created' content='2027-01-15T09:30:00+01:00'>"
        "<meta name='dcterms.modified' content='2027-01-15T09:30:00+01:00'></head>"
        f"<body><h1>Prøve</h1>{body}</body></html>"
    )


def award() -> tuple[bytes, str]:
    facts = LETTERS["AWARD"]
    return render.letter(html_of("AWARD", facts), facts, issued_at(facts))


def structure(pdf: bytes) -> list[DictionaryObject]:
    """Every element of the structure tree, in order."""
    found: list[DictionaryObject] = []

    def walk(element: object) -> None:
        element = element.get_object() if isinstance(element, IndirectObject) else element
        if isinstance(element, DictionaryObject) and element.get("/Type") == "/StructElem":
            found.append(element)
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                walk(kid)

    root = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    for kid in root["/K"]:
        walk(kid)
    return found


@pytest.mark.parametrize("profile", ["ua1", "3a"])
@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_keeps_both_standards(kind: str, profile: str) -> None:
    facts = LETTERS[kind]
    pdf, _sha256 = render.letter(html_of(kind, facts), facts, issued_at(facts))

    report = page.validate_pdf_bytes(pdf, profile=profile)

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.rules.total > 100


def test_a_table_has_scopes_and_a_caption() -> None:
    pdf, _sha256 = render.letter(html(TABLE), {}, ISSUED)

    cells = [element for element in structure(pdf) if element["/S"] == "/TH"]
    assert [cell["/A"]["/Scope"] for cell in cells] == ["/Column", "/Column", "/Row"]
    assert "/Caption" in [element["/S"] for element in structure(pdf)]
    assert page.is_pdf_compliant_bytes(pdf, profile="ua1")


def test_margins_are_artifacts_and_not_read_aloud() -> None:
    pdf, _sha256 = award()

    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    assert content.count(b"/Pagination") >= 2
    assert "Side 1 af" in text_of(pdf)


def test_facts_are_embedded_as_canonical_json() -> None:
    pdf, _sha256 = award()

    (content,) = PdfReader(BytesIO(pdf)).attachments["afgoerelse.json"]
    assert json.loads(content) == LETTERS["AWARD"]
    assert content == render.canonical(LETTERS["AWARD"])


def test_only_our_fonts_and_as_subsets() -> None:
    pdf, _sha256 = award()

    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {font.get_object()["/BaseFont"] for font in fonts.values()}
    assert {name.split("+")[1] for name in names} == {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"}
    assert len(pdf) < 60_000


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Sommerfest 🎉👍🏽", "Sommerfest"),
        ("文化 Åge", "?? Åge"),
        ("mål & <b>", "mål & <b>"),
        ("Ｆｅｓｔ", "Fest"),
        ("Łódź Çağ Œuvre ½", "Łódź Çağ Œuvre ½"),
    ],
    ids=["emoji", "chinese", "markup", "wide letters", "latin"],
)
def test_words_outside_the_font_never_stop_a_letter(said: str, read: str) -> None:
    facts = LETTERS["AWARD"] | {"project": said}
    pdf, _sha256 = render.letter(html_of("AWARD", facts), facts, issued_at(facts))

    assert f"I får tilskud til {read}\n" in text_of(pdf).replace(" \n", "\n")
    assert page.is_pdf_compliant_bytes(pdf, profile="3a")


def test_a_very_long_word_stays_on_the_page() -> None:
    pdf, _sha256 = render.letter(html(f"<p>{'x' * 400}</p>"), {}, ISSUED)

    assert len(text_of(pdf).strip().splitlines()) > 4


@pytest.mark.parametrize(
    "body",
    [
        "<link rel=attachment href='file:///etc/passwd'>",
        "<img src='file:///etc/passwd' alt=x>",
        "<img src='http://127.0.0.1/x.png' alt=x>",
        "<img src='data:image/png;base64,AAAA' alt=x>",
        "<img src='asset:../../render.py' alt=x>",
        "<style>@import url(file:///etc/passwd)</style>",
    ],
)
def test_a_letter_fetches_nothing(body: str) -> None:
    with pytest.raises(ValueError, match="may not fetch"):
        render.letter(html(body), {}, ISSUED)


@pytest.mark.parametrize(
    "body", ["<p>ord</p>" * 30_000, "<p>ord</p>" * 2_000], ids=["bytes", "pages"]
)
def test_a_letter_without_end_is_refused_in_a_sentence(body: str) -> None:
    with pytest.raises(render.CannotRender, match="Forkort"):
        render.letter(html(body), {}, ISSUED)


def test_a_letter_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LETTER", replace(render.LETTER, seconds=1))

    with pytest.raises(render.CannotRender, match="1 sekunder"):
        render.letter(html("<div style='display:flex'>" * 26 + "x"), {}, ISSUED)


def test_without_fonts_a_worker_does_not_start(settings: object, tmp_path: Path) -> None:
    settings.LETTER_FONTS_DIR = tmp_path  # type: ignore[attr-defined]

    with pytest.raises(render.NotInstalled, match="make install"):
        render.check()


SCRIPT = """
import django; django.setup()
from tests.letters.test_render import award
print(award()[1])
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_bytes_in_every_process(seed: str) -> None:
    surroundings = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"}
    surroundings["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

    elsewhere = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=surroundings, capture_output=True, text=True, check=True
    )

    assert elsewhere.stdout.strip() == award()[1]
