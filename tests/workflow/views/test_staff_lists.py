"""Inbox and all cases: the same queries whatever the number of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = CaseState


def page(client, path, who=people.karl):
    client.force_login(who(), backend=BACKEND)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode(), len(queries)


@pytest.mark.parametrize(
    ("path", "state", "queries"),
    [
        ("/sag/?vis=team", S.SUBMITTED, 11),
        ("/sag/?vis=venter", S.RETURNED, 11),
        ("/sag/alle/", S.SUBMITTED, 8),
        ("/udvalg/", S.RECOMMENDED, 5),
        ("/udbetaling/", S.ACCEPTED, 5),
    ],
)
def test_lists_take_the_same_queries_with_one_row_and_three(client, path, state, queries):
    pool = a_pool()
    case_in(state, pool=pool)
    _text, with_one = page(client, path)
    case_in(state, pool=pool)
    case_in(state, pool=a_pool())
    text, with_three = page(client, path)

    assert (with_one, with_three) == (queries, queries)
    assert len(text) < 100_000


def test_inbox_shows_task_age_and_a_button_to_take_a_free_case(client):
    case = case_in(S.SUBMITTED, title="Lektiecafé")

    text, _queries = page(client, "/sag/?vis=ledige")

    assert "Gennemgå ansøgningen" in text
    assert f'action="/sag/{case.pk}/tag/"' in text
    assert "Uden sagsbehandler (1)" in text


def test_empty_folder_and_empty_search_say_so(client):
    text, _queries = page(client, "/sag/")
    assert "Indbakken er tom." in text

    text, _queries = page(client, "/sag/?vis=team&q=harzen")
    assert "Ingen opgaver passer." in text


def test_senseless_addresses_are_no_errors(client):
    case_in(S.SUBMITTED)

    for query in ("vis=x", "pulje=x", "orden=x", "side=x", "side=99", "status=x", "q=%00"):
        page(client, f"/sag/?{query}")
        page(client, f"/sag/alle/?{query}")


def test_pages_keep_the_filters(client, monkeypatch):
    monkeypatch.setattr("workflow.views.casework.inbox.PER_PAGE", 1)
    case_in(S.SUBMITTED, title="Café A")
    case_in(S.SUBMITTED, title="Café B")

    text, _queries = page(client, "/sag/alle/?q=café")

    assert "Viser 1–1 af 2" in text
    assert "?q=caf%C3%A9&amp;side=2" in text


@pytest.mark.parametrize("path", ["/sag/", "/sag/alle/", "/udbetaling/"])
def test_lists_are_for_the_house(client, path):
    client.force_login(people.asta(), backend=BACKEND)

    assert client.get(path).status_code == 403
