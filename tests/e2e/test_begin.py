"""The way in for a stranger: an e-mail, the mailed link, MitID, and back."""

import pytest
from playwright.sync_api import expect

from pulje.actions.applicant.identity import person_by_mail
from pulje.actions.link import make_token
from pulje.models import User
from tests.e2e.conftest import DESKTOP, SMALLEST, BrowserPage, CheckPage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scripts"), [(DESKTOP, True), (SMALLEST, False)])
def test_a_stranger_begins_by_mail_and_proves_who_they_are(
    browser_page: BrowserPage, check_page: CheckPage, width: int, scripts: bool
) -> None:
    def check(name: str) -> None:
        if scripts:  # axe is a script, too
            check_page(page, name)

    page = browser_page(width=width, scripts=scripts)
    page.goto("/start/")
    check("start")
    page.get_by_role("textbox", name="Din e-mail").fill("lone")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("link", name="Skriv en hel e-mail")).to_be_visible()
    check("start-fejl")
    page.get_by_role("textbox", name="Din e-mail").fill("lone@kor.example")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("heading", name="Se i din mail")).to_be_visible()
    check("start-sendt")

    lone = person_by_mail("lone@kor.example")
    page.goto(f"/start/{make_token('start', lone.pk)}/")
    check("start-link")
    page.get_by_role("button", name="Gå videre").click()
    expect(page).to_have_url("/ansoeg/")

    page.goto("/log-ind/mitid/?next=/persondata/")
    check("demo-mitid")
    page.get_by_label("Navn").fill("Lone Krag")
    page.get_by_label("MitID Erhverv").check()
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_role("link", name="Skriv CVR-nummeret.")).to_be_visible()
    check("demo-mitid-fejl")
    page.get_by_label("MitID Erhverv").uncheck()
    page.get_by_role("button", name="Fortsæt").click()
    expect(page).to_have_url("/persondata/")

    lone = User.objects.get(pk=lone.pk)
    assert (lone.name, lone.identities.count()) == ("Lone Krag", 1)


def test_whoever_comes_by_mitid_alone_is_asked_for_an_e_mail(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    page = browser_page()
    page.goto("/log-ind/?next=/persondata/")
    page.get_by_role("link", name="Log ind med MitID").click()
    page.get_by_label("Navn").fill("Per Falk")
    page.get_by_role("button", name="Fortsæt").click()
    expect(page.get_by_role("heading", name="Hvor må vi skrive til dig?")).to_be_visible()
    check_page(page, "start-e-mail")
    page.get_by_role("link", name="Spring over nu").click()
    expect(page).to_have_url("/persondata/")
