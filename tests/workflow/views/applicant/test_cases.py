"""The applicant's list, receipt, case page and files: what is shown, to whom, at which cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from letters.models import Letter
from pulje.actions.document import add_attachment, write_message
from pulje.enums import AttachmentKind
from pulje.models import Application
from pulje.states import CaseState
from pulje.templatetags.words import dato_aar
from tests import people
from tests.factories import an_applicant, case_in
from tests.workflow.opening import opened, told

S = CaseState
pytestmark = pytest.mark.django_db


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta(), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ulla(client: Client) -> Client:
    client.force_login(people.ulla(), "django.contrib.auth.backends.ModelBackend")
    return client


def text(response: object) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("state", [state for state in S if state != S.DRAFT])
def test_case_page_of_every_state_opens(asta: Client, state: CaseState) -> None:
    case = case_in(state)

    response = asta.get(f"/ansoeg/{case.pk}/")

    assert response.status_code == 200
    assert case.number in text(response)


def test_draft_opens_in_the_form(asta: Client) -> None:
    case = case_in(S.DRAFT)

    response = asta.get(f"/ansoeg/{case.pk}/")

    assert response.headers["Location"] == f"/ansoeg/{case.pk}/kladde/"


def opened_or_new(case: Application) -> Application:
    return opened(case) if case.decisions.exists() else told(case)


def test_list_without_cases_shows_the_way_to_a_pool(ulla: Client) -> None:
    case_in(S.SUBMITTED)

    response = ulla.get("/ansoeg/")

    assert "Her er tomt – endnu" in text(response)
    assert "Fællesspisning" not in text(response)


def test_list_puts_what_waits_first(asta: Client) -> None:
    for state in (S.SUBMITTED, S.APPROVED, S.PAID, S.CLOSED):
        opened_or_new(case_in(state, title=f"Projekt {state.lower()}"))

    response = asta.get("/ansoeg/")

    mine = response.context["mine"]
    assert {task.about for task in mine.tasks} == {"Projekt approved", "Projekt paid"}
    assert [row.case.title for row in mine.ongoing] == ["Projekt submitted"]
    assert "Sig ja eller nej til tilskuddet" in text(response)


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    asta: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _case in range(number):
        told(case_in(S.APPROVED))

    with django_assert_num_queries(8):
        asta.get("/ansoeg/")


@pytest.mark.parametrize("number", [1, 3])
def test_case_page_costs_the_same_for_one_and_three(
    asta: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    case, now = told(case_in(S.PAID)), timezone.now()
    for index in range(number):
        write_message(case, by=people.karl(), at=now, text="Hej")
        store_pdf(case, f"bilag-{index}.pdf", b"%PDF-" + bytes([index]))

    with django_assert_num_queries(14):
        asta.get(f"/ansoeg/{case.pk}/")


def test_award_shows_reasons_scores_and_conditions(asta: Client) -> None:
    ahead = timezone.localdate() + timedelta(days=30)
    case = opened(case_in(S.APPROVED, starts_on=ahead))
    letter = Letter.objects.get(application=case, kind="AWARD")

    page = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert "Ja tak til tilskuddet" in page
    assert letter.facts["pays_from"] == case.starts_on.isoformat()
    assert f"Den første udbetaling kommer tidligst {dato_aar(case.starts_on)}." in page
    assert "2 af 3" in page


def test_scores_are_hidden_before_the_decision(asta: Client) -> None:
    case = case_in(S.RECOMMENDED)

    page = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert case.assessments.filter(comment="Fint.").exists()
    assert "2 af 3" not in page
    assert "Godt for kvarteret" not in page


PAGES = (
    "",
    "kladde/",
    "kvittering/",
    "rapport/",
    "nej-tak/",
    "traek-tilbage/",
    "bilag/1/",
)
POSTS = ("svar/", "bemaerkninger/", "besked/", "ja-tak/", "nej-tak/", "traek-tilbage/", "rapport/")


@pytest.mark.parametrize("page", PAGES)
def test_stranger_cannot_open(ulla: Client, page: str) -> None:
    case = case_in(S.APPROVED)

    assert ulla.get(f"/ansoeg/{case.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_stranger_cannot_do(ulla: Client, page: str) -> None:
    case = case_in(S.APPROVED)

    assert ulla.post(f"/ansoeg/{case.pk}/{page}", {"message-text": "Hej"}).status_code == 404
    assert Application.objects.get(pk=case.pk).state == S.APPROVED
    assert not case.messages.exists()


def test_everybody_must_log_in(client: Client) -> None:
    response = client.get("/ansoeg/")

    assert response.headers["Location"] == "/log-ind/?next=/ansoeg/"


def test_attachment_is_a_download(asta: Client) -> None:
    case = case_in(S.SUBMITTED)
    file = store_pdf(case, "vedtægter.pdf", b"%PDF-1.7 vedtaegter")

    response = asta.get(f"/ansoeg/{case.pk}/bilag/{file.pk}/")

    assert b"".join(response.streaming_content) == b"%PDF-1.7 vedtaegter"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_attachment_of_another_case_is_not_there(asta: Client) -> None:
    mine, other = case_in(S.SUBMITTED), case_in(S.SUBMITTED, applicant=an_applicant())
    file = store_pdf(other, "andet.pdf", b"%PDF-1.7")

    assert asta.get(f"/ansoeg/{mine.pk}/bilag/{file.pk}/").status_code == 404


def test_receipt_shows_number_and_what_comes(asta: Client) -> None:
    case = case_in(S.SUBMITTED)

    page = text(asta.get(f"/ansoeg/{case.pk}/kvittering/"))

    assert "Tak! Vi har jeres ansøgning." in page
    assert case.number in page


def store_pdf(case: Application, name: str, content: bytes):
    return add_attachment(
        case,
        by=people.asta(),
        at=timezone.now(),
        name=name,
        content_type="application/pdf",
        content=content,
        kind=AttachmentKind.OTHER,
    )


def test_only_sent_letters_of_the_case_are_shown(asta: Client) -> None:
    case, other = opened(case_in(S.REJECTED)), case_in(S.SUBMITTED, applicant=an_applicant())
    sent, waiting = case.letters.get(kind="REJECTION"), a_letter(case, "RENDERED")
    foreign = a_letter(other, "SENT")

    page = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert f'action="/brev/{sent.uuid}/laes/?hent"' in page  # a GET would not keep the reading
    Letter.objects.filter(pk=sent.pk).update(opened_at=timezone.now())
    assert f'href="/brev/{sent.uuid}/?hent"' in text(asta.get(f"/ansoeg/{case.pk}/"))
    assert str(waiting.uuid) not in page
    assert str(foreign.uuid) not in page


def a_letter(case: Application, state: str) -> Letter:
    now = timezone.now()
    letter = Letter.objects.create(
        application=case,
        entry=case.journal.order_by("number").first(),
        kind="TEST",
        cause=f"test:{case.pk}:{state}",
        channel="EMAIL",
        title="Afgørelse",
        facts={},
        next_attempt_at=now,
        queued_at=now,
        sha256="0" * 64,
    )
    letter.state, letter.sent_at = state, now if state == "SENT" else None
    letter.save(update_fields=["state", "sent_at"])
    return letter
