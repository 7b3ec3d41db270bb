import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from pulje.enums import AttachmentKind
from pulje.forms.attachment import LARGEST_BYTES, UploadsField, check_upload, tidy_name
from pulje.forms.file_content import EICAR
from tests.pulje.forms.test_file_content import a_picture, deep

PDF = b"%PDF-1.7\n%\xe2\xe3"
JPG, PNG = a_picture("JPEG"), a_picture("PNG")
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def zipped(**files: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


def office(main: str, *more: str) -> bytes:
    return zipped(**dict.fromkeys(["[Content_Types].xml", main, *more], "<x/>"))


def locked() -> bytes:
    """An ODT whose entry says that it needs a password."""
    content = bytearray(zipped(mimetype=ODT_TYPE))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def upload(name: str, content: bytes):
    return check_upload(SimpleUploadedFile(name, content, "image/png"), AttachmentKind.OTHER)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Vedtægter 2024.pdf", PDF, "application/pdf"),
        ("BILLEDE.JPG", JPG, "image/jpeg"),
        ("foto.jpeg", JPG, "image/jpeg"),
        ("plakat.png", PNG, "image/png"),
        ("referat 12.3.2026.pdf", PDF, "application/pdf"),
        ("hr. Jensen.pdf", PDF, "application/pdf"),
        (
            "budget.docx",
            office("word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "budget.xlsx",
            office("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("brev.odt", zipped(mimetype=ODT_TYPE), ODT_TYPE),
    ],
)
def test_file_that_is_what_it_says(name: str, content: bytes, content_type: str) -> None:
    found = upload(name, content)

    assert (found.name, found.content_type, found.content) == (name, content_type, content)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("tegning.svg", SVG, "kan ikke tage imod"),
        ("tegning.png", SVG, "kan ikke åbnes som PNG"),
        ("side.html", b"<html>", "kan ikke tage imod"),
        ("uden endelse", PDF, "kan ikke tage imod"),
        (".pdf", PDF, "to endelser"),
        ("faktura.pdf.exe", b"MZ", "kan ikke tage imod"),
        ("faktura.exe.pdf", PDF, "to endelser"),
        ("faktura.html.pdf", PDF, "to endelser"),
        ("faktura.pdf.pdf", PDF, "to endelser"),
        ("faktura.pdf", b"MZ\x90", "kan ikke åbnes som PDF"),
        ("faktura.pdf", JPG, "kan ikke åbnes som PDF"),
        ("foto.jpg", PDF, "kan ikke åbnes som JPG"),
        ("foto.jpg", b"\xff\xd8\xff\xe0" + bytes(100), "kan ikke åbnes som JPG"),
        ("brev.docx", deep(b"", 4), "rummer en pakket fil, som vi ikke kan se ind i"),
        ("brev.docx", zipped(hej="hej"), "kan ikke åbnes som DOCX"),
        ("brev.docx", office("xl/workbook.xml"), "kan ikke åbnes som DOCX"),
        ("brev.docx", b"PK\x03\x04 ikke en zip", "kan ikke åbnes som DOCX"),
        ("brev.docx", office("word/document.xml", "word/vbaProject.bin"), "kan ikke åbnes"),
        ("brev.odt", zipped(mimetype="application/zip"), "kan ikke åbnes som ODT"),
        ("brev.odt", zipped(hej="hej"), "kan ikke åbnes som ODT"),
        ("brev.odt", locked(), "låst med en adgangskode"),
        (
            "brev.odt",
            zipped(mimetype=ODT_TYPE).replace(ODT_TYPE.encode(), b"x" * len(ODT_TYPE)),
            "kan ikke åbnes som ODT",
        ),
        ("virus.pdf", PDF + EICAR, "ligner en virus"),
        ("virus.png", EICAR, "ligner en virus"),
        ("tom.pdf", b"", "er tom"),
        ("stor.pdf", PDF + b"0" * LARGEST_BYTES, "mere end 10 MB"),
    ],
)
def test_file_that_is_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        upload(name, content)


def test_file_of_exactly_the_limit_is_taken() -> None:
    content = PDF + b"0" * (LARGEST_BYTES - len(PDF))

    assert upload("stor.pdf", content).content == content


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("C:\\Asta\\vedtægter.pdf", "vedtægter.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("gpj\u202e.pdf", "gpj.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        (f"{'x' * 300}.pdf", f"{'x' * 146}.pdf"),
    ],
)
def test_name_is_tidied(name: str, tidy: str) -> None:
    assert tidy_name(name) == tidy


def test_field_names_every_file_that_is_wrong_and_keeps_the_good() -> None:
    field = UploadsField(AttachmentKind.OTHER)
    files = [
        SimpleUploadedFile("a.pdf", PDF),
        SimpleUploadedFile("b.svg", SVG),
        SimpleUploadedFile("c.pdf", b""),
    ]

    with pytest.raises(ValidationError) as refused:
        field.clean(files)

    assert len(refused.value.messages) == 2
    assert [upload.name for upload in field.kept] == ["a.pdf"]


def test_field_counts_files() -> None:
    files = [SimpleUploadedFile("a.pdf", PDF) for _file in range(11)]

    with pytest.raises(ValidationError, match="højst 10 filer"):
        UploadsField(AttachmentKind.OTHER).clean(files)


def test_field_without_files_is_an_empty_list() -> None:
    assert UploadsField(AttachmentKind.OTHER).clean([]) == []
