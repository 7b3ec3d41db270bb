"""Six lives in a browser, from the public page to the report; the house answers in Python.

Together they show every page with and without JavaScript, at 1440 and at 390 px.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pulje.enums import LateRule
from pulje.models import Invitation, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import DESKTOP, PHONE, BrowserPage, CheckPage
from tests.e2e.living import (
    House,
    fill_attachments,
    fill_budget,
    fill_idea,
    fill_who,
    find_pool,
    go_on,
    heading,
    open_and_accept,
    open_mailed_link,
    press,
    send,
    the_case,
    write_report,
)
from tests.factories import a_pool, a_round, an_applicant, case_in
from tests.workflow.opening import told

S = CaseState
pytestmark = pytest.mark.django_db(transaction=True)
# what is said to many and never to one: whole words, I only as a word of its own
TO_MANY = re.compile(r"(?<![.\d] )\b(I (?:har|kan|skal|vil|får|fik|søger)|jer|jeres)\b")


@pytest.fixture
def pool() -> Pool:
    pool = a_pool(code="FP", ceiling_kr=Decimal(75_000), needs_bylaws=True)
    pool.name, pool.slug, pool.is_public = "Frivillighedspuljen 2027", "frivillighed", True
    pool.save()
    a_round(pool, closes_at=timezone.now() + timedelta(days=10))
    return pool


def test_an_association_with_two_signers(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool
) -> None:
    ours = an_applicant(name="Birkerød Lektiecafé", two_must_sign=True)
    people.seat(ours, people.person("Bo"), may_sign=True)
    asta, bo = browser_page(people.asta()), browser_page(people.person("Bo"))
    find_pool(asta, pool)
    asta.get_by_label("Birkerød Lektiecafé").check()
    check_page(asta, "b0-hvem")
    go_on(asta, "Jeres idé")
    fill_idea(asta)
    go_on(asta, "Budget")
    fill_budget(asta, "12.000", "13000,00")
    expect(asta.locator(".pj-ask")).to_have_text("25.000\xa0kr.")
    check_page(asta, "b2-budget")
    go_on(asta, "Bilag")
    fill_attachments(asta, scripts=True)
    check_page(asta, "b2-bilag")
    go_on(asta, "Gennemse og send")
    check_page(asta, "b3-gennemse")
    send(asta, "Skriv under og send videre")
    expect(asta.get_by_text("Du har skrevet under.").first).to_be_visible()

    case = the_case()
    open_mailed_link(bo, "SIGN_REQUEST", "underskrift", "signature", case.pk)
    check_page(bo, "b3-underskrift")
    bo.get_by_label("Jeg har læst ansøgningen").check()
    press(bo, "Skriv under og send ansøgningen", "Tak! Vi har jeres ansøgning.")
    check_page(bo, "b4-kvittering")

    house = House(the_case())
    house.answer_yes()
    open_and_accept(bo, case)
    house.pay()
    write_report(asta, case, "25.000", "Skriv under og send")
    expect(asta.get_by_text("Du har skrevet under.").first).to_be_visible()
    bo.goto(f"/ansoeg/{case.pk}/rapport/")
    press(bo, "Skriv under og send")
    expect(bo.get_by_text("Tak! Rapporten er sendt.")).to_be_visible()
    assert case.journal.filter(event="submit").count() == 1


def test_a_network(browser_page: BrowserPage, pool: Pool) -> None:
    rosa = browser_page(people.person("Rosa"), width=PHONE, scripts=False)
    find_pool(rosa, pool)
    kind = "Et netværk eller en gruppe af borgere"
    fill_who(rosa, kind, name="Kvarterets naboer", makker="mille@nabo.example")
    go_on(rosa, "Jeres idé")
    fill_idea(rosa)
    go_on(rosa, "Budget")
    fill_budget(rosa, "8.000")
    go_on(rosa, "Bilag")
    go_on(rosa, "Gennemse og send")
    send(rosa)
    expect(rosa.get_by_text("Et netværk skal have mindst to personer.").first).to_be_visible()

    mille = browser_page(width=PHONE, scripts=False)
    open_mailed_link(mille, "INVITATION", "invitation", "invitation", Invitation.objects.get().pk)
    press(mille, "Ja, jeg vil være med")
    expect(mille.get_by_text("Du er nu med hos Kvarterets naboer.")).to_be_visible()

    rosa.goto(rosa.url)
    send(rosa)
    heading(rosa, "Tak! Vi har jeres ansøgning.")
    live_on(rosa)


def test_an_individual(browser_page: BrowserPage, check_page: CheckPage, pool: Pool) -> None:
    page = browser_page(people.person("Nanna"), width=PHONE)
    find_pool(page, pool)
    fill_who(page, "Mig selv")
    check_page(page, "b0-hvem-selv")
    go_on(page, "Din idé")
    fill_idea(page)
    to_one(page)
    go_on(page, "Budget")
    fill_budget(page, "8.000")
    to_one(page)
    check_page(page, "b2-budget")
    go_on(page, "Bilag")
    to_one(page)
    check_page(page, "b2-bilag")
    go_on(page, "Gennemse og send")
    to_one(page)
    check_page(page, "b3-gennemse")
    send(page)
    heading(page, "Tak! Vi har din ansøgning.")
    to_one(page)
    check_page(page, "b4-kvittering")
    live_on(page, each=to_one)


def test_a_late_one(browser_page: BrowserPage, pool: Pool) -> None:
    an_applicant(name="Birkerød Lektiecafé")
    page = browser_page(people.asta(), width=DESKTOP, scripts=False)
    find_pool(page, pool)
    page.get_by_label("Birkerød Lektiecafé").check()
    go_on(page, "Jeres idé")
    fill_idea(page)
    go_on(page, "Budget")
    fill_budget(page, "8.000")
    go_on(page, "Bilag")
    fill_attachments(page, scripts=False)
    go_on(page, "Gennemse og send")

    pool.rounds.update(closes_at=timezone.now() - timedelta(minutes=1))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Puljen lukkede")
    expect(page.get_by_text("Åbne to aftener om ugen.")).to_be_visible()
    assert the_case().state == S.DRAFT

    pool.versions.update(late_rule=LateRule.MARK)
    send(page)
    heading(page, "Tak! Vi har jeres ansøgning.")
    assert the_case().is_late
    live_on(page)


def live_on(page: Page, each: Callable[[Page], None] = lambda page: None) -> None:
    """The answer is yes; it is accepted and paid, and the report is written."""
    house = House(the_case())
    page.get_by_role("link", name="Følg sagen").click()
    each(page)
    house.answer_yes()
    page.reload()
    each(page)
    open_and_accept(page, house.case)
    each(page)
    house.pay()
    write_report(page, house.case, "8.000", "Send rapporten")
    expect(page.get_by_text("Tak! Rapporten er sendt.")).to_be_visible()
    each(page)


def to_one(page: Page) -> None:
    """The page says du and din, never I and jeres."""
    assert TO_MANY.findall(page.locator("main").inner_text()) == [], page.url


def test_one_that_is_asked_for_more(browser_page: BrowserPage) -> None:
    case = told(case_in(S.RETURNED, pool=a_pool()))
    page = browser_page(people.asta(), width=PHONE)
    page.goto("/ansoeg/")
    page.get_by_role("link", name="Svar nu").click()

    page.goto(f"/ansoeg/{case.pk}/ide/")
    expect(page.get_by_label("Hvad hedder projektet?")).to_be_disabled()
    page.goto(f"/ansoeg/{case.pk}/")
    page.get_by_role("link", name="Ret budgettet").click()
    fill_budget(page, "7.500")
    press(page, "Gem rettelserne")
    page.get_by_label("Besked til os").fill("Nu går det op.")
    press(page, "Send svar")

    expect(page.get_by_text("Svaret er sendt")).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.requested_kr) == (S.SUBMITTED, Decimal(7_500))


def test_one_declined_by_the_grantee(browser_page: BrowserPage, check_page: CheckPage) -> None:
    case = told(case_in(S.APPROVED, pool=a_pool()))
    page = browser_page(people.asta())
    page.goto("/ansoeg/")
    page.get_by_role("link", name="Se sagen").first.click()
    press(page, "Åbn afgørelsen")
    page.get_by_role("link", name="Nej tak").click()
    page.get_by_label("Hvorfor?").fill("Vi fik pengene et andet sted.")
    press(page, "Sig nej tak")

    expect(page.get_by_text("Svaret er sendt.")).to_be_visible()
    check_page(page, "b7-sag-nej-tak")
    case.refresh_from_db()
    assert case.state == S.DECLINED
