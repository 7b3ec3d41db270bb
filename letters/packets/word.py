"""An agenda or minutes as a Word file, for the municipality's agenda system (ADR 0018).

Real headings, lists, marked header rows and Danish: what a screen reader and an import look for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph

from letters.packets.papers import CLOSED, PLAIN, items_of, name_of
from letters.packets.word_dress import CONTENTS, FACT, NOTE, TABLE, WIDTH, dressed, xml

Facts = Mapping[str, Any]
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip's first day: the same paper gives the same bytes


def docx_of(paper: Facts) -> bytes:
    """The paper as a Word file; the same facts give the same bytes."""
    name, issued = name_of(paper), datetime.fromisoformat(paper["issued_at"])
    writer = _Writer(dressed(paper, name, issued, settings.SITE["municipality"]))
    writer.write(paper, name)
    return _saved(writer.word)


class _Writer:
    """Writes blocks one after the other at the end of a document."""

    def __init__(self, word: Word) -> None:
        self.word = word
        self.styles = {style.name: style for style in word.styles}
        self.marks = count(1)
        self.by_kind: Mapping[str, Callable[[Facts], object]] = {
            "text": lambda block: [
                self.say(part.strip()) for part in block["text"].split("\n\n") if part.strip()
            ],
            "note": lambda block: self.say(block["text"], NOTE),
            "list": self.points,
            "facts": lambda block: self.facts(block["rows"]),
            "table": self.table,
        }

    def write(self, paper: Facts, name: str) -> None:
        items = items_of(paper)
        self.say(settings.SITE["municipality"])
        self.say(name, "Title")
        if not paper["is_open"]:
            self.say(CLOSED, NOTE)
        self.facts(paper["header"])
        self.say("Indhold", "TOC Heading")
        self.contents(items)
        for item in items:
            self.item(item)

    def say(self, text: str, style: str = "Normal") -> Paragraph:
        paragraph = self.word.add_paragraph()
        if style != "Normal":
            paragraph.style = self.styles[style]
        paragraph.add_run(text.translate(PLAIN))
        return paragraph

    def item(self, item: Facts) -> None:
        heading = self.say(item["heading"], "Heading 1")
        _mark(heading, next(self.marks), _anchor(item))
        for section in item["sections"]:
            self.say(section["title"], "Heading 2")
            self.blocks(section["blocks"])
        if item["annexes"]:
            self.say(item["annexes_title"], "Heading 2")
        for annex in item["annexes"]:
            self.say(f"{annex['number']}. {annex['title']}", "Heading 3")
            self.blocks(annex["blocks"])

    def blocks(self, blocks: Sequence[Facts]) -> None:
        for block in blocks:
            self.by_kind[block["kind"]](block)

    def facts(self, rows: Sequence[Sequence[str]]) -> None:
        for label, value in rows:
            self.say(f"{label}:\t{value}", FACT)

    def points(self, block: Facts) -> None:
        style = "List Number" if block["ordered"] else "List Bullet"
        lines = [self.say(point, style) for point in block["items"]]
        if block["ordered"]:
            _count_anew(self.word, lines)

    def contents(self, items: Sequence[Facts]) -> None:
        """Word's own table of contents, filled in: its page numbers come with F9 in Word."""
        lines = [self.word.add_paragraph(style=self.styles[CONTENTS]) for _item in items]
        for line, item in zip(lines, items, strict=True):
            link = xml(f"<w:hyperlink {{ns}} w:anchor='{_anchor(item)}' w:history='1'/>")
            line._p.append(link)
            link.append(line.add_run(item["heading"].translate(PLAIN))._r)
        if lines:
            code = '<w:instrText xml:space="preserve"> TOC \\o "1-1" \\n \\h \\z \\u </w:instrText>'
            start = [_step("begin"), xml(f"<w:r {{ns}}>{code}</w:r>"), _step("separate")]
            lines[0]._p[1:1] = start
            lines[-1]._p.append(_step("end"))

    def table(self, block: Facts) -> None:
        if not block["rows"]:
            self.say(f"{block['caption']}: ingen.")
            return
        width = self.turn(on_its_side=True) if block["is_wide"] else WIDTH
        self.say(block["caption"], "Caption")
        columns = block["columns"]
        table = self.word.add_table(rows=0, cols=len(columns), style=self.styles[TABLE])
        table.autofit = False
        widths = [Length(width * column["width"] // 100) for column in columns]
        for column, wide in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = wide
        titles = [{"text": c["title"], "is_number": c["is_number"]} for c in columns]
        _row(table, titles, widths, "<w:tblHeader {ns}/>")
        for line in block["lines"]:
            _row(table, line["cells"], widths, "<w:cantSplit {ns}/>", is_bold=line["is_sum"])
        said = xml("<w:tblCaption {ns}/>")
        said.set(qn("w:val"), block["caption"].translate(PLAIN))
        table._tbl.tblPr.append(said)
        if block["is_wide"]:
            self.turn(on_its_side=False)
        else:
            self.word.add_paragraph().paragraph_format.space_after = 0

    def turn(self, *, on_its_side: bool) -> Length:
        """A new page, turned; gives the width of what may stand on it."""
        page = self.word.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE if on_its_side else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = page.page_height, page.page_width
        return Length(page.page_width - page.left_margin - page.right_margin)


def _row(
    table: Any,
    cells: Sequence[Facts],
    widths: Sequence[Length],
    property: str,
    *,
    is_bold: bool = False,
) -> None:
    row = table._tbl.add_tr()
    row.get_or_add_trPr().append(xml(property))
    for cell, width in zip(cells, widths, strict=True):
        place = row.add_tc()
        place.width = width
        paragraph = Paragraph(place.p_lst[0], table)
        paragraph.add_run(cell["text"].translate(PLAIN)).bold = is_bold or None
        if cell["is_number"]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _count_anew(word: Word, lines: Sequence[Paragraph]) -> None:
    """Every list begins with 1)."""
    numbering: Any = word.part.numbering_part.element
    style = word.styles["List Number"].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(style).abstractNumId.val
    path = f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{abstract}']//{qn('w:lvlText')}"
    for text in numbering.iterfind(path):
        text.set(qn("w:val"), "%1)")
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    for line in lines:
        properties: Any = line._p.get_or_add_pPr()
        place = properties.get_or_add_numPr()
        place.get_or_add_ilvl().val = 0
        place.get_or_add_numId().val = number.numId


def _anchor(item: Facts) -> str:
    return f"punkt_{item['number']}".replace(" ", "_")[:40]


def _mark(paragraph: Paragraph, number: int, name: str) -> None:
    paragraph._p.insert(1, xml(f"<w:bookmarkStart {{ns}} w:id='{number}' w:name='{name}'/>"))
    paragraph._p.append(xml(f"<w:bookmarkEnd {{ns}} w:id='{number}'/>"))


def _step(kind: str) -> Any:
    return xml(f"<w:r {{ns}}><w:fldChar w:fldCharType='{kind}'/></w:r>")


def _saved(word: Word) -> bytes:
    """The file without the hour it was packed."""
    raw, packed = BytesIO(), BytesIO()
    word.save(raw)
    with ZipFile(raw) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, LONG_AGO), old.read(name), ZIP_DEFLATED)
    return packed.getvalue()
