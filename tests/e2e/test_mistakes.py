"""What goes wrong, as it looks: every error state with a sentence, nothing lost, no axe finding.

And a whole application by the keyboard alone.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from pulje.actions.applicant.invitation import accept_invitation, invite
from pulje.actions.applicant.membership import remove
from pulje.actions.link import make_token
from pulje.models import Application, Invitation, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import DESKTOP, PHONE, BrowserPage, CheckPage
from tests.e2e.living import EXE, ahead, go_on, heading, press, the_case
from tests.factories import a_draft, a_pool, a_round, an_applicant, case_in
from tests.workflow.opening import told

S = CaseState
# what is drawn at or around the control differs from when the focus is elsewhere
SHOWS_FOCUS = """it => {
    const around = [it, it.nextElementSibling, it.parentElement].filter(Boolean);
    const looks = one => ['', '::before', '::after'].map(part => {
        const style = getComputedStyle(one, part || null);
        return [style.outlineStyle, style.boxShadow, style.borderColor, style.backgroundColor];
    });
    const drawn = () => JSON.stringify(around.flatMap(looks));
    const focused = drawn();
    it.blur();
    const without = drawn();
    it.focus();
    return focused !== without;
}"""
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def check_both(check_page: CheckPage) -> CheckPage:
    """Like ``check_page``, on a wide screen and on a phone."""

    def check(page: Page, name: str) -> None:
        for width in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 900})
            check_page(page, name)

    return check


@pytest.fixture
def pool() -> Pool:
    pool = a_pool(code="FP", ceiling_kr=Decimal(10_000), needs_bylaws=True)
    pool.is_public = True
    pool.save()
    a_round(pool, closes_at=timezone.now() + timedelta(days=10))
    return pool


def test_mistakes_in_the_application(
    browser_page: BrowserPage, check_both: CheckPage, pool: Pool
) -> None:
    page = browser_page(people.person("Nanna"))
    page.goto(f"/ansoeg/ny/{pool.slug}/")
    page.get_by_label("CVR-nummer").fill("12345678")
    press(page, "Gem og fortsæt")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("er ikke et CVR-nummer")
    expect(page.get_by_label("CVR-nummer")).to_have_value("12345678")
    check_both(page, "b0-hvem-fejl")
    page.get_by_label("CVR-nummer").fill("99000104")
    go_on(page, "Jeres idé")

    page.get_by_label("Kort fortalt").fill("x" * 223)
    page.get_by_label("Begynder").fill(ahead(30))
    page.get_by_label("Slutter").fill(ahead(-900))
    press(page, "Gem og fortsæt")
    expect(alert).to_contain_text("To ting skal rettes")
    expect(page).to_have_title(re.compile("^Fejl: "))
    expect(page.get_by_label("Slutter")).to_have_value(ahead(-900))
    check_both(page, "b1-ansoegning-fejl")
    alert.get_by_role("link", name="Teksten er på 223 tegn").click()
    expect(page.get_by_label("Kort fortalt")).to_be_focused()

    draft = the_case()
    page.goto(f"/ansoeg/{draft.pk}/budget/")
    page.get_by_label("Udgift 1: hvad").fill("Saft")
    page.get_by_label("Udgift 1: beløb").fill("mange penge")
    press(page, "Gem og fortsæt")
    expect(alert).to_contain_text("Skriv beløbet i tal")
    expect(page.get_by_label("Udgift 1: beløb")).to_have_value("mange penge")
    check_both(page, "b2-budget-fejl")
    page.get_by_label("Udgift 1: beløb").fill("50.000")
    go_on(page, "Bilag")

    page.get_by_role("region", name="Vedtægter").locator("input[type=file]").set_input_files(EXE)
    expect(page.get_by_role("region", name="Vedtægter")).to_contain_text("faktura.exe")
    check_both(page, "b2-bilag-fejl")
    page.goto(f"/ansoeg/{draft.pk}/send/")
    expect(page.get_by_text("højst 10.000\xa0kr.").first).to_be_visible()
    check_both(page, "b3-gennemse-mangler")


def test_links_and_pages_that_are_not_for_one(
    browser_page: BrowserPage, check_both: CheckPage
) -> None:
    ours, now = an_applicant(name="Naboerne"), timezone.now()
    used, late, foreign = [
        invite(ours, by=people.asta(), at=now, email=f"{name}@nabo.example")
        for name in ("used", "late", "foreign")
    ]
    accept_invitation(used, by=people.person("Bo"), at=now)
    Invitation.objects.filter(pk=late.pk).update(expires_at=now - timedelta(days=1))
    page = browser_page(people.person("Nanna"))

    for found, sentence in ((used, "er brugt"), (late, "udløb")):
        page.goto(f"/invitation/{make_token('invitation', found.pk)}/")
        heading(page, "Linket virker ikke længere")
        expect(page.get_by_text(re.compile(sentence))).to_be_visible()
    check_both(page, "link-lukket")
    page.goto(f"/invitation/{make_token('invitation', foreign.pk)}/")
    expect(page.get_by_text("Invitationen er sendt til foreign@nabo.example.")).to_be_visible()
    check_both(page, "invitation-anden")
    page.goto("/invitation/forkert/")
    heading(page, "Linket virker ikke længere")
    page.goto("/ansoeg/999999/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_both(page, "404-ansoeg")

    case = a_draft(applicant=ours)
    bo = browser_page(people.person("Bo"))
    bo.goto(f"/ansoeg/{case.pk}/ide/")
    remove(ours.memberships.get(user=people.person("Bo")), by=people.asta(), at=now)
    bo.get_by_label("Hvad hedder projektet?").fill("Efter at være fjernet")
    press(bo, "Gem og fortsæt")
    heading(bo, "Du er ikke længere med hos Naboerne")
    expect(bo.get_by_label("Hvad hedder projektet?")).to_have_value("Efter at være fjernet")
    check_both(bo, "403-fjernet")
    assert Application.objects.get(pk=case.pk).title == case.title


def log_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode").fill(people.PASSWORD)
    press(page, "Log ind")


def test_two_people_and_an_ended_session(browser_page: BrowserPage, check_both: CheckPage) -> None:
    draft = case_in(S.DRAFT, title="Før")
    people.seat(draft.applicant, people.person("Bo"))
    asta, bo = browser_page(people.asta()), browser_page()
    asta.goto(f"/ansoeg/{draft.pk}/ide/")
    bo.goto(f"/log-ind/?next=/ansoeg/{draft.pk}/ide/")
    log_in(bo, "bo@puljer.example")
    expect(bo.get_by_text("Asta skriver også i kladden lige nu")).to_be_visible()

    asta.get_by_label("Hvad hedder projektet?").fill("Astas titel")
    asta.get_by_label("Hvor foregår det mest?").click()  # saved by itself
    expect(asta.get_by_text("Bo skriver også i kladden lige nu")).to_be_visible()
    bo.get_by_label("Hvad hedder projektet?").fill("Bos titel")
    bo.get_by_label("Hvor foregår det mest?").fill("Holte")
    expect(bo.get_by_text("En anden har også rettet")).to_be_visible()
    press(bo, "Gem og fortsæt")
    expect(bo.get_by_label("Asta skrev kl.")).to_be_visible()
    check_both(bo, "b1-konflikt")
    bo.get_by_label("Du skrev").check()
    go_on(bo, "Budget")
    draft.refresh_from_db()
    assert (draft.title, draft.area) == ("Bos titel", "Holte")

    bo.goto(f"/ansoeg/{draft.pk}/ide/")
    Session.objects.all().delete()
    bo.get_by_label("Hvad vil I gøre?").fill("Skrevet, mens log-in udløb.")
    bo.get_by_label("Hvor foregår det mest?").click()
    expect(bo.get_by_text("Du er logget af.")).to_be_visible()
    check_both(bo, "b1-logget-ud")
    press(bo, "Gem og fortsæt")
    expect(bo.get_by_label("Adgangskode")).to_be_visible()
    check_both(bo, "log-ind-igen")
    log_in(bo, "bo@puljer.example")
    expect(bo.get_by_label("Hvad vil I gøre?")).to_have_value("Skrevet, mens log-in udløb.")


def test_mistakes_in_a_case(browser_page: BrowserPage, check_both: CheckPage) -> None:
    asked, paid = told(case_in(S.RETURNED)), told(case_in(S.PAID))
    page = browser_page(people.asta())
    page.goto(f"/ansoeg/{asked.pk}/")
    press(page, "Send svar")
    expect(page.get_by_role("alert")).to_contain_text("Vælg en fil, eller skriv et svar.")
    check_both(page, "b6-svar-fejl")
    page.goto(f"/ansoeg/{paid.pk}/rapport/")
    page.get_by_label("Brugt på råvarer").fill("-500")
    press(page, "Send rapporten")
    expect(page.get_by_role("alert")).to_contain_text("Skriv beløbet uden minus.")
    check_both(page, "b8-rapport-fejl")
    page.goto(f"/ansoeg/{paid.pk}/aendring/")
    press(page, "Send ønsket")
    expect(page.get_by_role("alert")).to_contain_text("Skriv, hvad der skal ændres")
    check_both(page, "b7-aendring-fejl")


def test_a_whole_application_by_the_keyboard_alone(browser_page: BrowserPage, pool: Pool) -> None:
    page = browser_page(people.person("Nanna"))
    page.goto("/")
    walk = Keys(page)
    walk.to("link", pool.name, "Enter")
    heading(page, pool.name)
    walk.to("link", "Søg puljen", "Enter")
    heading(page, "Hvem søger?")
    walk.to("radio", "En forening eller organisation", "ArrowDown", "ArrowDown", "ArrowDown")
    expect(page.get_by_label("Mig selv")).to_be_checked()
    walk.on("Din idé")

    walk.type("Hvad hedder projektet?", "Gadens julefrokost")
    walk.type("Kort fortalt", "Hele gaden spiser sammen.")
    walk.type("Hvad vil du gøre?", "Langbord og grill på vejen.")
    walk.to("checkbox", "Børn og unge", "Space")
    for label, day in zip(("Begynder", "Slutter"), days_of_one_spelling(), strict=False):
        walk.to("textbox", label)
        page.keyboard.type(f"{day:%d%m%Y}")
        expect(page.get_by_label(label)).to_have_value(str(day))
    walk.to("checkbox", "De frivillige supplerer", "Space")
    walk.on("Budget")

    walk.type("Udgift 1: hvad", "Mad")
    walk.type("Udgift 1: beløb", "8.000")
    walk.on("Bilag")
    walk.on("Gennemse og send")
    walk.to("checkbox", "Oplysningerne er rigtige", "Space")
    walk.to("button", "Send ansøgningen", "Enter")
    heading(page, "Tak! Vi har din ansøgning.")


def days_of_one_spelling() -> Iterator[date]:
    """Days like 3 March, soon: a browser's date field reads day and month by its own country."""
    days = (timezone.localdate() + timedelta(days=ahead) for ahead in range(30, 400))
    return (day for day in days if day.day == day.month)


class Keys:
    """Somebody without a mouse: Tab to the place, which must show that it has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, role: str, name: str, *keys: str) -> None:
        goal = self.page.get_by_role(role, name=name).first
        expect(goal).to_be_visible()
        for _step in range(80):
            self.page.keyboard.press("Tab")
            if goal.evaluate("it => it === document.activeElement"):
                break
        expect(goal).to_be_focused()
        assert goal.evaluate(SHOWS_FOCUS), f"nothing shows that {name} has the focus"
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, label: str, text: str) -> None:
        self.to("textbox", label)
        self.page.keyboard.type(text)

    def on(self, then: str) -> None:
        self.to("button", "Gem og fortsæt", "Enter")
        heading(self.page, then)
        self.page.wait_for_load_state()
