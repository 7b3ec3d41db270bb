"""Naughty strings typed into every form of every applicant page: never a 500, always escaped."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from pulje.actions.link import make_token
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, an_applicant, case_in
from tests.hostile.naughty import ALL, LONG, OURS, turned
from tests.hostile.pages import Forms, PageForm
from tests.workflow.opening import opened, told

pytestmark = pytest.mark.django_db
S = CaseState
# no string of ours stands like this in a page that escapes what was typed
UNESCAPED = ("<script>alert", "<img src=x", "onerror=alert(1)>", "<svg><script", '<a href="javas')
NO_BUTTON = [("", "")]
ROTATIONS = range(0, len(ALL), len(ALL) // 4)


def _draft(path: str) -> Callable[[], str]:
    return lambda: f"/ansoeg/{a_draft().pk}/{path}"


def _new() -> str:
    pool = a_pool()
    a_round(pool)
    pool.is_public = True
    pool.save(update_fields=["is_public"])
    return f"/ansoeg/ny/{pool.slug}/"


def _soon() -> str:
    return _new().replace("/ansoeg/ny", "/pulje") + "besked/"


def _leader() -> str:
    partner = a_draft().partners.create(position=1, name="Skolen", is_municipal=True)
    return f"/samarbejde/{make_token('partner', partner.pk)}/"


def _sign() -> str:
    ours = an_applicant(two_must_sign=True)
    people.seat(ours, people.person("Bo"), may_sign=True)
    return f"/underskrift/{make_token('signature', a_draft(applicant=ours).pk)}/"


def _opened(path: str) -> str:
    return f"/ansoeg/{opened(case_in(S.APPROVED)).pk}/{path}"


PAGES: dict[str, Callable[[], str]] = {
    "new": _new,
    "who": _draft("hvem/"),
    "who else": _draft("hvem/skift/"),
    "idea": _draft("ide/"),
    "budget": _draft("budget/"),
    "attachments": _draft("bilag/"),
    "review": _draft("send/"),
    "sign": _sign,
    "leader": _leader,
    "answer": lambda: f"/ansoeg/{told(case_in(S.RETURNED)).pk}/",
    "hearing": lambda: f"/ansoeg/{told(case_in(S.IN_HEARING)).pk}/",
    "message": lambda: f"/ansoeg/{told(case_in(S.SUBMITTED)).pk}/",
    "decline": lambda: _opened("nej-tak/"),
    "change": lambda: _opened("aendring/"),
    "report": lambda: f"/ansoeg/{told(case_in(S.PAID)).pk}/rapport/",
    "preferences": lambda: "/ansoeg/indstillinger/",
    "subscription": _soon,
}


def shown(client: Client, url: str) -> list[PageForm]:
    response = client.get(url, follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert not [text for text in UNESCAPED if text in html]
    return Forms.of(html, response.request["PATH_INFO"])


def send(client: Client, form: PageForm, typed: dict[str, str], button: tuple[str, str]) -> None:
    response = client.post(form.action, {**form.sends, **typed, button[0]: button[1]})
    assert response.status_code in (200, 302, 404, 409, 429), (form.action, typed)
    html = response.content.decode()
    assert not [text for text in UNESCAPED if text in html], form.action


@pytest.mark.parametrize("name", PAGES)
def test_a_page_survives_every_string(client: Client, name: str) -> None:
    client.force_login(people.asta())
    url = PAGES[name]()

    for form in shown(client, url):
        for number in ROTATIONS if form.typed else ():
            send(client, form, turned(number, form.typed), (form.buttons or NO_BUTTON)[0])
    shown(client, url)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_survives_the_absurd(client: Client, name: str) -> None:
    """Too long, NUL, and nothing of what the page asks for and sends of itself; every button."""
    client.force_login(people.asta())
    url = PAGES[name]()

    for form in shown(client, url):
        names = [*form.typed, *form.sends]
        for button in form.buttons or NO_BUTTON:
            send(client, form, dict.fromkeys(names, "a\x00b"), button)
            send(client, form, dict.fromkeys(form.typed[:2], LONG), button)
            send(client, PageForm(form.action), {}, button)
    shown(client, url)


@pytest.mark.parametrize(
    "url",
    [
        "/?q={}",
        "/?soeger={}&q={}",
        "/pulje/{}/",
        "/det-har-vi-stoettet/?side={}&pulje={}",
        "/start/?pulje={}&next={}",
        "/log-ind/?next={}",
        "/invitation/{}/",
        "/abonnement/{}/",
        "/samtykke/{}/",
        "/ansoeg/?side={}&vis={}",
        "/ansoeg/foreninger/{}/",
    ],
)
def test_an_address_survives(client: Client, url: str) -> None:
    client.force_login(people.asta())

    for text in [*ALL[::46], *OURS, "9" * 5_000]:
        response = client.get(url.replace("{}", quote(text, safe="")))
        assert response.status_code < 500, text
        assert not [one for one in UNESCAPED if one in response.content.decode()]
