"""Anyone with the PDF can check that we sent it, and that it is as we sent it."""

import hashlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from letters.models import Letter
from letters.tasks import deliver_due
from letters.verifying import typed_fingerprint
from pulje.states import CaseState as S
from tests.factories import case_in

PAGE = "/brev/tjek/"
YES, NO = "Ja. Brevet er fra os, og det er ikke ændret.", "Vi kender ikke den fil."


def asked(client: Client, content: bytes) -> str:
    file = SimpleUploadedFile("brev.pdf", content, content_type="application/pdf")
    return client.post(PAGE, {"file": file}).content.decode()


@pytest.mark.django_db
def test_a_letter_is_known_until_a_byte_is_changed(client: Client) -> None:
    case = case_in(S.SUBMITTED)
    letter = Letter.objects.get()
    deliver_due()
    letter.refresh_from_db()
    pdf = bytes(letter.paper.pdf)

    page = asked(client, pdf)
    assert YES in page
    assert case.number in page
    assert case.applicant.name not in page
    assert NO in asked(client, pdf[:-1] + b"x")
    assert YES in asked(client, bytes(letter.enclosure.pdf))
    spaced = " ".join(letter.sha256[n : n + 8] for n in range(0, 64, 8)).upper()
    assert YES in client.post(PAGE, {"typed": spaced}).content.decode()


@pytest.mark.django_db
def test_a_letter_that_has_not_left_is_not_ours_to_vouch_for(client: Client) -> None:
    case_in(S.SUBMITTED)
    letter = Letter.objects.get()
    Letter.objects.update(state="APPROVED", sha256=hashlib.sha256(b"%PDF-1").hexdigest())

    assert NO in asked(client, b"%PDF-1")
    assert not letter.sent_at


@pytest.mark.parametrize(
    ("content", "language", "sentence"),
    [
        (b"", "da", "Filen er tom."),
        (b"MZ\x90", "da", "Filen er ikke en PDF."),
        (b"Hej", "en", "The file is not a PDF."),
        (b"%PDF-1.7 another", "en", "We do not know that file."),
    ],
)
@pytest.mark.django_db
def test_what_is_no_letter_is_named_in_the_reader_s_language(
    client: Client, content: bytes, language: str, sentence: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    file = SimpleUploadedFile("brev.exe", content)
    answer = client.post(PAGE, {"file": file})

    assert sentence in answer.content.decode()
    assert answer.status_code == (200 if b"another" in content else 422)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Vælg brevet som PDF, eller skriv dets fingeraftryk."),
        ("abc", "Et fingeraftryk har 64 tegn"),
        ("g" * 64, "Et fingeraftryk har 64 tegn"),
    ],
)
def test_what_cannot_be_checked_is_said(client: Client, typed: str, sentence: str) -> None:
    answer = client.post(PAGE, {"typed": typed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_fingerprint_is_read_however_it_is_written() -> None:
    digest = "0123456789abcdef" * 4

    assert typed_fingerprint(f" SHA256:{digest.upper()}\n") == digest
    assert typed_fingerprint(":".join([digest[n : n + 2] for n in range(0, 64, 2)])) == digest
    assert typed_fingerprint(digest[:-1]) == ""
