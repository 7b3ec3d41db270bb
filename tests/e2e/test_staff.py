"""The house's pages in a real browser: no axe finding, no sideways scroll, and they work."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pulje.actions.casework.handover import assign
from pulje.actions.document import write_message, write_note
from pulje.actions.meeting.meeting import plan_meeting, put_on_agenda
from pulje.models import Application, Payment
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST
from tests.factories import a_committee, a_pool, an_applicant, case_in
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db(transaction=True)
S = CaseState
BIG = Decimal("40000.00")
WIDTHS = (1440, 320)


@pytest.fixture
def cases():
    """One case in most states, some of them Karl's."""
    pool = a_pool()
    karl = people.karl()
    made = {}
    for state in (
        S.SUBMITTED,
        S.IN_REVIEW,
        S.REVIEWED,
        S.RECOMMENDED,
        S.ACCEPTED,
        S.REPORT_SUBMITTED,
    ):
        case = case_in(
            state,
            pool=pool,
            applicant=an_applicant(name=f"Birkerød {state.label} og frivillighedsforeningen"),
            summary="Lektiehjælp og aftensmad for 5.–9. klasse. Hver tirsdag og torsdag.",
            area="Birkerød",
            volunteers=12,
            participants=40,
        )
        carry_out(assign, case, by=karl, to=karl)
        made[state] = case
    write_note(made[S.REVIEWED], by=karl, at=timezone.now(), text="Lokalet er frit.")
    write_message(made[S.REVIEWED], by=people.asta(), at=timezone.now(), text="Her er budgettet.")
    return made


@pytest.mark.parametrize("width", WIDTHS)
def test_inbox_lists_and_numbers(browser_page, check_page, cases, width):
    page = browser_page(people.karl(), width=width)
    slug = cases[S.RECOMMENDED].pool.slug
    for path, name in (
        ("/sag/", "c1-indbakke"),
        ("/sag/?vis=ledige&q=x", "c1-tom"),
        ("/sag/alle/", "c1-alle"),
        ("/sag/puljer/", "c3-puljer"),
        (f"/sag/puljer/{slug}/?runde=alle", "c3-pulje"),
        ("/sag/tal/", "c3-tal"),
    ):
        page.goto(path)
        check_page(page, name)


def test_case_page_in_the_states(browser_page, check_page, cases):
    karl, dora = browser_page(people.karl()), browser_page(people.dora())
    for state, case in cases.items():
        page = dora if state == S.RECOMMENDED else karl
        page.goto(f"/sag/{case.pk}/")
        check_page(page, f"c2-{state.lower()}", also=SMALLEST)
    for verb in ("ask_for_information", "reject_formally", "inhabil"):
        karl.goto(f"/sag/{cases[S.SUBMITTED].pk}/{verb}/")
        check_page(karl, f"c2-{verb}", also=SMALLEST)


def test_case_worker_recommends_without_javascript(browser_page, check_page, cases):
    case = cases[S.REVIEWED]
    page = browser_page(people.karl(), scripts=False)
    page.goto(f"/sag/{case.pk}/")

    page.get_by_label("Indstillet beløb").fill("5.000")
    page.locator("textarea[name=reasons]").fill("Åbent for alle.")
    page.get_by_role("button", name="Indstil sagen").click()
    expect(page.locator("body")).to_contain_text("skal en af puljens begrundelser for det vælges")
    expect(page.locator("textarea[name=reasons]")).to_have_value("Åbent for alle.")

    page.locator("input[name=grounds]").first.check()
    page.get_by_role("button", name="Indstil sagen").click()
    expect(page.locator("body")).to_contain_text("Sagen er indstillet.")
    assert Application.objects.get(pk=case.pk).state == S.RECOMMENDED


@pytest.mark.parametrize("width", [1024, 320])
def test_meeting(browser_page, check_page, width):
    pool = a_pool()
    rows = [case_in(S.RECOMMENDED, pool=pool, requested_kr=BIG) for _number in range(3)]
    meeting = plan_meeting(a_committee(), by=people.sanne(), held_at=timezone.now(), place="Salen")
    page = browser_page(people.sanne(), width=width)
    page.goto(f"/udvalg/moede/{meeting.pk}/forbered/")
    check_page(page, "c4-forbered")
    if width == 1024:
        page.locator("[data-pick]").first.uncheck()
        expect(page.locator("[data-rest]")).to_contain_text("520.000")
    put_on_agenda(meeting, rows, by=people.sanne())
    meeting.present.set([people.mads(), people.karen(), people.person("Muhammed")])
    for path, name in (
        ("/udvalg/", "d0-moeder"),
        ("/udvalg/nyt/", "d0-nyt"),
        (f"/udvalg/moede/{meeting.pk}/", "d1-moede"),
        (f"/udvalg/moede/{meeting.pk}/sag/2/", "d2-sag"),
        (f"/udvalg/moede/{meeting.pk}/inhabil/", "d3-inhabil"),
        (f"/udvalg/moede/{meeting.pk}/foelg/", "d4-foelg"),
    ):
        page.goto(path)
        check_page(page, name)
    page.goto(f"/udvalg/moede/{meeting.pk}/sag/1/")
    page.get_by_label("Giv et andet beløb").check()
    page.get_by_role("textbox", name="Andet beløb").fill("30.000")
    page.get_by_label("Udvalgets begrundelse").fill("Drivhuset skæres fra.")
    page.get_by_role("button", name="Gem beslutning").click()
    page.goto(f"/udvalg/moede/{meeting.pk}/foelg/")
    page.get_by_role("button", name="Ja, følg indstillingen").click()
    check_page(page, "d1-besluttet")
    expect(page.locator("body")).to_contain_text("Alle sager er behandlet")


@pytest.mark.parametrize("width", WIDTHS)
def test_payments(browser_page, check_page, width):
    for _number in range(2):
        case_in(S.ACCEPTED)
    fie = browser_page(people.fie(), width=width)
    fie.goto("/udbetaling/")
    fie.get_by_label("Vælg alle").check()
    expect(fie.locator("[data-picked-sum]")).to_contain_text("16.000")
    check_page(fie, "c6-udbetalinger")
    fie.get_by_role("button", name="Saml de valgte").click()
    check_page(fie, "c6-samlet")
    dora = browser_page(people.dora(), width=width)
    dora.goto(fie.url)
    dora.get_by_label("Jeg har set beløb").check()
    dora.get_by_role("button", name="Godkend udbetaling").click()
    check_page(dora, "c6-godkendt")
    fie.reload()
    fie.get_by_role("button", name="Lav betalingsfilen").click()
    check_page(fie, "c6-sendt")
    fie.get_by_role("link", name="Afvist").first.click()
    check_page(fie, "c6-afvist")
    fie.go_back()
    fie.get_by_role("button", name="Alle er udbetalt").click()
    check_page(fie, "c6-betalt")
    assert set(Payment.objects.values_list("state", flat=True)) == {"CONFIRMED"}
