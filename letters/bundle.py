"""Many letters as one file: a zip to keep, or one PDF to print. Sent as it is made, one letter at a
time: a thousand take no more memory than one.

Names are case numbers, and whether it is the application that goes with a letter. The print file is
only for the printer: a letter in it has lost its tags, its embedded facts and its fingerprint.
"""

from collections.abc import Iterator
from io import SEEK_END, BytesIO, RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from django.db.models import QuerySet
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
)

from letters.models import Letter

READ_AT_ONCE = 20
ENCLOSED = "-ansoegning"  # as the print folder calls it (delivery/folder.py)
CATALOGUE, PAGES = 1, 2
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
OF_A_WHOLE = ("/StructParents", "/Annots", "/Tabs")  # what points outside the page


def zip_of(letters: QuerySet[Letter]) -> Iterator[bytes]:
    """A zip with each letter as it was made, and beside it what was enclosed."""
    out = _Outlet()
    seen: dict[str, int] = {}
    with ZipFile(out, "w", ZIP_STORED) as packed:  # a PDF is packed already
        for letter, papers in _read(letters):
            number = letter.application.number
            seen[number] = seen.get(number, 0) + 1
            after = f"-{seen[number]}" if seen[number] > 1 else ""
            for ending, pdf in zip(("", ENCLOSED), papers, strict=False):
                packed.writestr(f"{number}{after}{ending}.pdf", pdf)
            yield out.taken()
    yield out.taken()


def print_file_of(letters: QuerySet[Letter]) -> Iterator[bytes]:
    """One PDF to print on both sides: every letter, and what goes with it, begins on the front of
    a sheet."""
    joined = _Joined()
    for _letter, papers in _read(letters):
        for pdf in papers:
            yield joined.add(pdf)
    yield joined.end()


def _read(letters: QuerySet[Letter]) -> Iterator[tuple[Letter, list[bytes]]]:
    """The letters that have been made, in their order, some at a time; each with its enclosure."""
    rows = letters.exclude(paper=None).select_related("application", "paper", "enclosure")
    told = rows.only("application__number", "paper__pdf", "enclosure__pdf")
    for letter in told.iterator(READ_AT_ONCE):
        enclosed = [bytes(letter.enclosure.pdf)] if hasattr(letter, "enclosure") else []
        yield letter, [bytes(letter.paper.pdf), *enclosed]


class _Outlet(RawIOBase):
    """What a zip is written to: it holds only what has not been sent on."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self._held += some
        return len(some)

    def taken(self) -> bytes:
        """What has been written since last."""
        some = bytes(self._held)
        self._held.clear()
        return some


class _Joined:
    """A PDF that grows letter by letter: each is written out, renumbered, and let go of.

    pypdf joins files too, but holds all of them until the end.
    """

    def __init__(self) -> None:
        self._places = {CATALOGUE: 0, PAGES: 0}
        self._pages: list[int] = []
        self._length = 0

    def add(self, pdf: bytes) -> bytes:
        """The bytes of one letter, and of an empty page when its last sheet has an empty back."""
        writer = PdfWriter()
        own = len(writer._objects)  # a catalogue, a list of pages: ours are written last
        for page in PdfReader(BytesIO(pdf)).pages:
            for name in OF_A_WHOLE:
                page.pop(NameObject(name), None)
            writer.add_page(page)
        if len(writer.pages) % 2:
            box = writer.pages[-1].mediabox
            writer.add_blank_page(box.width, box.height)
        by = len(self._places) - own
        for made in writer._objects[own:]:
            _renumber(made, by)
        for page in writer.pages:
            page[NameObject("/Parent")] = IndirectObject(PAGES, 0, writer)
            assert page.indirect_reference is not None
            self._pages.append(page.indirect_reference.idnum + by)
        held = BytesIO() if self._length else BytesIO(HEADER)
        held.seek(0, SEEK_END)
        for number, made in enumerate(writer._objects[own:], start=own + by + 1):
            self._write(held, number, made)
        return self._sent(held)

    def end(self) -> bytes:
        """The catalogue, the list of pages, and the table that says where each object is."""
        held = BytesIO()
        kids = ArrayObject(IndirectObject(number, 0, None) for number in self._pages)
        listed = {"/Type": NameObject("/Pages"), "/Count": NumberObject(len(kids)), "/Kids": kids}
        root = {"/Type": NameObject("/Catalog"), "/Pages": IndirectObject(PAGES, 0, None)}
        for number, told in ((PAGES, listed), (CATALOGUE, root)):
            made = DictionaryObject({NameObject(name): value for name, value in told.items()})
            self._write(held, number, made)
        begins, count = self._length + held.tell(), len(self._places) + 1
        lines = [f"xref\n0 {count}\n0000000000 65535 f \n"]
        lines += [f"{self._places[number]:010} 00000 n \n" for number in range(1, count)]
        lines.append(f"trailer\n<< /Size {count} /Root {CATALOGUE} 0 R >>\n")
        lines.append(f"startxref\n{begins}\n%%EOF\n")
        held.write("".join(lines).encode())
        return self._sent(held)

    def _write(self, held: BytesIO, number: int, made: Any) -> None:
        self._places[number] = self._length + held.tell()
        held.write(b"%d 0 obj\n" % number)
        made.write_to_stream(held)
        held.write(b"\nendobj\n")

    def _sent(self, held: BytesIO) -> bytes:
        self._length += held.tell()
        return held.getvalue()


def _renumber(made: Any, by: int) -> None:
    """Every reference in the object, that many numbers on."""
    if isinstance(made, DictionaryObject):
        inside: list[tuple[Any, Any]] = list(dict.items(made))
    elif isinstance(made, ArrayObject):
        inside = list(enumerate(list.__iter__(made)))
    else:
        return
    for key, value in inside:
        if isinstance(value, IndirectObject):
            made[key] = IndirectObject(value.idnum + by, 0, value.pdf)
        else:
            _renumber(value, by)
