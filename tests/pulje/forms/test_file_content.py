import struct
import time
import zipfile
import zlib
from io import BytesIO

import pytest
from pypdf import PdfWriter

from pulje.forms import file_content
from pulje.forms.file_content import EICAR, MOST_MEMBERS, OLE, Trouble, trouble_in


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
    ],
)
def test_what_lies_inside(content: bytes, trouble: Trouble | None) -> None:
    assert trouble_in(content) == trouble


def test_a_zip_bomb_is_measured_and_never_unpacked(monkeypatch) -> None:
    monkeypatch.setattr(file_content, "MOST_UNPACKED", 999_999)

    assert trouble_in(a_zip(a=b"\0" * 500_000, b=b"\0" * 499_999)) is None
    assert trouble_in(a_zip(a=b"\0" * 500_000, b=b"\0" * 500_000)) == Trouble.FLOOD


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
