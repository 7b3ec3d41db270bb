"""The applicant's verbs from the browser: done, or refused in a sentence and nothing lost."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from pulje.models import Application, Membership, Report
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.workflow.opening import opened, told

S = CaseState
pytestmark = pytest.mark.django_db


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta(), "django.contrib.auth.backends.ModelBackend")
    return client


def state(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


def said(client: Client, case: Application) -> str:
    return client.get(f"/ansoeg/{case.pk}/").content.decode()


def test_answer_with_a_file_sends_the_case_on(asta: Client) -> None:
    case = case_in(S.RETURNED)
    file = SimpleUploadedFile("vedtægter.pdf", b"%PDF-1.7")

    asta.post(f"/ansoeg/{case.pk}/svar/", {"answer-attachments": file, "answer-text": "Se her."})

    assert state(case) == S.SUBMITTED
    assert case.information_requests.get().answer == "Se her."
    assert case.attachments.get().name == "vedtægter.pdf"


def test_empty_answer_is_refused_and_a_bad_file_keeps_the_words(asta: Client) -> None:
    case = case_in(S.RETURNED)
    bad = SimpleUploadedFile("tegning.svg", b"<svg/>")

    empty = asta.post(f"/ansoeg/{case.pk}/svar/", {})
    wrong = asta.post(
        f"/ansoeg/{case.pk}/svar/", {"answer-attachments": bad, "answer-text": "Se her."}
    )

    assert "Vælg en fil, eller skriv et svar." in empty.content.decode()
    assert "Se her." in wrong.content.decode()
    assert state(case) == S.RETURNED


def test_answer_that_comes_too_late_is_not_lost(asta: Client) -> None:
    case = case_in(S.SUBMITTED)

    response = asta.post(f"/ansoeg/{case.pk}/svar/", {"answer-text": "Se her."})

    assert "Det kan ikke gøres nu" in response.content.decode()


@pytest.mark.parametrize(
    ("where", "page", "typed", "title", "for_staff"),
    [
        (
            S.RETURNED,
            "svar",
            "answer",
            "Jeres svar på det, vi manglede",
            "Ansøgers svar på det, vi manglede",
        ),
        (S.IN_HEARING, "bemaerkninger", "remarks", "Jeres bemærkninger", "Ansøgers bemærkninger"),
    ],
)
def test_what_was_answered_is_shown_to_both_among_the_messages(
    asta: Client, where: CaseState, page: str, typed: str, title: str, for_staff: str
) -> None:
    case = case_in(where)
    asta.post(f"/ansoeg/{case.pk}/besked/", {"message-text": "Vi svarer snart."})

    asta.post(f"/ansoeg/{case.pk}/{page}/", {f"{typed}-text": "Vi har et andet lokale."})

    own = said(asta, case)
    asta.force_login(people.karl(), "django.contrib.auth.backends.ModelBackend")
    theirs = asta.get(f"/sag/{case.pk}/").content.decode()
    assert own.index(title) < own.index("Vi har et andet lokale.") < own.index("Vi svarer snart.")
    assert theirs.index("Vi svarer snart.") < theirs.index(for_staff)
    assert "Vi har et andet lokale." in theirs


@pytest.mark.parametrize(
    ("page", "where", "words"),
    [
        ("applicant:withdraw", S.PAID, "Udbetalt"),
        ("applicant:decline", S.ACCEPTED, "I har fået tilskud"),
    ],
)
def test_a_second_tab_is_told_in_the_applicants_own_words(
    asta: Client, page: str, where: CaseState, words: str
) -> None:
    case = told(case_in(where))

    body = asta.post(reverse(page, args=[case.pk]), follow=True).content.decode()

    assert f"Det kan ikke gøres nu. Sagen står som ”{words}”." in body
    assert "Genindlæs" not in body


def test_hearing_is_shown_with_its_source_and_answered(asta: Client) -> None:
    case = case_in(S.IN_HEARING)

    page = said(asta, case)
    asta.post(f"/ansoeg/{case.pk}/bemaerkninger/", {"remarks-text": "Vi har et andet lokale."})

    assert "Lokalet er lukket." in page
    assert "Ejendomscentret" in page
    assert state(case) == S.REVIEWED
    assert case.hearings.get().answer == "Vi har et andet lokale."


def test_message_is_part_of_the_case(asta: Client) -> None:
    case = case_in(S.IN_REVIEW)

    asta.post(f"/ansoeg/{case.pk}/besked/", {"message-text": "Må vi annoncere?"})
    empty = asta.post(f"/ansoeg/{case.pk}/besked/", {"message-text": " "})

    assert case.messages.get().is_from_applicant
    assert "Må vi annoncere?" in said(asta, case)
    assert "Skriv noget, før du sender." in empty.content.decode()


def test_yes_to_the_grant_plans_the_payment(asta: Client) -> None:
    case = opened(case_in(S.APPROVED))

    asta.post(f"/ansoeg/{case.pk}/ja-tak/")

    assert state(case) == S.ACCEPTED
    assert "bliver udbetalt" in said(asta, case)


def test_no_to_the_grant_asks_first(asta: Client) -> None:
    case = opened(case_in(S.APPROVED))

    page = asta.get(f"/ansoeg/{case.pk}/nej-tak/").content.decode()
    assert state(case) == S.APPROVED
    asta.post(f"/ansoeg/{case.pk}/nej-tak/", {"reason": "Vi fik andre penge."})

    assert "Sig nej tak" in page
    assert state(case) == S.DECLINED
    assert "takket nej" in said(asta, case)


def test_member_without_the_right_to_act_is_told_so(asta: Client) -> None:
    case = opened(case_in(S.APPROVED))
    Membership.objects.filter(applicant=case.applicant).update(may_sign=False)

    page = said(asta, case)
    asta.post(f"/ansoeg/{case.pk}/ja-tak/")

    assert "Ja tak til tilskuddet" not in page
    assert "Det kan du ikke gøre." in page
    assert state(case) == S.APPROVED


def test_withdraw_asks_first_and_is_refused_when_money_is_paid(asta: Client) -> None:
    case, paid = case_in(S.IN_REVIEW), told(case_in(S.PAID))

    asked = asta.get(f"/ansoeg/{case.pk}/traek-tilbage/")
    asta.post(f"/ansoeg/{case.pk}/traek-tilbage/")
    asta.post(f"/ansoeg/{paid.pk}/traek-tilbage/")

    assert "Træk ansøgningen tilbage?" in asked.content.decode()
    assert state(case) == S.WITHDRAWN
    assert state(paid) == S.PAID


def test_draft_can_be_thrown_away(asta: Client) -> None:
    case = case_in(S.DRAFT)

    asta.post(f"/ansoeg/{case.pk}/traek-tilbage/")

    assert state(case) == S.WITHDRAWN
    assert said(asta, case)


REPORT = {"story": "Alle var mætte.", "participants": "31", "actual_0": "7.900,50"}


def test_report_is_saved_and_then_sent(asta: Client) -> None:
    case = told(case_in(S.PAID))

    asta.post(f"/ansoeg/{case.pk}/rapport/", REPORT | {"gem": "1"})
    kept = asta.get(f"/ansoeg/{case.pk}/rapport/").content.decode()
    assert state(case) == S.PAID
    response = asta.post(f"/ansoeg/{case.pk}/rapport/", REPORT | {"send": "1"})

    assert 'value="7.900,50"' in kept
    assert "Alle var mætte." in kept
    assert response.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert state(case) == S.REPORT_SUBMITTED
    line = Report.objects.get(application=case).lines.get()
    assert (line.text, line.budget_kr, line.actual_kr) == (
        "Råvarer",
        Decimal("8000.00"),
        Decimal("7900.50"),
    )


def test_report_without_accounts_is_refused_and_kept(asta: Client) -> None:
    case = told(case_in(S.PAID))

    response = asta.post(
        f"/ansoeg/{case.pk}/rapport/", {"story": "Fint.", "actual_0": "", "send": "1"}
    )

    assert "Udfyld regnskabet ved siden af budgettet." in response.content.decode()
    assert state(case) == S.PAID
    assert Report.objects.get(application=case).story == "Fint."


def test_report_sent_twice_is_one_report(asta: Client) -> None:
    case = told(case_in(S.PAID))

    for _click in range(2):
        response = asta.post(f"/ansoeg/{case.pk}/rapport/", REPORT | {"send": "1"})

    assert response.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert case.journal.filter(event="submit_report").count() == 1


def test_returned_report_says_what_is_missing(asta: Client) -> None:
    case = told(case_in(S.REPORT_RETURNED))

    assert "Bilag 3." in said(asta, case)
    assert "Bilag 3." in asta.get(f"/ansoeg/{case.pk}/rapport/").content.decode()


def test_report_before_its_time_leads_back_with_a_sentence(asta: Client) -> None:
    case = case_in(S.IN_REVIEW)

    response = asta.get(f"/ansoeg/{case.pk}/rapport/", follow=True)

    assert "Det kan ikke gøres nu" in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_report_costs_the_same_for_one_and_three(
    asta: Client, django_assert_num_queries, number: int
) -> None:
    case = told(case_in(S.PAID))
    more = {
        f"more_{name}_{i}": value
        for i in range(number - 1)
        for name, value in (("text", f"Post {i}"), ("actual", "100"))
    }
    asta.post(f"/ansoeg/{case.pk}/rapport/", REPORT | more)

    with django_assert_num_queries(12):
        asta.get(f"/ansoeg/{case.pk}/rapport/")


def test_what_was_typed_when_the_log_in_ended_comes_back(client: Client) -> None:
    case = case_in(S.IN_REVIEW)
    page, asta = f"/ansoeg/{case.pk}/", people.asta()
    log_in = {"username": asta.email, "password": people.PASSWORD}
    client.post("/log-ind/", log_in)
    del client.cookies["sessionid"]
    here = {"referer": f"http://testserver{page}"}

    client.post(f"{page}besked/", {"message-text": "Må vi annoncere?"}, headers=here)
    client.post("/log-ind/", log_in)
    said = client.get(page).content.decode()

    assert "Må vi annoncere?" in said
    assert "Det er ikke sendt endnu." in said
    assert not case.messages.exists()


def test_what_two_said_of_a_criterion_stands_apart_and_is_danish() -> None:
    score = SimpleNamespace(criterion=SimpleNamespace(name="Åbent"), points=2, words=["A", "B"])

    page = render_to_string(
        "workflow/applicant/_scores.html", {"file": SimpleNamespace(scores=[score])}
    )

    assert '<td lang="da">A<br>B</td>' in page
