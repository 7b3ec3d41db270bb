"""What was typed when the log-in ended: kept, and given back to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.test import Client
from django.utils import timezone

from pulje.models import User
from pulje.views.typed import KEY, typed_before
from tests import people
from tests.factories import a_draft

pytestmark = pytest.mark.django_db
PATH = "/ansoeg/7/ide/"
PAGE = f"http://testserver{PATH}"
TEXT = {"title": "Høstfest <b>æøå</b>", "tags": ["a", "b"], "new_password": "x", "pw-kode": "y"}


def arrive(client: Client, who: User) -> None:
    """Log in through the page, as the browser does."""
    client.post("/log-ind/", {"username": who.email, "password": people.PASSWORD})


def ends(client: Client) -> None:
    """The log-in ends: the browser lets go of the session's cookie."""
    del client.cookies["sessionid"]


def page_of(client: Client, who: User) -> HttpRequest:
    request = HttpRequest()
    request.session, request.user = client.session, who
    return request


@pytest.fixture
def asta(client: Client) -> User:
    asta = people.asta()
    arrive(client, asta)
    ends(client)
    return asta


def test_what_was_typed_comes_back_once(client: Client, asta: User) -> None:
    files = {"file": SimpleUploadedFile("a.pdf", b"%PDF")}

    answer = client.post(PATH, TEXT | files, headers={"Referer": f"{PAGE}?x=1"})
    assert answer["Location"] == f"/log-ind/?next={PATH}"
    arrive(client, asta)
    request = page_of(client, asta)

    kept = typed_before(request, PATH)
    assert kept == QueryDict("title=Høstfest+<b>æøå</b>&tags=a&tags=b")
    assert typed_before(request, PATH) is None


def test_another_path_gets_nothing_and_takes_nothing(client: Client, asta: User) -> None:
    client.post(PATH, TEXT, headers={"Referer": PAGE})
    request = page_of(client, asta)

    assert typed_before(request, "/ansoeg/8/ide/") is None
    assert typed_before(request, PATH) is not None


def test_another_person_at_the_same_screen_gets_nothing(client: Client, asta: User) -> None:
    client.post(PATH, TEXT, headers={"Referer": PAGE})
    ulla = people.ulla()
    arrive(client, ulla)
    request = page_of(client, ulla)

    assert typed_before(request, PATH) is None
    request.user = asta
    assert typed_before(request, PATH) is None


def test_after_an_hour_it_is_gone(client: Client, asta: User, time_machine: Any) -> None:
    client.post(PATH, TEXT, headers={"Referer": PAGE})
    time_machine.move_to(timezone.now() + timedelta(minutes=61))

    assert typed_before(page_of(client, asta), PATH) is None


@pytest.mark.usefixtures("asta")
def test_too_much_is_not_kept(client: Client) -> None:
    client.post(PATH, {"title": "a" * 200_001}, headers={"Referer": PAGE})

    assert KEY not in client.session


@pytest.mark.usefixtures("asta")
def test_another_site_s_post_is_not_kept(client: Client) -> None:
    client.post(PATH, TEXT, headers={"Referer": "https://elsewhere.example/"})

    assert KEY not in client.session


def logged_off_while_writing(path: str) -> Client:
    """Asta's browser, after her log-in ended and she sent the step."""
    client = Client()
    arrive(client, people.asta())
    ends(client)
    client.post(path, {"title": "Ny titel"}, headers={"Referer": f"http://testserver{path}"})
    return client


def test_a_step_of_the_form_comes_back_filled() -> None:
    path = f"/ansoeg/{a_draft().pk}/ide/"
    client = logged_off_while_writing(path)
    arrive(client, people.asta())

    page = client.get(path).content.decode()

    assert 'value="Ny titel"' in page
    assert "Her er det, du skrev, før du blev logget af" in page
    assert "Ny titel" not in client.get(path).content.decode()


def test_another_person_does_not_get_to_the_step() -> None:
    path = f"/ansoeg/{a_draft().pk}/ide/"
    client = logged_off_while_writing(path)
    arrive(client, people.ulla())

    assert client.get(path).status_code == 404


def test_a_browser_nobody_logged_in_with_keeps_nothing(client: Client) -> None:
    client.post(PATH, TEXT, headers={"Referer": PAGE})

    assert KEY not in client.session


@pytest.mark.usefixtures("asta")
def test_htmx_gets_a_sentence_and_no_page(client: Client) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "gemt"}

    answer = client.post(PATH, TEXT, headers={"Referer": PAGE} | htmx)

    assert answer.status_code == 401
    said = answer.content.decode()
    assert "Du er logget af. Log ind igen i et nyt vindue, så fortsætter vi her." in said
    assert 'id="gemt"' in said
    assert "<html" not in said
    assert KEY not in client.session


def test_who_was_here_is_told_to_no_script(client: Client, asta: User) -> None:
    cookie = client.cookies["puljer-seneste"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value.startswith(f"{asta.pk}:")


@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_from_before_one_logged_in_again_comes_back_filled(htmx: bool) -> None:
    client, asta = Client(enforce_csrf_checks=True), people.asta()
    client.force_login(asta, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/persondata/")
    client.cookies["csrftoken"] = "a" * 32
    arrive_cookie(client, asta)
    headers = {"Referer": PAGE} | ({"HX-Request": "true"} if htmx else {})

    answer = client.post(PATH, TEXT | {"csrfmiddlewaretoken": "b" * 32}, headers=headers)

    assert answer["HX-Redirect" if htmx else "Location"] == PATH
    assert answer.status_code == (200 if htmx else 302)
    kept = typed_before(page_of(client, asta), PATH)
    assert kept
    assert kept["title"] == TEXT["title"]
    assert "csrfmiddlewaretoken" not in kept


def arrive_cookie(client: Client, who: User) -> None:
    """The cookie a log-in through the page leaves."""
    plain = Client()
    arrive(plain, who)
    client.cookies["puljer-seneste"] = plain.cookies["puljer-seneste"].value


def test_another_site_s_form_is_refused_as_ever() -> None:
    client, asta = Client(enforce_csrf_checks=True), people.asta()
    client.force_login(asta, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(PATH, TEXT, headers={"Referer": "https://elsewhere.example/"})

    assert answer.status_code == 403
    assert KEY not in client.session
