import re
from collections.abc import Callable
from decimal import Decimal as D
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pulje.actions.document import add_attachment
from pulje.enums import AttachmentKind, QuestionKind
from pulje.forms.attachment import LARGEST_BYTES
from pulje.models import Application, Attachment, Question
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, case_in
from tests.pulje.forms.test_file_content import a_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Application:
    pool = a_pool(needs_bylaws=True, needs_accounts_from_kr=D(5_000))
    Question.objects.create(
        version=pool.versions.get(),
        position=1,
        key="plan",
        kind=QuestionKind.FILE,
        label="Har I en plan?",
        is_required=True,
    )
    return a_draft(round=a_round(pool))


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta())
    return client


def address(draft: Application, name: str = "draft_attachments", *more: int) -> str:
    return reverse(f"applicant:{name}", args=[draft.pk, *more])


def file(name: str, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf() if content is None else content)


def on(case: Application, name: str = "vedtægter.pdf", content: bytes | None = None) -> Attachment:
    types = {"pdf": "application/pdf", "png": "image/png", "docx": "application/msword"}
    return add_attachment(
        case,
        by=people.asta(),
        at=timezone.now(),
        name=name,
        content_type=types[name.rpartition(".")[2]],
        content=a_pdf() if content is None else content,
        kind=AttachmentKind.BYLAWS,
    )


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


def there(draft: Application) -> list[tuple[str, str, str]]:
    return list(draft.attachments.order_by("pk").values_list("name", "kind", "question"))


def test_page_has_a_place_for_all_that_the_pool_asks_for(asta: Client, draft: Application) -> None:
    page = text(asta.get(address(draft)))

    assert page.count("Puljen beder om det<") == 3  # bylaws, accounts, the question
    assert "Puljen beder om det, når der søges om 5.000 kr. eller mere." in page
    assert "Har I en plan?" in page


def test_files_are_kept_each_in_its_place_and_twice_is_once(
    asta: Client, draft: Application
) -> None:
    for _click in range(2):
        sent = {"bylaws": [file("a.pdf")], "q_plan": file("plan.pdf"), "other": file("b.pdf")}
        response = asta.post(address(draft), sent | {"frem": "1"})

    assert response["Location"] == address(draft, "draft_review")
    assert there(draft) == [
        ("a.pdf", "BYLAWS", ""),
        ("plan.pdf", "OTHER", "plan"),
        ("b.pdf", "OTHER", ""),
    ]


def test_same_bytes_under_another_name_are_told_of_and_kept_once(
    asta: Client, draft: Application
) -> None:
    sent = {"bylaws": [file("a.pdf"), file("ren.pdf")], "laegop": "1"}

    assert "”ren.pdf” ligger her allerede som ”a.pdf”." in text(asta.post(address(draft), sent))
    assert there(draft) == [("a.pdf", "BYLAWS", "")]


def test_of_many_files_the_good_are_kept_and_each_refused_is_named(
    asta: Client, draft: Application
) -> None:
    sent = [
        file("god.pdf"),
        file("faktura.pdf.exe", b"MZ"),
        file("tom.pdf", b""),
        file("låst.pdf", a_pdf("kode")),
        file("også god.pdf", a_pdf() + b"\n"),
    ]

    page = text(asta.post(address(draft), {"other": sent, "frem": "1"}))

    assert "Vi kan ikke tage imod ”faktura.pdf.exe”." in page
    assert "”tom.pdf” er tom." in page
    assert "”låst.pdf” er låst med en adgangskode." in page
    assert [name for name, _kind, _question in there(draft)] == ["god.pdf", "også god.pdf"]


def test_a_huge_file_is_refused_by_its_size_and_never_held(
    asta: Client, draft: Application, monkeypatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda self, raw, start: written.append(len(raw)),
    )
    huge = file("film.pdf", b"%PDF-" + b"0" * (LARGEST_BYTES + 5_000_000))

    page = text(asta.post(address(draft), {"other": huge}))

    assert "”film.pdf” fylder mere end 10 MB." in page
    assert sum(written) <= LARGEST_BYTES + 2**17


def test_what_comes_later_is_said_and_is_no_longer_missing(
    asta: Client, draft: Application
) -> None:
    asta.post(address(draft), {"note_bylaws": "LATER", "note_q_plan": "ELSEWHERE", "gem": "1"})

    draft.refresh_from_db()
    assert draft.attachment_notes == {"BYLAWS": "LATER", "plan": "ELSEWHERE"}
    page = text(asta.get(address(draft)))
    assert page.count("Puljen beder om det<") == 1  # the accounts
    asta.post(address(draft), {"note_bylaws": "", "gem": "1"})
    draft.refresh_from_db()
    assert draft.attachment_notes == {"plan": "ELSEWHERE"}


def test_uploading_stays_on_the_page(asta: Client, draft: Application) -> None:
    page = text(asta.post(address(draft), {"bylaws": file("a.pdf"), "laegop": "1"}))

    assert "a.pdf" in page
    assert "Fjern eller erstat" in page


def test_files_that_together_fill_too_much(asta: Client, draft: Application, monkeypatch) -> None:
    monkeypatch.setattr("pulje.forms.application.uploads.LARGEST_CASE_BYTES", len(a_pdf()) + 10)

    page = text(asta.post(address(draft), {"other": [file("a.pdf"), file("b.pdf")]}))

    assert "”b.pdf” er der ikke plads til" in page
    assert [name for name, *_rest in there(draft)] == ["a.pdf"]


def test_a_file_is_removed_after_a_question_and_twice_is_harmless(
    asta: Client, draft: Application
) -> None:
    here = address(draft, "remove_attachment", on(draft).pk)

    assert "Fjern eller erstat bilaget?" in text(asta.get(here))
    assert draft.attachments.count() == 1
    for _click in range(2):
        assert asta.post(here, {"fjern": "1"})["Location"] == address(draft)
    assert draft.attachments.count() == 0


def test_a_file_gives_way_to_another_and_stays_when_that_is_refused(
    asta: Client, draft: Application
) -> None:
    here = address(draft, "remove_attachment", on(draft).pk)

    assert "Vælg den fil, der skal stå i stedet." in text(asta.post(here, {"erstat": "1"}))
    assert "er tom" in text(asta.post(here, {"erstat": "1", "file": file("n.pdf", b"")}))
    assert [name for name, *_rest in there(draft)] == ["vedtægter.pdf"]

    asta.post(here, {"erstat": "1", "file": file("nye.pdf", a_pdf())})  # the same bytes
    assert there(draft) == [("nye.pdf", "BYLAWS", "")]


def test_nobody_removes_the_files_of_others_or_of_a_sent_case(
    asta: Client, draft: Application
) -> None:
    mine = on(draft)
    sent = case_in(CaseState.SUBMITTED)
    received = on(sent)

    asta.post(address(sent, "remove_attachment", received.pk), {"fjern": "1"})
    asta.force_login(people.ulla())
    refused = asta.post(address(draft, "remove_attachment", mine.pk), {"fjern": "1"})

    assert refused.status_code == 404
    assert Attachment.objects.count() == 2


def a_png(side: int = 1_000) -> bytes:
    held = BytesIO()
    Image.new("RGBA", (side, side // 2), (200, 30, 30, 128)).save(held, "PNG")
    return held.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 100,000 by 100,000."""
    content = bytearray(a_png(2))
    content[16:24] = (100_000).to_bytes(4, "big") * 2
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "is_drawn"),
    [
        pytest.param("plakat.png", a_png, True, id="image"),
        pytest.param("plan.pdf", a_pdf, True, id="first page of a PDF"),
        pytest.param("bombe.png", bomb, False, id="decompression bomb"),
        pytest.param("revet.pdf", lambda: b"%PDF-1.7 torn", False, id="damaged"),
    ],
)
def test_picture_of_a_file(
    asta: Client, draft: Application, name: str, content: Callable[[], bytes], is_drawn: bool
) -> None:
    cache.clear()
    here = address(draft, "attachment_picture", on(draft, name, content()).pk)

    response = asta.get(here)

    if not is_drawn:
        assert re.search(r"/dkfds/icons/file-(pdf|image)\.svg$", response["Location"])
        return
    assert response["Content-Type"] == "image/png"
    with Image.open(BytesIO(response.content)) as drawn:
        assert max(drawn.size) == 240
    assert asta.get(here).content == response.content  # kept


def test_picture_is_for_those_who_may_have_the_file(asta: Client, draft: Application) -> None:
    case = case_in(CaseState.SUBMITTED)
    of_draft, of_case = on(draft, "a.docx", b"x"), on(case, "b.docx", b"x")
    staff = reverse("staff:attachment_picture", args=[case.pk, of_case.pk])

    asta.force_login(people.karl())
    assert asta.get(staff).status_code == 302  # an icon: nobody draws a Word file
    assert asta.get(address(draft, "attachment_picture", of_draft.pk)).status_code == 404
    asta.force_login(people.ulla())
    assert asta.get(address(case, "attachment_picture", of_case.pk)).status_code == 404
    assert asta.get(staff).status_code == 403


def test_page_costs_the_same_however_many_files(asta: Client, draft: Application) -> None:
    on(draft)
    asta.get(address(draft))
    with CaptureQueriesContext(connection) as one:
        asta.get(address(draft))
    for number in range(4):
        on(draft, content=b"%%PDF-%d" % number)
    with CaptureQueriesContext(connection) as five:
        asta.get(address(draft))

    assert len(one) == len(five) < 20
