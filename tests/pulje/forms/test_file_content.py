import struct
import time
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfWriter

from pulje.forms import file_content
from pulje.forms.file_content import EICAR, MOST_MEMBERS, OLE, Trouble, is_picture, trouble_in


def a_pdf(password: str | None = None, owner: str | None = None) -> bytes:
    writer, held = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    writer.write(held)
    return held.getvalue()


def a_zip(**files: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def a_picture(kind: str = "PNG", side: int = 2) -> bytes:
    held = BytesIO()
    Image.new("RGB", (side, side), (200, 30, 30)).save(held, kind)
    return held.getvalue()


def deep(content: bytes, levels: int) -> bytes:
    """A Word file with so many archives in each other, the innermost with this in it."""
    for _level in range(levels):
        content = a_zip(**{"a.zip" if content[:2] == b"PK" else "a.txt": content})
    return a_zip(**{"word/document.xml": b"<x/>", "word/embeddings/a.zip": content})


def a_stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"%%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return head + packed + b"\nendstream endobj"


def lying_flood() -> bytes:
    """A small zip that says in its table that it grows to 4 GB."""
    content = bytearray(a_zip(x=b"x"))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 2**32 - 2)
    return bytes(content)


def crowd() -> bytes:
    return a_zip(**{str(number): b"" for number in range(MOST_MEMBERS + 1)})


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        pytest.param(a_pdf(), None, id="a PDF"),
        pytest.param(b"%PDF-1.7 /Encrypt and nonsense", None, id="a damaged PDF"),
        pytest.param(a_pdf("hemmelig"), Trouble.LOCKED, id="a PDF with a password"),
        pytest.param(a_pdf("", "ejer"), None, id="a PDF that may not be printed"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), Trouble.LOCKED, id="Office"),
        pytest.param(OLE + b"WordDocument", None, id="an old Word file: its name says no"),
        pytest.param(a_zip(**{"word/document.xml": b"<x/>"}), None, id="a Word file"),
        pytest.param(
            a_zip(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
            Trouble.LOCKED,
            id="an ODT with a password",
        ),
        pytest.param(b"PK\x03\x04 not a zip", None, id="a damaged zip"),
        pytest.param(lying_flood(), Trouble.FLOOD, id="a zip that says it grows"),
        pytest.param(crowd(), Trouble.FLOOD, id="a zip of very many"),
        pytest.param(EICAR, Trouble.VIRUS, id="EICAR"),
        pytest.param(b"%PDF-1.7 " + EICAR, Trouble.VIRUS, id="EICAR in a PDF"),
        pytest.param(a_stream(EICAR), Trouble.VIRUS, id="EICAR packed in a PDF"),
        pytest.param(a_stream(b"hello"), None, id="something packed in a PDF"),
        pytest.param(
            a_zip(**{"word/media/image1.png": EICAR}), Trouble.VIRUS, id="EICAR in a Word file"
        ),
        pytest.param(deep(EICAR, 1), Trouble.VIRUS, id="EICAR in an inner archive"),
        pytest.param(deep(EICAR, 3), Trouble.VIRUS, id="EICAR three archives down"),
        pytest.param(deep(b"hello", 3), None, id="three archives down"),
        pytest.param(deep(b"hello", 4), Trouble.NESTED, id="four archives down"),
        pytest.param(deep(b"not a zip", 0), Trouble.NESTED, id="an inner archive that is none"),
        pytest.param(deep(b"PK\x03\x04 torn", 0), Trouble.NESTED, id="a torn inner archive"),
        pytest.param(a_zip(a=b"PK\x03\x04 torn"), None, id="something else of PK"),
        pytest.param(a_zip(a=a_zip(x=EICAR)), Trouble.VIRUS, id="an archive without an ending"),
        pytest.param(a_zip(a=lying_flood()), Trouble.FLOOD, id="an inner archive that grows"),
    ],
)
def test_what_lies_inside(content: bytes, trouble: Trouble | None) -> None:
    assert trouble_in(content) == trouble


def test_a_zip_bomb_is_measured_and_never_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(file_content, "MOST_UNPACKED", 999_999)

    assert trouble_in(a_zip(a=b"\0" * 500_000, b=b"\0" * 499_999)) is None
    assert trouble_in(a_zip(a=b"\0" * 500_000, b=b"\0" * 500_000)) == Trouble.FLOOD


def test_a_zip_bomb_is_measured_over_all_levels(monkeypatch) -> None:
    inner = a_zip(a=b"\0" * 500_000)
    both = 2 * (500_000 + len(inner))

    monkeypatch.setattr(file_content, "MOST_UNPACKED", both)
    assert trouble_in(a_zip(a=inner, b=inner)) is None
    monkeypatch.setattr(file_content, "MOST_UNPACKED", both - 1)
    assert trouble_in(a_zip(a=inner, b=inner)) == Trouble.FLOOD


def vast() -> bytes:
    """A PNG that says it is 100,000 by 100,000, with the right sum."""
    content = bytearray(a_picture())
    content[16:24] = (100_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind", "is_one"),
    [
        pytest.param(a_picture("JPEG"), "JPEG", True, id="JPG"),
        pytest.param(a_picture("PNG"), "PNG", True, id="PNG"),
        pytest.param(a_picture("PNG"), "JPEG", False, id="PNG called JPG"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(100), "JPEG", False, id="zeros"),
        pytest.param(a_picture("PNG")[:40], "PNG", False, id="torn PNG"),
        pytest.param(vast(), "PNG", False, id="decompression bomb"),
    ],
)
def test_picture_must_be_readable(content: bytes, kind: str, is_one: bool) -> None:
    assert is_picture(content, kind) == is_one


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(10_000_000), "JPEG", id="zeros"),
        pytest.param(b"\xff\xd8\xff\xe0\0\2" + b"\xff" * 10_000_000, "JPEG", id="fillers"),
        pytest.param(
            a_picture()[:33] + b"\0\0\0\0teXt\xc8\x16\xdc\x9b" * 800_000, "PNG", id="chunks"
        ),
    ],
)
def test_a_picture_made_to_be_slow_is_not(content: bytes, kind: str) -> None:
    began = time.process_time()

    assert not is_picture(content, kind)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"%PDF-" + b"stream\n" * 1_400_000, id="very many streams"),
        pytest.param(b"%PDF-/Encrypt" + b"1 0 obj\n" * 1_200_000, id="very many objects"),
        pytest.param(
            b"%PDF-/Encrypt\n" + b"1 0 obj\n" * 1_200_000 + b"startxref\n9\n%%EOF",
            id="very many objects and a false table",
        ),
        pytest.param(b"PK\x03\x04" + b"PK\x05\x06" * 2_000_000, id="very many ends"),
    ],
)
def test_a_file_made_to_be_slow_is_not(content: bytes) -> None:
    began = time.process_time()

    trouble_in(content)

    assert time.process_time() - began < 2
