"""The PDF itself: standards, fonts, safety, the same bytes everywhere."""

import json
import os
import random
import re
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path

import page
import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from letters import render
from letters.facts.base import issued_at
from letters.previews import samples
from letters.rendering.balanced import balanced
from letters.rendering.fonts import drawable
from letters.rendering.proof import standards_broken
from tests.letters import geometry
from tests.letters.text import text_of
from tests.letters.told import LETTERS, html_of

ISSUED = datetime.fromisoformat("2027-01-15T09:30:00+01:00")
WORDS = re.split(
    " ",
    "vi kan i og det er sommerfest lektiecafé kommunen tilskud udvalget lagde vægt på at projektet"
    " bæres af frivillige ikke regnskab senest mandag foreningen til børn unge",
)
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


def test_a_decision_fills_its_pages_and_each_after_the_first_says_whose_it_is() -> None:
    pages = {}
    for kind in ("AWARD", "PARTIAL_AWARD", "REJECTION", "REPAYMENT_CLAIM"):
        facts = samples.facts(kind)
        pdf, _sha256 = render.letter(html_of(kind, facts), facts, issued_at(facts))
        texts = [one.extract_text() for one in PdfReader(BytesIO(pdf)).pages]
        pages[kind] = [text.replace("\xa0", " ") for text in texts]

    assert {kind: len(texts) for kind, texts in pages.items()} == {
        "AWARD": 1,
        "PARTIAL_AWARD": 2,
        "REJECTION": 1,
        "REPAYMENT_CLAIM": 1,
    }
    first, second = pages["PARTIAL_AWARD"]
    assert "Rudersdal Kommune · Kulturområdet" in first
    assert "Rudersdal Kommune · FP-2027-014 · 15. januar 2027" in second
    assert "Side 2 af 2" in second
    assert second.index("Grundlag") < second.index("Venlig hilsen") < second.index("Hvis I er")


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


SAID = {  # what somebody wrote -> what a reader gets out of the PDF
    "Sommerfest 🎉👍🏽": "Sommerfest 🎉👍🏽",
    "文化 Åge": "文化 Åge",
    "mål &amp; &lt;b&gt;": "mål & <b>",
    "Ｆｅｓｔ": "Fest",
    "Łódź Çağ Œuvre ½": "Łódź Çağ Œuvre ½",
    "Καλημέρα Привет": "Καλημέρα Привет",
    "नमस्ते ไทย ქართული": "नमस्ते ไทย ქართული",
    "vendt \u202eom": "vendt om",
    "Z\u0335\u0321\u0353\u0301\u0302\u0303": "Z\u0335\u0321\u0353",
    "uden tegn \ue000\x07.": "uden tegn .",
}


def test_no_name_emoji_or_script_breaks_a_letter() -> None:
    body = "".join(f"<p>{said}</p>" for said in SAID)
    pdf, _sha256 = render.letter(html(body), {}, ISSUED)

    # a glyph that is only part of a character stands for a space without width
    read = text_of(pdf).replace("\u200b", "").splitlines()
    assert [line.strip() for line in read[1 : len(SAID) + 1]] == list(SAID.values())
    assert standards_broken(pdf) == []


JOINED = [
    "கொழும்பு விளையாட்டு, विद्यार्थी, বাংলা, ਪੰਜਾਬੀ, ગુજરાતી",
    "తెలుగు, ಕನ್ನಡ, മലയാളം, සිංහල, မြန်မာ, ខ្មែរ",
    "Tast 1️⃣ 2️⃣ #️⃣ nu",
]
FROM_RIGHT = "نادي الواجبات 2027 (الخميس) på tur"


def test_what_glyphs_do_not_tell_is_told_beside_them() -> None:
    said = [*JOINED, "Fest 🎉", FROM_RIGHT, "שלום, 25.000 kr."]
    body = "".join(f'<p dir="auto">{line}</p>' for line in said)
    pdf, _sha256 = render.letter(html(body), {}, ISSUED)

    told = [element["/ActualText"] for element in structure(pdf) if "/ActualText" in element]
    assert [line.replace("\xa0", " ") for line in told] == said
    with pypdfium2.PdfDocument(pdf) as paper:
        words = paper[0].get_textpage()
        copied = words.get_text_range().replace("\xa0", " ").splitlines()
        rects = [words.get_rect(n) for n in range(words.count_rects())]
    assert copied[1:4] == JOINED
    assert any(left > 300 for left, bottom, _right, _top in rects if bottom > 100)
    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert not any("Unifont" in font.get_object()["/BaseFont"] for font in fonts.values())
    assert standards_broken(pdf) == []


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Klub نادي (الخميس) på", "Klub نادي (الخميس)\u200e på"),
        ("Se (نادي) her", "Se (نادي\u200e) her"),
        ("<b>نادي</b>", "<b>نادي</b>"),
        ('<p dir="auto">«نادي», 5 kr.</p>', '<p dir="rtl">«نادي», 5 kr.</p>'),
        ('<p dir="auto">Klub نادي, x</p>', '<p dir="auto">Klub نادي\u200e, x</p>'),
    ],
)
def test_what_is_from_the_right_ends_after_its_own_brackets(written: str, drawn: str) -> None:
    assert drawable(written) == drawn


LISTS = """<dl><dt>Dato</dt><dd>I dag</dd><dt>Ring</dt><dd>12 34 56 78</dd><dd>Hverdage</dd></dl>
<section lang="en"><p>For <span lang="da">Lektiecafé</span></p><ul><li lang="da">Et</li></ul>
</section>"""


def test_terms_are_pairs_and_a_part_says_its_language() -> None:
    pdf, _sha256 = render.letter(html(LISTS), {}, ISSUED)

    found = structure(pdf)
    items = [[kid.get_object()["/S"] for kid in e["/K"]] for e in found if e["/S"] == "/LI"]
    assert items == [["/Lbl", "/LBody"], ["/Lbl", "/LBody", "/LBody"], ["/Lbl", "/LBody"]]
    spoken = [(element["/S"], element["/Lang"]) for element in found if "/Lang" in element]
    assert spoken[:3] == [("/Sect", "en"), ("/Span", "da"), ("/LI", "da")]
    assert standards_broken(pdf) == []


def test_an_amount_after_an_arabic_name_stays_after_it() -> None:
    body = "<p>Til مهرجان الصيف, 25.000 kr.</p><p><strong>שלום</strong> er navnet</p>"
    pdf, _sha256 = render.letter(html(body), {}, ISSUED)

    with pypdfium2.PdfDocument(pdf) as paper:
        words = paper[0].get_textpage()
        placed = {words.get_text_range(n, 1): words.get_charbox(n)[0] for n in range(60)}
    assert placed["T"] < placed["ن"] < placed["م"] < placed["2"]
    assert standards_broken(pdf) == []
    assert len(pdf) < 25_000


def test_no_word_is_left_alone_before_inline_markup() -> None:
    """WeasyPrint 70.0 leaves one in 400 paragraphs like these (letters/rendering/stranded.py)."""
    chance = random.Random(13)
    paragraphs = []
    for _n in range(120):
        words = chance.choices(WORDS, k=40)
        for place in range(5, 40, 9):
            words[place] = f"<strong>{words[place]}</strong>" + chance.choice(["", ",", "."])
        paragraphs.append(f"<p>{' '.join(words)}</p>")

    with geometry.watched() as seen:
        render.document(html("".join(paragraphs)), {}, ISSUED, name="a.json")

    assert [line for line in geometry.stranded(seen.documents[0]) if " | " in line] == []


def test_a_title_of_two_lines_has_two_of_about_one_length() -> None:
    title = "I får ikke tilskud til Birkerød Lektiecafés sommerfest for alle"
    pdf, _sha256 = render.letter(html("").replace("Prøve</h1>", f"{title}</h1>"), {}, ISSUED)

    first, second = text_of(pdf).replace("\xa0", " ").splitlines()[:2]
    assert (first.strip(), second.strip()) == (title[:31], title[32:])
    assert balanced("<h1>I får tilskud</h1>") == "<h1>I får tilskud</h1>"
    assert balanced(f"<h1>{'x' * 200}</h1>") == f"<h1>{'x' * 200}</h1>"


def test_a_very_long_word_stays_on_the_page() -> None:
    pdf, _sha256 = render.letter(html(f"<p>{'x' * 400}</p>"), {}, ISSUED)

    (first, *lines) = text_of(pdf).split("\n")[1:-2]
    assert {len(line.strip()) for line in [first, *lines[:4]]} == {60}


def test_without_fonts_a_worker_does_not_start(settings: object, tmp_path: Path) -> None:
    settings.LETTER_FONTS_DIR = tmp_path  # type: ignore[attr-defined]

    with pytest.raises(render.NotInstalled, match="make install"):
        render.check()


SCRIPT = """
import django; django.setup()
from tests.letters.test_render import award
print(award()[1])
"""


def test_the_same_bytes_in_every_process() -> None:
    surroundings = os.environ | {"PYTHONHASHSEED": "2", "TZ": "Pacific/Auckland"}
    surroundings["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

    elsewhere = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=surroundings, capture_output=True, text=True, check=True
    )

    assert elsewhere.stdout.strip() == award()[1]
