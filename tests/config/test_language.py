"""English is a choice, made in the header; who works here and every letter stays Danish."""

from pathlib import Path

import pytest
from django.urls import reverse

from config.setup import catalogue
from tests import people

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en-GB"}


def test_a_stranger_reads_danish_whatever_the_browser_says(client):
    page = client.get("/", headers={"accept-language": "en-GB"})

    assert '<html lang="da">' in page.content.decode()


def test_the_switch_turns_the_page_to_english_and_back(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/log-ind/"})
    assert (answer.status_code, answer["Location"]) == (302, "/log-ind/")

    page = client.get("/log-ind/")
    assert '<html lang="en">' in page.content.decode()
    assert "Dansk</button>" in page.content.decode()
    assert page["Content-Language"] == "en"

    client.post(reverse("set_language"), {"language": "da", "next": "/log-ind/"})
    assert '<html lang="da">' in client.get("/log-ind/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_the_switch_leads_nowhere_else(client, elsewhere):
    answer = client.post(reverse("set_language"), {"language": "en", "next": elsewhere})

    assert "evil" not in answer["Location"]


def test_who_works_here_reads_danish(client):
    client.cookies["django_language"] = "en"
    client.force_login(people.karl())

    page = client.get("/sag/").content.decode()
    assert '<html lang="da">' in page
    assert "English" not in page


def test_an_unknown_language_is_danish(client):
    client.cookies["django_language"] = "xx"

    assert '<html lang="da">' in client.get("/").content.decode()


def test_catalogue_names_a_text_without_a_translation(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(catalogue, "PO", tmp_path / "django.po")

    assert "untranslated: 'Log ind'" in catalogue._complaint()


@pytest.mark.parametrize(
    "path", ["/", "/log-ind/", "/start/", "/persondata/", "/tilgaengelighed/", "/kildekode/"]
)
def test_a_public_page_has_no_danish_left(client, path):
    client.cookies["django_language"] = "en"

    page = client.get(path).content.decode()

    assert " og " not in page
    assert " eller " not in page
