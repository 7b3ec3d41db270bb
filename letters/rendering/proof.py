"""Whether a stored letter still is what it was: hashes, facts inside, both standards, pages.

Reads what is stored and nothing else; the PDF is judged by a checker that knows nothing of us.
"""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import page
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from letters.models import Letter
from letters.rendering.canonical import canonical
from letters.rendering.limits import DOCUMENT, LETTER

STANDARDS = {"ua1": "PDF/UA-1", "3a": "PDF/A-3a"}
# the checker takes a stream's last byte, when it is a CR, for a part of the line's end
FALSE_ALARM = "PDFA3A-STREAM-LENGTH-001"


def faults_of(letter: Letter) -> list[str]:
    """What is wrong with a letter that has been made, in sentences; empty when nothing is."""
    return [*_of_facts(letter), *_of_letter(letter), *_of_enclosure(letter)]


def standards_broken(pdf: bytes) -> list[str]:
    """The rules of PDF/A-3a and PDF/UA-1 that the file breaks; empty when it keeps both."""
    found = []
    for profile, name in STANDARDS.items():
        report = page.validate_pdf_bytes(pdf, profile=profile, limits=page.SafetyLimits.unlimited())
        for failure in report.failures:
            if failure.rule_id != FALSE_ALARM or not _ends_in_cr(pdf, failure.object_id):
                found.append(f"{name}: {failure.rule_id} {failure.message}")
    return found


def _of_facts(letter: Letter) -> Iterator[str]:
    if hashlib.sha256(canonical(letter.facts)).hexdigest() != letter.facts_sha256:
        yield "the facts are not those that were frozen"


def _of_letter(letter: Letter) -> Iterator[str]:
    pdf = bytes(letter.paper.pdf)
    if hashlib.sha256(pdf).hexdigest() != letter.sha256:
        yield "the PDF is not the one that was made"
    if letter.unsealed_sha256 and letter.unsealed_sha256 not in _before_seal(pdf):
        yield "what is under the seal is not what was made"
    told = {name: fact for name, fact in letter.facts.items() if name != "enclosure"}
    yield from _of_pdf(pdf, "afgoerelse.json", canonical(told), LETTER.pages)


def _of_enclosure(letter: Letter) -> Iterator[str]:
    if not hasattr(letter, "enclosure"):
        return
    pdf = bytes(letter.enclosure.pdf)
    if hashlib.sha256(pdf).hexdigest() != letter.enclosure.sha256:
        yield "the enclosure is not the one that was made"
    inside = canonical(letter.facts["enclosure"])
    for fault in _of_pdf(pdf, "ansoegning.json", inside, DOCUMENT.pages):
        yield f"the enclosure: {fault}"


def _of_pdf(pdf: bytes, name: str, inside: bytes, most_pages: int) -> Iterator[str]:
    try:
        reader = PdfReader(BytesIO(pdf))
        pages, files = len(reader.pages), reader.attachments
        fonts = list(_fonts(reader))
    except (PdfReadError, KeyError, ValueError, TypeError):
        yield "the PDF cannot be read"
        return
    if not 1 <= pages <= most_pages:
        yield f"the PDF has {pages} pages"
    if files.get(name) != [inside]:
        yield f"{name} in the PDF does not hold the facts"
    if not fonts or not all(fonts):
        yield "a font is not embedded"
    yield from standards_broken(pdf)


def _fonts(reader: PdfReader) -> Iterator[bool]:
    """For each font of each page: is its file in the PDF?"""
    for leaf in reader.pages:
        for font in leaf["/Resources"]["/Font"].values():  # type: ignore[index]
            (drawn,) = font.get_object()["/DescendantFonts"]
            described = drawn.get_object()["/FontDescriptor"].get_object()
            yield any(name.startswith("/FontFile") for name in described)


def _before_seal(pdf: bytes) -> list[str]:
    """The hash of each part of the file that was a whole file once: a seal is added at the end."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\n?", pdf)]
    return [hashlib.sha256(pdf[:end]).hexdigest() for end in ends]


def _ends_in_cr(pdf: bytes, place: Any) -> bool:
    name = f"{place.object_number} {place.generation}"
    found = re.search(rf"(?:^|\n){name} obj\b(.*?)stream\r?\n".encode(), pdf, re.DOTALL)
    length = found and re.search(rb"/Length (\d+)", found.group(1))
    if not found or not length:
        return False
    end = found.end() + int(length.group(1))
    return pdf[end - 1 : end] == b"\r" and pdf[end : end + 10] == b"\nendstream"
