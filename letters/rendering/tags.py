"""What WeasyPrint 70.0 leaves out of its tags, put there while it writes them.

- /Lang on what is in another language than the letter, from the HTML's lang attribute
- a list of terms has a label and a body in each item, not an item for each of the two
- /ActualText on a line with a sign that is not in the letters' own font: scripts that join and
  reorder their signs, scripts from the right, emoji. Glyphs alone do not tell what was written.
  In the tags, which are read aloud; in the content, which is searched and copied, only where
  the glyphs mislead: readers turn around what is written from the right, and drop emoji.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from types import ModuleType
from typing import Any

import pydyf

from letters.rendering import fonts

NOT_TAGGED = (None, "html", "body")
NOT_SAID = str.maketrans("", "", "\u200b\u200e")  # what fonts.drawable put in


def mend(weasyprint: ModuleType) -> None:
    """Once in a process."""
    tags, stream = weasyprint.pdf.tags, weasyprint.pdf.stream.Stream
    if not hasattr(tags._build_box_tree, "__wrapped__"):
        tags._build_box_tree = _telling(tags._build_box_tree)
        stream.marked = _spelling(stream.marked)


def _telling(build: Any) -> Any:
    @wraps(build)
    def built(box: Any, parent: Any, pdf: Any, *more: Any) -> Iterator[Any]:
        for element in build(box, parent, pdf, *more):
            if box.element_tag not in NOT_TAGGED:
                _tell(box, element, pdf)
            yield element

    return built


def _tell(box: Any, element: Any, pdf: Any) -> None:
    if language := box.element.attrib.get("lang"):
        element["Lang"] = pydyf.String(language)
    if box.element_tag == "dt" and element["S"] == "/LBody":
        element["S"] = "/Lbl"
    if box.element_tag == "dl" and element["S"] == "/L":
        element["K"] = pydyf.Array(_paired(element["K"], pdf))


def _paired(items: list[bytes], pdf: Any) -> Iterator[bytes]:
    """The items of which each begins with a label; a body that comes alone goes to its label."""
    item: Any = None
    for reference in items:
        found = _object(pdf, reference)
        parts = [_object(pdf, part) for part in found["K"]]
        if item is None or any(part["S"] == "/Lbl" for part in parts):
            item = found
            yield reference
            continue
        for part in parts:
            part["P"] = item.reference
        item["K"].extend(found["K"])


def spell(element: Any, properties: Any) -> None:
    """Move what a line says to its tag; it stays in the content as well where that helps."""
    text = properties.pop("ActualText")
    if element["S"] == "/Span":
        element["ActualText"] = text
    if fonts.is_reordered(text.string):
        properties["ActualText"] = text


def _spelling(marked: Any) -> Any:
    @contextmanager
    def told(stream: Any, box: Any, tag: str) -> Iterator[None]:
        with marked(stream, box, tag):
            if tag == "Span" and fonts.is_strange(box.text):
                properties = stream.stream[-2]
                assert "MCID" in properties, "WeasyPrint's marked content has changed"
                properties["ActualText"] = pydyf.String(box.text.translate(NOT_SAID))
            yield

    return told


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
