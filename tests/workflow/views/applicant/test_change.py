"""A change is asked for on the applicant's page and answered on the case worker's."""

import pytest
from django.test import Client

from letters.models import Letter, Mail
from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.workflow.opening import told

S = CaseState
pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Application:
    return told(case_in(S.PAID))


def text(response: object) -> str:
    return " ".join(response.content.decode().split())


def unchanged(case: Application) -> dict[str, str]:
    return {
        "starts_on": case.starts_on.isoformat(),
        "ends_on": case.ends_on.isoformat(),
        "purpose": case.description,
        "line_0": "8.000",
    }


def test_asked_answered_and_told(client: Client, case: Application) -> None:
    url = f"/ansoeg/{case.pk}/aendring/"
    client.force_login(people.asta())
    wish = unchanged(case) | {"reason": "Flere kommer.", "line_0": "8.500", "ends_on": "2031-05-01"}

    client.post(url, wish)
    mine = text(client.get(f"/ansoeg/{case.pk}/"))
    client.force_login(people.karl())
    seen, inbox = text(client.get(f"/sag/{case.pk}/")), text(client.get("/sag/?vis=aendringer"))
    alone = text(client.get(f"/sag/{case.pk}/gør/answer_change/"))
    client.post(f"/sag/{case.pk}/answer_change/", {"is_approved": "yes", "answer": "Fint."})

    assert "Venter på svar" in mine
    assert "Flere kommer." in seen
    assert "8.500" in seen
    assert "1. maj 2031" in seen
    assert case.title in inbox
    assert alone
    case = Application.objects.get(pk=case.pk)
    assert case.ends_on.isoformat() == "2031-05-01"
    assert list(case.budget_lines.values_list("amount_kr", flat=True).order_by("pk")) == [8_500]
    assert Letter.objects.get(application=case, kind="CHANGE_APPROVED")
    assert not Mail.objects.filter(kind="CHANGE_ANSWERED").exists()  # the letter reaches Asta


def test_nothing_changed_is_told_and_nothing_is_lost(client: Client, case: Application) -> None:
    client.force_login(people.asta())

    said = text(client.post(f"/ansoeg/{case.pk}/aendring/", unchanged(case) | {"reason": "Flere."}))

    assert "Skriv en ny dato, et nyt budget eller et nyt formål." in said
    assert "Flere." in said
    assert not case.change_requests.exists()


def test_half_a_row_and_odd_amounts_get_a_sentence(client: Client, case: Application) -> None:
    client.force_login(people.asta())
    wrong = {"reason": "Flere.", "more_amount_0": "100", "line_0": "mange", "ends_on": "i morgen"}

    said = text(client.post(f"/ansoeg/{case.pk}/aendring/", unchanged(case) | wrong))

    assert "Skriv, hvad beløbet er til." in said
    assert "Skriv beløbet i tal" in said
    assert "Skriv datoen med dag, måned og år" in said


def test_there_is_nothing_to_change_before_a_grant(client: Client) -> None:
    case = case_in(S.IN_REVIEW)
    client.force_login(people.asta())

    said = text(client.get(f"/ansoeg/{case.pk}/aendring/", follow=True))

    assert "Projektet kan ikke ændres nu." in said
