"""A removed member's open tab: what they typed comes back to them, nothing is saved."""

from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from pulje.actions.applicant.membership import remove
from pulje.models import Application
from tests import people
from tests.factories import a_draft, an_applicant
from tests.repository import ROOT

SENTENCE = "Du er ikke længere med hos Naboerne"
HIDDEN = {"csrfmiddlewaretoken": "hemmelig", "base": "title:abc", "side": "n", "luk": "1"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Application:
    return a_draft(applicant=an_applicant(name="Naboerne"), title="Før", summary="Kun for os")


@pytest.fixture
def bo(client: Client, draft: Application) -> Client:
    bo = people.person("Bo")
    remove(people.seat(draft.applicant, bo), by=people.asta(), at=timezone.now())
    client.force_login(bo)
    return client


def texts(response: object) -> list[tuple[str, str]]:
    assert response.status_code == 403
    assert SENTENCE in unescape(response.content.decode())
    return response.context["texts"]


@pytest.mark.parametrize(
    ("step", "typed", "shown"),
    [
        ("ide", {"title": "Efter", "area": ""}, [("Hvad hedder projektet?", "Efter")]),
        ("rapport", {"learned": "Meget"}, [("Hvad har I lært, som andre kan bruge?", "Meget")]),
        ("aendring", {"more_text_0": "Nyt telt"}, [("Tekst", "Nyt telt")]),
        ("besked", {"message-text": "Hej <b>"}, [("Tekst", "Hej <b>")]),
        ("send", {"may_publish": "on"}, []),
    ],
)
def test_the_text_comes_back_with_no_fact_of_the_case(
    bo: Client, draft: Application, step: str, typed: dict, shown: list
) -> None:
    response = bo.post(f"/ansoeg/{draft.pk}/{step}/", HIDDEN | typed)

    assert [text for _label, text in texts(response)] == [text for _label, text in shown]
    page = response.content.decode()
    assert "Kun for os" not in page
    assert "Før" not in page
    assert "<b>" not in page.partition("<textarea")[2]
    draft.refresh_from_db()
    assert draft.title == "Før"


def test_the_field_keeps_its_name_above_the_text(bo: Client, draft: Application) -> None:
    page = bo.post(f"/ansoeg/{draft.pk}/ide/", {"title": "Efter"}).content.decode()

    assert "Hvad hedder projektet?</label>" in page


def test_an_autosave_gets_the_sentence_in_the_save_line(bo: Client, draft: Application) -> None:
    headers = {"HX-Request": "true"}
    response = bo.post(f"/ansoeg/{draft.pk}/ide/", {"title": "Efter"}, headers=headers)

    line = unescape(response.content.decode())
    assert (response.status_code, response.headers["HX-Reswap"]) == (200, "none")
    assert SENTENCE in line
    assert 'id="gemt" hx-swap-oob="true"' in line


def test_reading_is_no_more_than_a_404_without_a_promise(bo: Client, draft: Application) -> None:
    response = bo.get(f"/ansoeg/{draft.pk}/ide/")

    assert response.status_code == 404
    assert "så se under Mine ansøgninger" in unescape(response.content.decode())


def test_a_stranger_learns_nothing(client: Client, draft: Application) -> None:
    client.force_login(people.ulla())

    for pk in (draft.pk, 999_999):
        response = client.post(f"/ansoeg/{pk}/ide/", {"title": "Efter"})
        assert response.status_code == 404
        assert "Naboerne" not in response.content.decode()


def test_the_clock_of_a_failed_autosave_is_ours() -> None:
    script = (ROOT / "pulje/static/pulje/pulje.js").read_text()

    assert "timeZone: 'Europe/Copenhagen'" in script
    assert "toTimeString" not in script
