import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pulje.actions.ledger import set_frame
from pulje.enums import ApplicantKind, QuestionKind
from pulje.models import Question
from pulje.templatetags.words import dato_aar
from pulje.views.public import in_words
from tests.pools import a_pool

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/?hvem=INDIVIDUAL&q=findes-ikke",
    "/pulje/frivillighedspuljen/",
    "/pulje/frivillighedspuljen/spoergsmaal/",
    "/pulje/frivillighedspuljen/kan-i-soege/",
    "/det-har-vi-stoettet/",
    "/log-ind/",
    "/tilgaengelighed/",
    "/persondata/",
    "/kildekode/",
)


def names(client: Client, key: str, query: str = "") -> list[str]:
    return [card["pool"].name for card in client.get(f"/{query}").context[key]]


def test_front_sorts_pools_by_what_one_can_do(client: Client) -> None:
    now = timezone.now()
    a_pool("PD", "Prøv det-puljen")
    a_pool("NP", "Nabopuljen", opens=now + timedelta(days=1))
    a_pool("KP", "Kulturpuljen", closes=now - timedelta(minutes=1))
    a_pool("FP", "Frivillighedspuljen", closes=now + timedelta(minutes=1))

    assert names(client, "open") == ["Frivillighedspuljen", "Prøv det-puljen"]
    assert names(client, "soon") == ["Nabopuljen"]
    assert names(client, "closed") == ["Kulturpuljen"]


def test_front_hides_test_pools_and_the_years_before(client: Client) -> None:
    a_pool("TP", "Testpuljen", is_test=True)
    old = a_pool(closes=timezone.now() - timedelta(days=1))
    type(old).objects.filter(pk=old.pk).update(year=old.year - 1, slug="gammel")
    a_pool("FP", "Frivillighedspuljen")

    assert names(client, "open") == ["Frivillighedspuljen"]
    assert names(client, "closed") == []


def test_front_shows_only_what_the_seeker_may_apply_to(client: Client) -> None:
    a_pool()

    assert names(client, "open", f"?hvem={ApplicantKind.INDIVIDUAL}") == ["Frivillighedspuljen"]
    assert names(client, "open", f"?hvem={ApplicantKind.MUNICIPAL_INSTITUTION}") == []


def test_money_left_comes_from_the_ledger(client: Client) -> None:
    pool = a_pool()
    set_frame(pool, by=None, amount_kr=Decimal(-50000), at=timezone.now(), cause="lower")

    assert 'aria-label="550.000\xa0kr. tilbage af 550.000\xa0kr."' in client.get("/").text


@pytest.mark.parametrize("pools", [1, 3])
def test_front_asks_no_more_for_more_pools(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, pools: int
) -> None:
    for number in range(pools):
        a_pool(f"P{number}", f"Pulje {number}")

    with django_assert_num_queries(5):  # no support yet
        client.get("/")


def test_pool_page_shows_the_criteria_as_they_are_scored(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_pool()

    with django_assert_num_queries(9):
        answer = client.get("/pulje/frivillighedspuljen/")

    assert "Er det frivillige, der bærer idéen?" in answer.content.decode()


def test_weights_are_shown_only_where_they_differ(client: Client) -> None:
    pool = a_pool()
    same = client.get("/pulje/frivillighedspuljen/").text
    pool.versions.get().criteria.filter(position=1).update(weight=2)

    differ = client.get("/pulje/frivillighedspuljen/").text

    assert "Vægt" not in same
    assert "Vægt" in differ


def test_pool_page_says_which_guidelines_hold(client: Client) -> None:
    version = a_pool().versions.get()

    body = client.get("/pulje/frivillighedspuljen/").text

    assert f"version 1, vedtaget {dato_aar(version.adopted_on)}" in body
    assert 'href="/pulje/frivillighedspuljen/spoergsmaal.pdf"' in body


def test_questions_are_read_before_anything_is_begun(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = a_pool().versions.get()
    first = Question.objects.create(
        version=version, position=1, key="ude", kind=QuestionKind.YES_NO, label="Er det ude?"
    )
    Question.objects.create(
        version=version,
        position=2,
        key="regn",
        kind=QuestionKind.TEXT,
        label="Hvad gør I i regn?",
        shown_if=first,
        shown_if_answer="YES",
    )

    with django_assert_num_queries(7):
        body = client.get("/pulje/frivillighedspuljen/spoergsmaal/").text

    assert "Hvad gør I i regn?" in body
    assert "Kun hvis svaret på ”Er det ude?” er ”Ja”." in unescape(body)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=FRIVILLIGE", ["Frivillighedspuljen"]),
        ("?q=oplægsholdere+fællesskaber", ["Frivillighedspuljen"]),
        ("?q=fly", []),
        ("?q=%00%F0", []),
        ("?hvem=findes-ikke", ["Frivillighedspuljen"]),
    ],
)
def test_pools_are_searched_by_words(client: Client, query: str, found: list[str]) -> None:
    a_pool()

    assert names(client, "open", query) == found


def test_nothing_that_fits_says_how_to_go_on(client: Client) -> None:
    a_pool("NP", "Nabopuljen", opens=timezone.now() + timedelta(days=9))

    searched, plain = (client.get(path).text for path in ("/?q=fly", "/"))

    assert "Ingen åbne puljer passer" in searched
    assert "Ingen puljer er åbne lige nu" in plain
    assert "Nabopuljen åbner" in plain
    assert 'href="/pulje/nabopuljen/besked/"' in plain


def test_pool_page_of_a_hidden_pool_is_not_found(client: Client) -> None:
    pool = a_pool()
    type(pool).objects.update(is_public=False)

    assert client.get("/pulje/frivillighedspuljen/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_small_strict_and_link_to_the_source(client: Client, settings, path: str) -> None:
    a_pool()

    answer = client.get(path)
    body = answer.content.decode()

    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", body) is None
    assert f'href="{settings.SOURCE_URL}"' in body
    assert 'href="/tilgaengelighed/"' in body


def test_unknown_address_says_how_to_go_on(client: Client) -> None:
    answer = client.get("/findes-ikke/")

    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.content.decode()


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["ASSOCIATION"], "Foreninger"),
        (["INDIVIDUAL", "ASSOCIATION"], "Foreninger og enkeltpersoner"),
        (["ASSOCIATION", "INFORMAL_GROUP", "INDIVIDUAL"], "Foreninger, netværk og enkeltpersoner"),
        (list(ApplicantKind), "Alle"),
        ([], ""),
    ],
)
def test_who_may_apply_in_words(kinds: list[str], words: str) -> None:
    assert in_words(kinds) == words
