"""Pools in numbers: the pages, what they may be seen by, and what they cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = CaseState
PAGES = ["/sag/puljer/", "/sag/puljer/{slug}/", "/sag/tal/"]


def page(client, path, who=people.karl):
    client.force_login(who(), backend=BACKEND)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode(), len(queries)


def test_pages_take_the_same_queries_at_two_sizes(client):
    pool = a_pool()
    paths = [path.format(slug=pool.slug) for path in PAGES]
    case_in(S.RECOMMENDED, pool=pool, applicant=an_applicant(town="Holte"))
    small = [page(client, path)[1] for path in paths]
    case_in(S.REJECTED, pool=pool, applicant=an_applicant(town="Birkerød"), theme="SOCIAL")
    case_in(S.SUBMITTED, pool=a_pool(year=2026))
    large = [page(client, path) for path in paths]

    assert [queries for _text, queries in large] == small == [8, 10, 5]
    assert max(len(text.encode()) for text, _queries in large) < 100_000
