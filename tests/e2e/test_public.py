import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pulje.actions.link import make_token
from pulje.enums import Role
from pulje.models import Gate, Subscription, User
from tests.e2e.conftest import DESKTOP, PHONE, SMALLEST, BrowserPage, CheckPage
from tests.pools import a_pool

WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE, SMALLEST])
PASSWORD = "pulje-demo-2027"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> list[User]:
    return [
        User.objects.create_user("asta@puljer.example", PASSWORD, name="Asta Holm"),
        User.objects.create_user(
            "karl@puljer.example", PASSWORD, name="Karl Krag", roles=[Role.CASE_WORKER]
        ),
    ]


@WIDTHS
@pytest.mark.usefixtures("people")
def test_public_pages_are_accessible(
    browser_page: BrowserPage, check_page: CheckPage, width: int
) -> None:
    now = timezone.now()
    a_pool(closes=now + timedelta(days=6))
    a_pool("PD", "Prøv det-puljen")
    a_pool("NP", "Nabopuljen", opens=now + timedelta(days=50), closes=now + timedelta(days=90))
    a_pool("KP", "Kulturpuljen", closes=now - timedelta(days=3))
    page = browser_page(width=width)

    for path, name in (
        ("/", "a1-puljer"),
        ("/?q=findes-ikke", "a1-tom"),
        ("/pulje/frivillighedspuljen/", "a2-pulje"),
        ("/pulje/frivillighedspuljen/spoergsmaal/", "a2-spoergsmaal"),
        ("/pulje/frivillighedspuljen/kan-i-soege/", "a3-selvtjek-spoergsmaal"),
        ("/pulje/nabopuljen/besked/", "a1-besked"),
        ("/det-har-vi-stoettet/", "a1-stoettet"),
        ("/log-ind/", "log-ind"),
        ("/tilgaengelighed/", "tilgaengelighed"),
        ("/persondata/", "persondata"),
        ("/pulje/ingen/", "404"),
    ):
        page.goto(path)
        check_page(page, name)


@pytest.mark.parametrize(("scripts", "width"), [(True, DESKTOP), (False, PHONE)])
def test_somebody_finds_the_pool_that_fits(
    browser_page: BrowserPage, check_page: CheckPage, *, scripts: bool, width: int
) -> None:
    pool = a_pool()
    a_pool("PD", "Prøv det-puljen")
    Gate.objects.create(
        version=pool.versions.get(),
        position=1,
        question="Begynder I efter 1. marts?",
        statement="I begynder efter 1. marts",
        advice="Flyt starten.",
        other_pool_code="PD",
    )
    page = browser_page(width=width, scripts=scripts)

    page.goto("/?q=fællesskaber")
    page.get_by_role("link", name="Frivillighedspuljen").click()
    page.get_by_label("Enkeltperson").check()
    page.get_by_role("group", name="2.").get_by_label("Nej").check()
    page.get_by_role("button", name="Se svaret").click()

    expect(page.get_by_role("status")).to_contain_text("Ja, du kan godt søge.")
    expect(page.get_by_text("Flyt starten.")).to_be_visible()
    if scripts:
        check_page(page, "a3-selvtjek")
    page.get_by_role("button", name="Svar igen").click()
    expect(page.get_by_label("Enkeltperson")).to_be_checked()
    page.get_by_role("button", name="Se svaret").click()
    page.get_by_role("link", name="Se Prøv det-puljen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prøv det-puljen")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_gets_a_mail_when_the_pool_opens(
    browser_page: BrowserPage, check_page: CheckPage, *, scripts: bool
) -> None:
    pool = a_pool("NP", "Nabopuljen", opens=timezone.now() + timedelta(days=9))
    page = browser_page(width=PHONE, scripts=scripts)

    page.goto("/")
    page.get_by_role("link", name="Få en mail, når den åbner").click()
    page.get_by_label("Din e-mail").fill("bo")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv en hel e-mail")
    expect(page.get_by_label("Din e-mail")).to_have_value("bo")
    if scripts:
        check_page(page, "a1-besked-fejl")
    page.get_by_label("Din e-mail").fill("bo@forening.example")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se i din mail")

    token = make_token("subscription", Subscription.objects.get(code=pool.code).pk)
    page.goto(f"/abonnement/{token}/")
    page.get_by_role("button", name="Ja, skriv til mig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak – du hører fra os")
    page.goto(f"/abonnement/{token}/afmeld/")
    page.get_by_role("button", name="Ja, meld mig fra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du får ikke flere mails")


def test_wrong_password_says_how_to_go_on(
    browser_page: BrowserPage, check_page: CheckPage, people: list[User]
) -> None:
    page = browser_page(width=PHONE)
    page.goto("/log-ind/")
    page.get_by_label("E-mail").fill("asta@puljer.example")
    page.get_by_label("Adgangskode").fill("forkert")

    page.get_by_role("button", name="Log ind").click()

    expect(page.get_by_role("alert")).to_contain_text("Vi kunne ikke logge dig ind")
    expect(page).to_have_title(re.compile("^Fejl: Log ind"))
    check_page(page, "log-ind-fejl")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.usefixtures("people")
def test_demo_person_logs_in_by_one_click_and_out_again(
    browser_page: BrowserPage, scripts: bool
) -> None:
    page = browser_page(scripts=scripts)
    page.goto("/log-ind/?next=/tilgaengelighed/")

    page.get_by_role("button", name="Karl Krag").click()

    expect(page).to_have_url(re.compile(r"/tilgaengelighed/$"))
    expect(page.get_by_text("Karl Krag")).to_be_visible()
    page.get_by_role("button", name="Log af").click()
    expect(page.get_by_role("link", name="Log ind")).to_be_visible()
