"""Asta's story in a browser, from the pool's page to the report, with and without JavaScript."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pulje.actions.document import write_message
from pulje.actions.link import make_token
from pulje.models import Application, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import DESKTOP, SMALLEST, BrowserPage, CheckPage
from tests.factories import a_pool, a_round, an_applicant, case_in
from tests.workflow.opening import opened, told

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


def write_idea(page: Page) -> None:
    """Step 2, as Asta types it."""
    page.get_by_label("Hvad hedder projektet?").fill("Lektiecafé to aftener om ugen")
    page.get_by_label("Kort fortalt").fill("Lektiehjælp og aftensmad på biblioteket.")
    page.get_by_label("Hvad vil I gøre?").fill("Vi åbner biblioteket to aftener om ugen.")
    page.get_by_label("Børn og unge").check()
    page.get_by_label("Hvor foregår det mest?").fill("Birkerød")
    page.get_by_label("Hvor mange frivillige er I?").fill("12")
    page.get_by_label("Begynder").fill(ahead(70))
    page.get_by_label("Slutter").fill(ahead(200))
    page.get_by_label("De frivillige supplerer").check()


def write_budget(page: Page) -> None:
    """Step 3: 25.000 kr. are asked for."""
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


def go_on(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Gem og fortsæt").click()
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_asta_applies_from_the_pool_to_the_receipt(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool, scripts: bool
) -> None:
    an_applicant(name="Birkerød Lektiecafé")
    page = browser_page(people.asta(), scripts=scripts)
    page.goto(f"/ansoeg/ny/{pool.slug}/")
    page.get_by_label("Birkerød Lektiecafé").check()
    go_on(page, "Jeres idé")
    write_idea(page)
    go_on(page, "Budget")
    write_budget(page)
    if scripts:
        expect(page.locator(".pj-ask")).to_have_text("25.000\u00a0kr.")
    go_on(page, "Bilag")
    go_on(page, "Gennemse og send")
    expect(page.get_by_text("Vi åbner biblioteket to aftener om ugen.")).to_be_visible()
    if scripts:
        check_page(page, "b3-gennemse")

    page.get_by_label("Oplysningerne er rigtige").check()
    page.get_by_role("button", name="Send ansøgningen").dblclick()

    expect(page.get_by_role("heading", name="Tak! Vi har jeres ansøgning.")).to_be_visible()
    case = Application.objects.get()
    assert case.journal.filter(event="submit").count() == 1
    expect(page.get_by_text(case.number)).to_be_visible()
    if scripts:
        check_page(page, "b4-kvittering")


@WIDTHS
def test_mistakes_are_listed_with_links_and_nothing_is_lost(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool, width: int
) -> None:
    draft = case_in(S.DRAFT, pool=pool)
    page = browser_page(people.asta(), width=width)
    page.goto(f"/ansoeg/{draft.pk}/ide/")
    check_page(page, "b1-ansoegning")
    page.get_by_label("Kort fortalt").fill("x" * 223)
    page.get_by_label("Slutter").fill(ahead(-900))

    page.get_by_role("button", name="Gem og fortsæt").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("To ting skal rettes")
    expect(page).to_have_title(re.compile("^Fejl: "))
    expect(page.get_by_label("Slutter")).to_have_value(ahead(-900))
    check_page(page, "b1-ansoegning-fejl")
    alert.get_by_role("link", name="Teksten er på 223 tegn").click()
    expect(page.get_by_label("Kort fortalt")).to_be_focused()


def test_two_people_write_at_once(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool
) -> None:
    draft = case_in(S.DRAFT, pool=pool, title="Før")
    people.seat(draft.applicant, people.person("Bo"))
    asta, bo = browser_page(people.asta()), browser_page(people.person("Bo"))
    for page in (asta, bo):
        page.goto(f"/ansoeg/{draft.pk}/ide/")
    expect(bo.get_by_text("Asta skriver også i kladden lige nu")).to_be_visible()

    asta.get_by_label("Hvad hedder projektet?").fill("Astas titel")
    asta.get_by_label("Hvor foregår det mest?").click()  # saved by itself
    expect(asta.get_by_text("Bo skriver også i kladden lige nu")).to_be_visible()
    bo.get_by_label("Hvad hedder projektet?").fill("Bos titel")
    bo.get_by_label("Hvor foregår det mest?").fill("Holte")
    expect(bo.get_by_text("En anden har også rettet")).to_be_visible()
    bo.get_by_role("button", name="Gem og fortsæt").click()

    expect(bo.get_by_label("Asta skrev kl.")).to_be_visible()
    check_page(bo, "b1-konflikt")
    bo.get_by_label("Du skrev").check()
    go_on(bo, "Budget")
    draft.refresh_from_db()
    assert (draft.title, draft.area) == ("Bos titel", "Holte")


def test_the_line_says_when_saving_fails(browser_page: BrowserPage, pool: Pool) -> None:
    draft = case_in(S.DRAFT, pool=pool)
    page = browser_page(people.asta())
    page.goto(f"/ansoeg/{draft.pk}/ide/")

    page.route("**/ide/", lambda route: route.fulfill(status=418))
    page.get_by_label("Hvor foregår det mest?").fill("Holte")

    expect(page.get_by_text("Vi kunne ikke gemme kl.")).to_be_visible()
    page.unroute("**/ide/")
    page.get_by_label("Hvor foregår det mest?").fill("Nærum")
    expect(page.get_by_text("Kladden er gemt kl.")).to_be_visible()


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
    for name in ("b7-sag-bevilget", "b7-sag-afslag"):
        opened(found[name])
    for case in found.values():
        told(case)
    found["b7-sag-afgjort"] = told(case_in(S.REJECTED, pool=pool, applicant=ours, title="Kor"))
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
        "b3-gennemse": f"{draft.pk}/send/",
        "b1-laast": f"{cases['b6-sag-mangler'].pk}/ide/",
        "b3-underskrift": f"../underskrift/{make_token('signature', draft.pk)}/",
        "b5-kopier": f"{cases['b7-sag-afslag'].pk}/kopier/",
        "b6-traek-tilbage": f"{cases['b6-sag'].pk}/traek-tilbage/",
        "b7-nej-tak": f"{cases['b7-sag-bevilget'].pk}/nej-tak/",
        "b7-aendring": f"{cases['b7-sag-accepteret'].pk}/aendring/",
        "b5-indstillinger": "indstillinger/",
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
    asked, granted = case_in(S.RETURNED, pool=pool), told(case_in(S.APPROVED, pool=pool))
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
    page.get_by_role("link", name="Se sagen").click()
    page.get_by_role("button", name="Åbn afgørelsen").click()
    page.get_by_role("button", name="Ja tak til tilskuddet").click()
    expect(page.get_by_text("Tak for svaret.")).to_be_visible()
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
