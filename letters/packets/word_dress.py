"""What a Word file looks like before anything stands in it: styles, language, head and foot.

python-docx knows paragraphs and tables; the rest is said in Word's own XML.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONT = "Calibri"  # everybody has it; the letters' own would be replaced by chance
GREEN, GREY = RGBColor(0x0F, 0x5A, 0x47), RGBColor(0x59, 0x59, 0x59)
SIDE, WIDTH = Mm(20), Mm(170)
FACT, NOTE, CONTENTS, TABLE = "Oplysning", "Vigtigt", "toc 1", "Puljetabel"
SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Heading 3": 11, "Caption": 9}
BOX = (
    "<w:pBdr {ns}><w:left w:val='single' w:sz='24' w:space='8' w:color='0F5A47'/></w:pBdr>",
    "<w:shd {ns} w:val='clear' w:color='auto' w:fill='E9F3EE'/>",
)
LINES = (
    "<w:tblPr {ns}><w:tblBorders>"
    "<w:bottom w:val='single' w:sz='4' w:color='B5B5AE'/>"
    "<w:insideH w:val='single' w:sz='4' w:color='B5B5AE'/></w:tblBorders>"
    "<w:tblCellMar><w:left w:w='57' w:type='dxa'/><w:right w:w='57' w:type='dxa'/>"
    "</w:tblCellMar></w:tblPr>",
    "<w:tblStylePr {ns} w:type='firstRow'><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>"
    "<w:bottom w:val='single' w:sz='8' w:color='0F5A47'/></w:tcBorders></w:tcPr></w:tblStylePr>",
)


def dressed(paper: Mapping[str, Any], name: str, issued: datetime, sender: str) -> Word:
    """An empty file in the municipality's dress, in Danish, with what a register asks of it."""
    word = Document()
    _forget_example(word)
    _set_language(word)
    _set_styles(word)
    _set_page(word, f"{paper['committee']} – {name}", paper["number"])
    told = word.core_properties
    told.title = f"{paper['committee']} – {name} – {paper['number']}"
    told.author = told.last_modified_by = sender
    told.subject, told.language, told.comments = name, "da-DK", ""
    told.created = told.modified = issued.astimezone(UTC).replace(tzinfo=None)
    return word


def xml(text: str) -> Any:
    """An element of Word's own; ``{ns}`` in it is where the names are declared."""
    return parse_xml(text.replace("{ns}", nsdecls("w")))


def field(paragraph: Paragraph, code: str) -> None:
    """A figure Word fills in: PAGE, NUMPAGES."""
    paragraph._p.append(
        xml(f"<w:fldSimple {{ns}} w:instr='{code}'><w:r><w:t>1</w:t></w:r></w:fldSimple>")
    )


def _forget_example(word: Word) -> None:
    """The library's example file has a picture of itself and a hundred styles of tables."""
    relations = word.part.package.rels
    for key in [key for key, part in relations.items() if part.reltype.endswith("/thumbnail")]:
        del relations[key]
    for style in list(word.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()


def _set_language(word: Word) -> None:
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "da-DK")
        lang.set(qn("w:eastAsia"), "da-DK")
    for lang in word.settings.element.iter(qn("w:themeFontLang")):
        lang.set(qn("w:val"), "da-DK")
    for mode in word.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")


def _set_styles(word: Word) -> None:
    for fonts in list(word.styles.element.iter(qn("w:rFonts"))):
        fonts.getparent().remove(fonts)
    defaults = word.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    same = " ".join(f"w:{kind}='{FONT}'" for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
    defaults.insert(0, xml(f"<w:rFonts {{ns}} {same}/>"))
    space = word.styles.element.find(f".//{qn('w:pPrDefault')}//{qn('w:spacing')}")
    space.set(qn("w:after"), "100")
    space.set(qn("w:line"), "264")
    for name, size in SIZES.items():
        style = word.styles[name]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), True, GREEN
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(size * 0.8)
        style.paragraph_format.space_after = Pt(4)
    for border in list(word.styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    _add_styles(word)


def _add_styles(word: Word) -> None:
    added = {
        name: word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name == CONTENTS)
        for name in (FACT, NOTE, CONTENTS)
    }
    for style in added.values():
        style.base_style = word.styles["Normal"]
    fact = added[FACT].paragraph_format
    fact.left_indent, fact.first_line_indent, fact.space_after = Mm(40), Mm(-40), Pt(2)
    fact.tab_stops.add_tab_stop(Mm(40))
    added[NOTE].paragraph_format.left_indent = Mm(4)
    properties = added[NOTE].element.get_or_add_pPr()
    for box in BOX:
        properties.insert_element_before(xml(box), "w:tabs", "w:spacing", "w:ind")
    added[CONTENTS].paragraph_format.space_after = Pt(2)
    table = word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    table.paragraph_format.space_after = Pt(2)
    table.font.size = Pt(9)
    for lines in LINES:
        table.element.append(xml(lines))
    for name in ("List Bullet", "List Number"):
        word.styles[name].paragraph_format.space_after = Pt(3)


def _set_page(word: Word, head: str, number: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = SIDE
    section.top_margin = section.bottom_margin = Mm(22)
    above, below = section.header.paragraphs[0], section.footer.paragraphs[0]
    above.add_run(f"{head}\t{number}")
    below.add_run("Side ")
    field(below, "PAGE")
    below.add_run(" af ")
    field(below, "NUMPAGES")
    for style in (word.styles["Header"], word.styles["Footer"]):
        for tabs in list(style.element.iter(qn("w:tabs"))):
            tabs.getparent().remove(tabs)
        style.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        style.font.size, style.font.color.rgb = Pt(8.5), GREY
