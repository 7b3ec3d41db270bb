import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pulje.enums import Role
from pulje.models import User
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
        ("/pulje/frivillighedspuljen/", "a2-pulje"),
        ("/log-ind/", "log-ind"),
        ("/tilgaengelighed/", "tilgaengelighed"),
        ("/persondata/", "persondata"),
        ("/pulje/ingen/", "404"),
    ):
        page.goto(path)
        check_page(page, name)


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
