"""Asta's story in a browser, from the pool's page to the report, with and without JavaScript."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pulje.actions.document import write_message
from pulje.models import Application, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import DESKTOP, SMALLEST, BrowserPage, CheckPage
from tests.factories import a_pool, a_round, an_applicant, case_in

S = CaseState
WIDTHS = pytest.mark.parametrize("width", [DESKTOP, SMALLEST])
PDF = b"%PDF-1.7 vedtaegter"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool() -> Pool:
    now = timezone.now()
    pool = a_pool(code="FP", ceiling_kr=Decimal(75_000))
    pool.name, pool.slug, pool.is_public = "Frivillighedspuljen 2027", "frivillighed", True
    pool.save()
    a_round(
        pool,
        closes_at=now + timedelta(days=10),
        answer_on=timezone.localdate() + timedelta(days=60),
    )
    return pool


def ahead(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def fill_in(page: Page) -> None:
    """Everything but who applies, as Asta types it."""
    page.get_by_label("Hvad hedder projektet?").fill("Lektiecafé to aftener om ugen")
    page.get_by_label("Kort fortalt").fill("Lektiehjælp og aftensmad på biblioteket.")
    page.get_by_label("Hvad skal der ske?").fill("Vi åbner biblioteket to aftener om ugen.")
    page.get_by_label("Børn og unge").check()
    page.get_by_label("Hvor foregår det mest?").fill("Birkerød")
    page.get_by_label("Hvor mange frivillige?").fill("12")
    page.get_by_label("Begynder").fill(ahead(70))
    page.get_by_label("Slutter").fill(ahead(200))
    page.get_by_label("De frivillige supplerer").check()
    rows = {
        "Udgift 1": ("Aftensmad", "12.000"),
        "Udgift 2": ("Kurser", "19000,00"),
        "Egne penge 1": ("Kontingent", "3000"),
        "Andre penge 1": ("Lokal fond", "3.000"),
    }
    for row, (what, amount) in rows.items():
        page.get_by_label(f"{row}: hvad").fill(what)
        page.get_by_label(f"{row}: beløb").fill(amount)
    page.get_by_label("Andre penge 1: er det søgt").select_option("Søgt")


@pytest.mark.parametrize("scripts", [True, False])
def test_asta_applies_from_the_pool_to_the_receipt(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool, tmp_path: Path, scripts: bool
) -> None:
    bylaws = tmp_path / "vedtægter.pdf"
    bylaws.write_bytes(PDF)
    page = browser_page(people.asta(), scripts=scripts)
    page.goto(f"/pulje/{pool.slug}/")
    page.get_by_role("link", name="Søg puljen").click()

    # a network that is new to us; a draft first, then sent
    page.get_by_label("Netværk").check()
    page.get_by_label("Navn", exact=False).first.fill("Birkerød Lektiecafé")
    fill_in(page)
    page.get_by_label("Vedtægter").set_input_files(bylaws)
    if scripts:
        expect(page.locator(".pj-ask")).to_have_text("25.000\u00a0kr.")
    page.get_by_role("button", name="Gem kladde").click()
    expect(page.get_by_text("Kladden er gemt kl.")).to_be_visible()
    expect(page.locator(".pj-ask")).to_have_text("25.000\u00a0kr.")
    expect(page.get_by_role("link", name="vedtægter.pdf")).to_be_visible()
    expect(page.get_by_label("Udgift 5: hvad")).to_be_visible()
    page.get_by_role("button", name="Send ansøgningen").click()

    expect(page.get_by_role("heading", name="Tak! Vi har jeres ansøgning.")).to_be_visible()
    case = Application.objects.get()
    expect(page.get_by_text(case.number)).to_be_visible()
    if scripts:
        check_page(page, "b4-kvittering")
    page.get_by_role("link", name="Følg sagen").click()
    expect(page.get_by_text("Vi behandler ansøgningen.")).to_be_visible()
    expect(page.get_by_role("link", name="vedtægter.pdf")).to_be_visible()


def test_double_click_sends_once(browser_page: BrowserPage, pool: Pool) -> None:
    applicant = an_applicant()
    page = browser_page(people.asta())
    page.goto(f"/ansoeg/ny/{pool.slug}/")
    page.get_by_label(applicant.name).check()
    fill_in(page)

    page.get_by_role("button", name="Send ansøgningen").dblclick()

    page.get_by_role("heading", name="Tak! Vi har jeres ansøgning.").wait_for()
    case = Application.objects.get()
    assert case.journal.filter(event="submit").count() == 1


@WIDTHS
def test_mistakes_are_listed_with_links_and_nothing_is_lost(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool, width: int
) -> None:
    an_applicant(name="Birkerød Lektiecafé")
    page = browser_page(people.asta(), width=width)
    page.goto(f"/ansoeg/ny/{pool.slug}/")
    check_page(page, "b1-ansoegning")
    fill_in(page)
    page.get_by_label("Kort fortalt").fill("x" * 223)
    page.get_by_label("Udgift 3: hvad").fill("Plakater")

    page.get_by_role("button", name="Send ansøgningen").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("To ting skal rettes")
    expect(page).to_have_title(re.compile("^Fejl: "))
    expect(page.get_by_label("Udgift 3: hvad")).to_have_value("Plakater")
    expect(page.get_by_label("Begynder")).to_have_value(ahead(70))
    check_page(page, "b1-ansoegning-fejl")
    alert.get_by_role("link", name="Teksten er på 223 tegn").click()
    assert page.evaluate("document.activeElement.name") == "summary"


def cases_of_every_kind(pool: Pool) -> dict[str, Application]:
    """One case in each state that has a page of its own, all Birkerød Lektiecafé's."""
    ours = an_applicant(name="Birkerød Lektiecafé")
    wanted = {
        "b6-sag-mangler": (S.RETURNED, "Lektiecafé to aftener om ugen"),
        "b6-sag-hoering": (S.IN_HEARING, "Fællesspisning i Nærum"),
        "b6-sag": (S.IN_REVIEW, "Byttedag for skoletasker"),
        "b7-sag-bevilget": (S.APPROVED, "Sommerlæseklub"),
        "b7-sag-accepteret": (S.ACCEPTED, "Naboaften"),
        "b7-sag-afslag": (S.REJECTED, "Klubtur til Harzen"),
        "b7-sag-udbetalt": (S.PAID, "Velkomstaften for nye familier"),
        "b7-sag-retur": (S.REPORT_RETURNED, "Strikkecafé"),
        "b7-sag-krav": (S.IN_RECOVERY, "Gadefest"),
        "b6-sag-trukket": (S.WITHDRAWN, "Løbeklub"),
        "b6-sag-lukket": (S.CLOSED, "Julemarked"),
    }
    found = {
        name: case_in(state, pool=pool, applicant=ours, title=title)
        for name, (state, title) in wanted.items()
    }
    now = timezone.now()
    write_message(found["b6-sag"], by=people.asta(), at=now, text="Må vi begynde at annoncere?")
    write_message(found["b6-sag"], by=people.karl(), at=now, text="Ja, det må I gerne.")
    return found


@WIDTHS
def test_pages_of_a_case_are_accessible(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool, width: int
) -> None:
    cases = cases_of_every_kind(pool)
    draft = case_in(S.DRAFT, pool=pool, title="Brætspilscafé")
    page = browser_page(people.asta(), width=width)

    for name, case in cases.items():
        page.goto(f"/ansoeg/{case.pk}/")
        check_page(page, name)
    for name, path in {
        "b5-mine-ansoegninger": "",
        "b1-kladde": f"{draft.pk}/kladde/",
        "b1-ret": f"{cases['b6-sag-mangler'].pk}/kladde/",
        "b6-traek-tilbage": f"{cases['b6-sag'].pk}/traek-tilbage/",
        "b7-nej-tak": f"{cases['b7-sag-bevilget'].pk}/nej-tak/",
        "b8-rapport": f"{cases['b7-sag-udbetalt'].pk}/rapport/",
    }.items():
        page.goto(f"/ansoeg/{path}")
        check_page(page, name)
    page.get_by_role("button", name="Send rapporten").click()
    check_page(page, "b8-rapport-fejl")
    stranger = browser_page(people.ulla(), width=width)
    stranger.goto("/ansoeg/")
    check_page(stranger, "b5-mine-ansoegninger-tom")


@pytest.mark.parametrize("scripts", [True, False])
def test_asta_answers_accepts_and_reports(
    browser_page: BrowserPage, pool: Pool, tmp_path: Path, scripts: bool
) -> None:
    asked, granted = case_in(S.RETURNED, pool=pool), case_in(S.APPROVED, pool=pool)
    bylaws = tmp_path / "vedtægter.pdf"
    bylaws.write_bytes(PDF)
    page = browser_page(people.asta(), scripts=scripts)
    page.goto("/ansoeg/")

    page.get_by_role("link", name="Svar nu").click()
    page.get_by_label("Vælg filer").set_input_files(bylaws)
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_text("Svaret er sendt")).to_be_visible()
    assert Application.objects.get(pk=asked.pk).state == S.SUBMITTED

    page.goto("/ansoeg/")
    page.get_by_role("link", name="Se bevillingen").click()
    page.get_by_role("button", name="Ja tak til bevillingen").click()
    assert Application.objects.get(pk=granted.pk).state == S.ACCEPTED

    page.get_by_role("link", name="Et skema på én side").click()
    page.get_by_label("Fortæl kort, hvad der skete").fill("Alle var mætte.")
    page.get_by_label("Brugt på råvarer").fill("7.500")
    page.get_by_label("Anden udgift 1: hvad").fill("Fest")
    page.get_by_label("Anden udgift 1: brugt").fill("500")
    if scripts:
        expect(page.locator("output[data-total=ud]")).to_have_text("8.000\u00a0kr.")
    page.get_by_role("button", name="Send rapporten").click()
    expect(page.get_by_text("Tak! Rapporten er sendt.")).to_be_visible()
