"""Where the words of a paper stand: stranded, outside the page, over one another, or not drawn.

Lines are read from WeasyPrint's own boxes, which know where a paragraph ends; places from the PDF.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2

from letters import render
from letters.render import _weasyprint as weasyprint

SHORT = 0.35  # of a line: less, although the next word fits, is a stranded word
ENDING = ("p", "li", "h1", "h2", "h3")  # what must not end in one short word
PAIR = 20  # signs of the last two words: longer ones may part
MM = 72 / 25.4
SLACK = 0.7 * MM
# x of a letter's columns: the text, the facts beside it
COLUMNS = ((20 * MM, 150 * MM), (158 * MM, 200 * MM))
TOP, FOOT, BOTTOM = 287 * MM, 15 * MM, 8 * MM


@dataclass(eq=False)
class Watched(logging.Handler):
    """What WeasyPrint writes meanwhile: documents with their boxes, glyphs no font has."""

    documents: list[Any] = field(default_factory=list)
    undrawn: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def emit(self, record: logging.LogRecord) -> None:
        if "notdef" in record.getMessage():
            self.undrawn.append(record.getMessage())


@contextmanager
def watched() -> Iterator[Watched]:
    kind, seen, log = weasyprint().document.Document, Watched(), logging.getLogger("weasyprint")
    write = kind.write_pdf

    def kept(self: Any, *args: Any, **more: Any) -> Any:
        seen.documents.append(self)
        return write(self, *args, **more)

    kind.write_pdf = kept
    log.addHandler(seen)
    try:
        yield seen
    finally:
        log.removeHandler(seen)
        kind.write_pdf = write


def laid_out(html: str) -> Any:
    """The document as a letter's worker lays it out, not written."""
    engine = render._engine(os.getpid())
    source = weasyprint().HTML(string=html, url_fetcher=engine.fetcher)
    return source.render(font_config=engine.fonts, stylesheets=[engine.styles["brev.css"]])


# ---- WeasyPrint's boxes: a word alone on its line ----


def stranded(document: Any) -> list[str]:
    """Each line that ends early although the next word fits, with that word after a bar.

    And each last line of one short word, after a stroke.
    """
    boxes = [box for page in document.pages for box in page._page_box.descendants()]
    lines = weasyprint().formatting_structure.boxes.LineBox
    found = []
    for box in boxes:
        children = getattr(box, "children", ())
        own = [child for child in children if isinstance(child, lines)]
        found += [said for a, b in pairwise(own) if (said := _stranded(a, b, box.width))]
        if len(own) > 1 and box.element_tag in ENDING:
            found += _alone(*own[-2:])
    return found


def _alone(before: Any, last: Any) -> list[str]:
    """The last line, where one word stands on it that the word before it had room beside.

    Of a script that has words: signs and Chinese part anywhere.
    """
    if any(str(box.element_tag).startswith("br") for box in before.descendants()):
        return []
    words = "".join(box.text for box in _texts(last)).split()
    above = "".join(box.text for box in _texts(before)).split()
    if len(words) != 1 or not re.match(r"[a-zæøå\d]", words[0], re.IGNORECASE):
        return []
    if not above or len(f"{above[-1]} {words[0]}") > PAIR:
        return []
    return [f"{' '.join(above)} / {words[0]}"]


def _stranded(line: Any, after: Any, width: float) -> str:
    texts = _texts(line)
    if any(str(box.element_tag).startswith("br") for box in line.descendants()):
        return ""
    filled = sum(box.width for box in texts)
    word, word_width = _first_word(after)
    if not texts or not word or filled > SHORT * width or filled + 1.2 * word_width > width:
        return ""
    return "".join(box.text for box in texts) + " | " + word


def _texts(line: Any) -> list[Any]:
    return [box for box in line.descendants() if getattr(box, "text", "").strip()]


def _first_word(line: Any) -> tuple[str, float]:
    """Up to the first space, whatever marks are around its parts."""
    word, width = "", 0.0
    for box in _texts(line):
        part = box.text.split(" ")[0] if " " in box.text.lstrip() else box.text
        word, width = word + part, width + box.width * len(part) / len(box.text)
        if part != box.text:
            break
    return word, width


# ---- the PDF: where the ink is ----


def misplaced(pdf: bytes) -> list[str]:
    """What stands outside the page, between or beyond the columns, or over other text."""
    found: list[str] = []
    paper = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(paper, 1):
        words = page.get_textpage()
        rects = [words.get_rect(n) for n in range(words.count_rects())]
        said = [(words.get_text_bounded(*rect).strip(), rect) for rect in rects]
        said = [(text, rect) for text, rect in said if text]
        found += [f"side {number}: {text!r} {_mm(rect)}" for text, rect in said if _outside(rect)]
        found += [f"side {number}: {a!r} over {b!r}" for a, b in _over(said)]
    return found


def _outside(rect: tuple[float, ...]) -> bool:
    left, bottom, right, top = rect
    if bottom < BOTTOM or top > TOP:
        return True
    if top < FOOT:  # the foot of the page has the whole width
        return left < COLUMNS[0][0] - SLACK or right > COLUMNS[1][1] + SLACK
    return not any(a - SLACK <= left and right <= b + SLACK for a, b in COLUMNS)


def _over(said: list[tuple[str, tuple[float, ...]]]) -> Iterator[tuple[str, str]]:
    """Texts of which one covers more than a third of the other's height."""
    for n, (text, (left, bottom, right, top)) in enumerate(said):
        for other, (x, y, far, high) in said[n + 1 :]:
            wide, tall = min(right, far) - max(left, x), min(top, high) - max(bottom, y)
            if wide > 2 and tall > 0.35 * min(top - bottom, high - y):
                yield text, other


def _mm(rect: tuple[float, ...]) -> list[int]:
    return [round(edge / MM) for edge in rect]
