"""Pools in numbers: the pages, what they may be seen by, and what they cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.enums import Role
from pulje.models import Pool, Round
from pulje.queries.pool.dashboard import PoolStatus, pool_status, set_aside
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

    assert [queries for _text, queries in large] == small == [8, 11, 5]
    assert max(len(text.encode()) for text, _queries in large) < 100_000


def test_pool_page_shows_the_chosen_round(client):
    pool = a_pool(answer_working_days=10)
    first = a_round(pool, name="Runde 1")
    case_in(S.PAID, pool=pool, round=first, title="Lektiecafé")
    case_in(S.RECOMMENDED, pool=pool, round=a_round(pool, name="Runde 2"), title="Havedag")
    at = f"/sag/puljer/{pool.slug}/"

    latest, _queries = page(client, at)
    earlier, _queries = page(client, f"{at}?runde=1")
    whole, _queries = page(client, f"{at}?runde=alle")
    senseless, _queries = page(client, f"{at}?runde=x&side=x")

    assert ("Havedag" in latest, "Lektiecafé" in latest) == (True, False)
    assert ("Havedag" in earlier, "Lektiecafé" in earlier) == (False, True)
    assert ("Havedag" in whole, "Lektiecafé" in whole) == (True, True)
    assert "Sager i runde 2" in senseless
    assert "lovet: 10 hverdage" in earlier
    assert "584.000" in latest
    assert "Halvdelen fik svar inden" in earlier
    assert "Ingen sager er afgjort endnu." in latest


def test_an_empty_pool_and_no_pools_say_so(client):
    assert "Der er ingen puljer endnu." in page(client, "/sag/puljer/")[0]
    assert "Der er ingen ansøgninger." in page(client, "/sag/tal/")[0]
    pool = a_pool()
    assert "Der er ingen ansøgninger endnu." in page(client, f"/sag/puljer/{pool.slug}/")[0]
    assert client.get("/sag/puljer/findes-ikke/").status_code == 404


def test_years_and_pools_can_be_chosen(client):
    case_in(S.PAID, pool=a_pool(code="FP", year=2026))
    case_in(S.PAID, pool=a_pool(code="FP", year=2027))
    test = a_pool(code="KP", year=2027)
    test.is_test = True
    test.save()

    both, _queries = page(client, "/sag/tal/?pulje=FP")
    one, _queries = page(client, "/sag/tal/?aar=2026&pulje=x")
    cards, _queries = page(client, "/sag/puljer/?aar=2026")

    assert "<dd>16.000" in " ".join(both.split()).replace("<dd> ", "<dd>")
    assert "Frivillighedspuljen FP 2027" not in one
    assert "Frivillighedspuljen KP" not in both
    assert "Frivillighedspuljen FP 2027" not in cards


def test_who_may_see_the_numbers(client):
    pool = a_pool()
    admin = people.person("Ada", Role.ADMINISTRATOR)

    for who in (people.asta, people.mads):
        client.force_login(who(), backend=BACKEND)
        assert {client.get(path.format(slug=pool.slug)).status_code for path in PAGES} == {403}
    client.force_login(admin, backend=BACKEND)
    assert [client.get(path.format(slug=pool.slug)).status_code for path in PAGES] == [
        *(200, 403, 403),
    ]
    assert f'href="/sag/puljer/{pool.slug}/"' not in client.get("/sag/puljer/").text
    answer = client.get("/sag/overblik/")
    assert (answer.status_code, answer["Location"]) == (302, "/sag/puljer/")


@pytest.mark.parametrize(
    ("facts", "rounds", "status"),
    [
        ({"is_test": True}, [(-2, -1)], PoolStatus.TEST),
        ({}, [(-2, 1)], PoolStatus.DRAFT),
        ({"is_public": True}, [(1, 2)], PoolStatus.COMING),
        ({"is_public": True}, [(-2, -1), (1, 2)], PoolStatus.CLOSED),
        ({"is_public": True}, [(-2, -1), (-1, None)], PoolStatus.OPEN),
        ({"published_at": timezone.now()}, [(-2, 1)], PoolStatus.OPEN),
    ],
)
def test_pool_status(facts, rounds, status):
    now = timezone.now()
    spans = [
        Round(
            opens_at=now + timedelta(days=opens),
            closes_at=None if closes is None else now + timedelta(days=closes),
        )
        for opens, closes in rounds
    ]

    assert pool_status(Pool(**facts), spans, now) == status


def test_money_set_aside_for_later_rounds():
    shared = [Round(number=1, share_percent=75), Round(number=2, share_percent=25)]
    whole = [Round(number=1), Round(number=2)]

    assert set_aside(shared, shared[0], Decimal(600_000)) == 150_000
    assert set_aside(shared, shared[1], Decimal(600_000)) == 0
    assert set_aside(shared, None, Decimal(600_000)) == 0
    assert set_aside(whole, whole[0], Decimal(600_000)) == 0
