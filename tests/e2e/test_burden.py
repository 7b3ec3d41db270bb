"""What a first application asks of somebody: walked, counted, and compared with the docs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from pulje.actions.applicant.identity import person_by_mail
from pulje.actions.link import make_token
from pulje.models import Pool
from tests.e2e.conftest import BrowserPage
from tests.e2e.living import PDF, ahead, heading
from tests.factories import a_pool, a_round
from tests.repository import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
BURDEN = ROOT / "docs" / "explanation" / "burden.md"
# a group of buttons with one name is one question
QUESTIONS = """() => new Set(
    [...document.querySelectorAll('main :is(input, select, textarea)')]
        .filter(it => it.type !== 'hidden' && it.checkVisibility())
        .map(it => it.name)
).size"""


class Count:
    """Pages seen, questions shown and answered, clicks; the answers are the shortest possible."""

    def __init__(self) -> None:
        self.pages = self.shown = self.answered = self.clicks = 0

    def see(self, title: Locator, text: str | re.Pattern[str]) -> None:
        expect(title).to_have_text(text)
        title.page.wait_for_load_state()  # the style sheet hides what is not asked
        self.pages += 1
        self.shown += title.page.evaluate(QUESTIONS)

    def click(self, goal: Locator) -> None:
        goal.click()
        self.clicks += 1

    def say(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.answered += 1

    def tick(self, field: Locator) -> None:
        field.check()
        self.answered += 1


@pytest.fixture
def pool() -> Pool:
    """An ordinary one: it wants the bylaws and has no questions of its own."""
    pool = a_pool(needs_bylaws=True)
    pool.is_public = True
    pool.save()
    a_round(pool, closes_at=timezone.now() + timedelta(days=10))
    return pool


def test_the_burden_is_what_the_docs_say(browser_page: BrowserPage, pool: Pool) -> None:
    page, count = browser_page(), Count()

    begin(page, count, pool)
    write(page, count)
    prove_and_send(page, count)

    rows = re.findall(r"^\| (.+?) \| (\d+) \|$", BURDEN.read_text(), re.M)
    assert {name: int(number) for name, number in rows} == {
        "Pages seen": count.pages,
        "Questions shown": count.shown,
        "Questions that must be answered": count.answered,
        "Clicks": count.clicks,
    }


def begin(page: Page, count: Count, pool: Pool) -> None:
    """From the front page by e-mail to the form."""
    title = page.get_by_role("heading", level=1)
    page.goto("/")
    heading(page, re.compile("."))
    count.pages += 1  # the filter and the search are for those who look for something else
    count.click(page.get_by_role("link", name=pool.name))
    heading(page, pool.name)
    count.pages += 1  # the self-check is optional and no part of the application
    count.click(page.get_by_role("link", name="Søg puljen"))
    count.see(title, "Sådan begynder du")
    count.say(page.get_by_role("textbox", name="Din e-mail"), "lone@kor.example")
    count.click(page.get_by_role("button", name="Send mig et link"))
    count.see(title, "Se i din mail")
    lone = person_by_mail("lone@kor.example")
    page.goto(f"/start/{make_token('start', lone.pk)}/?pulje={pool.slug}")
    count.clicks += 1  # the link in the mail
    count.see(title, "Klar til at gå videre")
    count.click(page.get_by_role("button", name="Gå videre"))


def write(page: Page, count: Count) -> None:
    """The four steps that are written."""
    title = page.get_by_role("heading", level=1)
    on = page.get_by_role("button", name="Gem og fortsæt").first
    count.see(title, "Hvem søger?")
    count.say(page.get_by_label("CVR-nummer"), "99000104")
    count.say(page.get_by_label("Kontaktperson"), "Lone Krag")
    count.click(on)
    count.see(title, "Jeres idé")
    count.say(page.get_by_label("Hvad hedder projektet?"), "Korsang i parken")
    count.say(page.get_by_label("Kort fortalt"), "Vi synger for alle.")
    count.say(page.get_by_label("Hvad vil I gøre?"), "Seks aftener i parken.")
    count.tick(page.get_by_label("Alle", exact=True))
    count.say(page.get_by_label("Begynder"), ahead(70))
    count.say(page.get_by_label("Slutter"), ahead(100))
    count.tick(page.get_by_label("De frivillige supplerer"))
    count.click(on)
    count.see(title, "Budget")
    count.say(page.get_by_label("Udgift 1: hvad"), "Noder")
    count.say(page.get_by_label("Udgift 1: beløb"), "8000")
    count.click(on)
    count.see(title, "Bilag")
    page.wait_for_load_state()
    place = page.get_by_role("region", name="Vedtægter")
    place.locator("input[type=file]").set_input_files(PDF)
    count.answered += 1
    expect(place.get_by_role("link", name=re.compile("^vedtægter.pdf"))).to_be_visible()
    count.click(on)
    count.see(title, "Gennemse og send")


def prove_and_send(page: Page, count: Count) -> None:
    """MitID, and the last click."""
    title = page.get_by_role("heading", level=1)
    count.click(page.get_by_role("link", name="Log ind med MitID"))
    page.get_by_label("Navn").fill("Lone Krag")  # MitID's own page: a click here, no question
    count.click(page.get_by_role("button", name="Fortsæt"))
    heading(page, "Gennemse og send")
    count.tick(page.get_by_label("Oplysningerne er rigtige"))
    count.click(page.get_by_role("button", name="Send ansøgningen"))
    count.see(title, "Tak! Vi har jeres ansøgning.")
