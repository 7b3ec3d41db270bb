"""Every error page says what happened, a phone number and one way on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults


def request(rf: RequestFactory):
    made = rf.get("/")
    made.user = AnonymousUser()
    return made


def test_403_shows_the_sentence_of_the_refusal(rf: RequestFactory) -> None:
    body = defaults.permission_denied(
        request(rf), PermissionDenied("Du er inhabil i sagen.")
    ).content.decode()

    assert "Du er inhabil i sagen." in body
    assert "12 34 56 78" in body


def test_403_without_a_sentence_has_its_own(rf: RequestFactory) -> None:
    body = defaults.permission_denied(request(rf), PermissionDenied()).content.decode()

    assert "hører til en anden rolle" in body


def test_500_needs_nothing_but_itself(rf: RequestFactory) -> None:
    answer = defaults.server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "Noget gik galt hos os" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "404.html"])
def test_pages_of_lost_requests(rf: RequestFactory, name: str) -> None:
    assert "Telefon 12 34 56 78" in render_to_string(name, request=request(rf))


def test_409_leads_on_to_the_case(rf: RequestFactory) -> None:
    context = {"heading": "Sagen har ændret sig", "sentence": "Sagen er afgjort."}
    way_on = {"way_on_url": "/sag/7/", "way_on": "Se sagen"}

    body = render_to_string("errors/409.html", context | way_on, request=request(rf))

    assert "Sagen har ændret sig </h1>" in " ".join(body.split())
    assert '<a href="/sag/7/"> Se sagen </a>' in " ".join(body.split())


def test_a_form_without_its_token_is_refused_kindly() -> None:
    answer = Client(enforce_csrf_checks=True).post("/log-ind/", {"username": "x"})

    assert answer.status_code == 403
    assert "Siden var åben for længe" in answer.content.decode()
