"""An agenda as PDF and as Word: both standards, contents that lead, nothing that breaks it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import page
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from letters import render
from letters.facts.base import issued_at
from letters.packets.papers import html_of, without_ids
from letters.packets.word import docx_of
from pulje.queries.meeting.paper import Column, Facts, Item, Note, Points, Section, Table, Text
from tests.letters.papers import a_paper
from tests.letters.test_render import structure
from tests.letters.text import text_of

LONG = ("Åbent for alle & <b>båret</b> af frivillige 🎉 مرحبا \x0b. " * 90)[:4000]
WIDE = Table(
    "Bred oversigt",
    [Column(f"Kolonne {n}", 10, n > 3) for n in range(10)],
    [["ord og tal"] * 10] * 2,
    ["Sum"] * 10,
)
EMPTY = (Text(""), Note(""), Points(()), Facts(()), WIDE, Text("efter\n\nden brede"))
STRANGE = Item("punkt-9", "9", "Alt muligt", False, [Section("p9", "Bilag", EMPTY)])


def pdf_of(paper: Mapping[str, Any]) -> bytes:
    told = without_ids(paper)
    return render.meeting(html_of(paper), told, issued_at(paper), name="dagsorden.json")[0]


@cache
def difficult(*, is_open: bool) -> bytes:
    return pdf_of(a_paper(3, is_open=is_open, reason=LONG, more=[STRANGE]))


def titles(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        yield from titles(entry) if isinstance(entry, list) else [entry.title]


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_an_agenda_keeps_both_standards_whatever_stands_in_it(is_open: bool) -> None:
    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(
            difficult(is_open=is_open),
            profile=profile,
            limits=page.SafetyLimits.unlimited(),
        )

        wrong = {failure.rule_id for failure in report.failures}
        if b"\r\nendstream" in difficult(
            is_open=is_open
        ):  # it takes the data's CR for a line's end
            wrong.discard("PDFA3A-STREAM-LENGTH-001")
        assert wrong == set()
        assert report.rules.total > 100


def test_contents_bookmarks_and_numbers_lead_to_their_pages() -> None:
    reader: Any = PdfReader(BytesIO(pdf_of(a_paper(6))))
    where = {
        name: reader.get_destination_page_number(to) + 1
        for name, to in reader.named_destinations.items()
    }
    contents = [line.rsplit(maxsplit=1) for line in reader.pages[0].extract_text().splitlines()]
    linked = (link.get_object()["/Dest"] for one in reader.pages for link in one.get("/Annots", ()))
    links = list(dict.fromkeys(linked))

    pages = {line[0]: line[-1] for line in contents if line[0].startswith("Punkt")}
    assert pages["Punkt 2. Kulturpuljen – fordeling, 1. runde 2027"] == str(where["punkt-2"])
    ranked = [f"sag-{n}" for n in range(1, 7)]
    assert links == ["punkt-1", "punkt-2", "punkt-2-bilag", "punkt-3", *ranked]
    assert where["sag-6"] > where["punkt-2-bilag"] > where["punkt-2"]
    assert list(titles(reader.outline))[-3:] == [
        "6. Sommerfest nr. 6",
        "Punkt 3. Lukket sag (lukket)",
        "Resumé",
    ]


def test_every_page_has_its_head_a_long_table_its_titles_and_a_wide_one_room() -> None:
    pages = PdfReader(BytesIO(difficult(is_open=False))).pages
    texts = [one.extract_text() for one in pages]

    assert all("Kultur- og Fritidsudvalget – Dagsorden – Lukket" in text for text in texts[1:])
    assert all(f"Side {n} af {len(texts)}" in text for n, text in enumerate(texts, 1))
    assert sum("Indstillet" in text and "Begrundelse" in text for text in texts) > 5
    (turned,) = [n for n, one in enumerate(pages) if one.mediabox.width > one.mediabox.height]
    assert "Bred oversigt" in texts[turned]
    assert "den brede" in texts[turned + 1]
    heads = [e["/A"]["/Scope"] for e in structure(difficult(is_open=False)) if e["/S"] == "/TH"]
    assert {"/Column", "/Row"} == set(heads)
    (sums,) = re.findall(r'<tr class="sum">.*?</tr>', html_of(a_paper(3)), re.DOTALL)[:1]
    assert re.findall(r"<th[^>]*>(.*?)</th>", sums) == ["I alt"]  # an empty cell heads nothing


def test_items_follow_on_and_no_row_stands_alone_at_the_turn_of_a_page() -> None:
    texts = [one.extract_text() for one in PdfReader(BytesIO(pdf_of(a_paper(9)))).pages]
    parted = []
    for lines in (5, 7, 9):  # before the table
        paper = json.loads(json.dumps(a_paper(4)))
        paper["items"][1]["annexes"] = []
        before = [{"kind": "text", "text": "Linje.", "cases": []}] * lines
        paper["items"][1]["sections"][0]["blocks"] = before
        pages = PdfReader(BytesIO(pdf_of(paper))).pages
        parted.append([page.extract_text().count("63 %") for page in pages])

    assert len(texts) == 7  # two cases fill a page; no page is left for the next item
    assert "Punkt 2. Kulturpuljen" in texts[0].split("Formanden orienterer.")[1]
    assert parted == [[3, 2], [2, 3], [0, 5]]  # the sums go with a row, a row with another


def test_a_draft_says_so_on_every_page_and_in_word() -> None:
    draft = {**a_paper(3), "title": "Referat", "mark": "Udkast – ikke godkendt"}
    pages = PdfReader(BytesIO(pdf_of(draft))).pages
    word: Any = Document(BytesIO(docx_of(draft)))

    name = "Referat – Lukket (Udkast – ikke godkendt)"
    assert all("ikke godkendt" in " ".join(p.extract_text().split()) for p in pages)
    assert word.paragraphs[1].text == name
    assert name in word.sections[0].header.paragraphs[0].text


def test_what_is_ours_alone_is_not_told_outside() -> None:
    table = Table("Sager", [Column("Sag", 100, is_secret=True)], [["1"]], cases=[471104])
    paper = a_paper(1, more=[Item("p", "4", "Sager", False, [Section("s", "Sager", [table])])])
    reader = PdfReader(BytesIO(pdf_of(paper)))

    (inside,) = reader.attachments["dagsorden.json"]
    assert json.loads(inside) == json.loads(render.canonical(without_ids(paper)))
    assert b"471104" not in inside
    assert b"is_secret" not in inside
    assert json.loads(inside)["items"][3]["sections"][0]["blocks"][0]["rows"] == [["1"]]


def test_only_the_closed_version_says_so_and_has_the_closed_item_s_name() -> None:
    closed, open_ = text_of(difficult(is_open=False)), text_of(difficult(is_open=True))

    assert "må ikke deles" in closed
    assert "må ikke deles" not in open_
    assert "Asta Andersen" in closed
    assert "(lukket)" not in open_


def test_the_same_facts_give_the_same_bytes() -> None:
    paper = a_paper(1)

    assert pdf_of(paper) == pdf_of(json.loads(json.dumps(paper)))
    assert docx_of(paper) == docx_of(json.loads(json.dumps(paper)))


def test_an_agenda_without_end_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MEETING", replace(render.MEETING, pages=1))

    with pytest.raises(render.CannotRender, match="Fordel sagerne på flere møder"):
        pdf_of(a_paper(1))


def test_word_has_headings_lists_titled_tables_and_danish() -> None:
    word: Any = Document(BytesIO(docx_of(a_paper(2, reason=LONG, more=[STRANGE]))))
    by_style: dict[str, list[str]] = {}
    for paragraph in word.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)

    assert by_style["Title"] == ["Dagsorden – Lukket"]
    assert by_style["Heading 1"][1] == "Punkt 2. Kulturpuljen – fordeling, 1. runde 2027"
    assert by_style["Heading 2"][-1] == "Bilag"
    assert by_style["Heading 3"] == ["1. Sommerfest nr. 1", "2. Sommerfest nr. 2"]
    assert len(by_style["List Number"]) == 3
    assert by_style["toc 1"] == by_style["Heading 1"]
    assert [section.orientation for section in word.sections] == [0, 1, 0]
    ranked = word.tables[0]
    assert [cell.text for cell in ranked.rows[0].cells][:3] == ["Nr.", "Ansøger", "Projekt"]
    assert ranked._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Ansøgninger efter point"
    assert None not in [table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") for table in word.tables]


def test_word_says_what_it_is_and_in_which_language() -> None:
    word: Any = Document(BytesIO(docx_of(a_paper(0))))
    told = word.core_properties

    assert (told.language, told.author) == ("da-DK", "Rudersdal Kommune")
    assert (
        told.title == "Kultur- og Fritidsudvalget – Dagsorden – Lukket – KFU 14-01-2027, version 2"
    )
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"da-DK"}
    assert "Lukket\tKFU 14-01-2027" in word.sections[0].header.paragraphs[0].text


def test_every_numbered_list_in_word_begins_anew() -> None:
    lists = Section("s", "To lister", [Points(["a", "b"], ordered=True), Points(["c"], True)])
    more = [Item("p", "4", "Lister", False, [lists])]
    word: Any = Document(BytesIO(docx_of(a_paper(1, more=more))))

    numbered = [p for p in word.paragraphs if p.style.name == "List Number"]
    keys = [paragraph._p.pPr.numPr.numId.val for paragraph in numbered]
    assert [len(set(keys[:3])), len(set(keys[-3:])), len(set(keys))] == [1, 2, 3]
