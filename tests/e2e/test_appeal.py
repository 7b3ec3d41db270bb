"""A complaint that changes an amount, an application on paper, and two applicants made one."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from letters import actions as letters
from letters.models import Letter, LetterState
from pulje.enums import AppealState, ApplicantKind, LegalBasis
from pulje.models import Appeal, AppealGuidance, Applicant, Application
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.e2e.living import press
from tests.factories import Walk, a_pool, a_round, an_applicant, case_in, walk_to
from tests.letters.text import text_of
from tests.pulje.actions.telling import ledger, payments
from tests.workflow.opening import opened, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("texts")]
S = CaseState
WHY = "Bilag 2 viser, at lokalet koster 2.000 kr. mere."


def partly_granted() -> Walk:
    """Asked for 8.000, got 5.000, said yes, was paid."""
    AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text="Skriv til {kontakt}.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )
    walk = walk_to(S.REVIEWED, requested_kr=D(8_000))
    walk.recommend(D(5_000))
    walk.decide()
    opened(walk.case)
    walk.accept()
    walk.pay()
    told(walk.case)
    return walk


def test_a_complaint_changes_the_amount(browser_page: BrowserPage, check_page: CheckPage) -> None:
    case = partly_granted().case
    asta, karl = browser_page(people.asta()), browser_page(people.karl())
    rie, dora = browser_page(people.rie()), browser_page(people.dora())
    theirs, ours = f"/ansoeg/{case.pk}/", f"/sag/{case.pk}/"
    asta.goto(theirs)
    asta.get_by_role("region", name="Beskeder").get_by_role("textbox").fill("I så ikke bilag 2.")
    press(asta, "Send besked")

    karl.goto(ours)
    karl.get_by_role("link", name="Registrér som klage").click()
    expect(karl.get_by_label("Hvem klager?")).to_have_value("Asta")
    expect(karl.get_by_role("textbox", name="Klagen", exact=True)).to_have_value(
        "I så ikke bilag 2."
    )
    check_page(karl, "c2-klage-registrer", also=SMALLEST)
    press(karl, "Registrér klagen")
    expect(karl.get_by_text("Klagen er registreret")).to_be_visible()
    asta.reload()
    complaint = asta.get_by_role("region", name="Jeres klage")
    expect(complaint).to_contain_text("Vi ser på den")

    rie.goto(f"{ours}assess_appeal/")
    press(rie, "Gem genvurderingen")
    expect(rie.get_by_role("alert")).to_contain_text("Skriv, hvad du har set på igen")
    rie.get_by_label("Din genvurdering").fill("Lejen var ikke regnet med.")
    press(rie, "Gem genvurderingen")
    expect(rie.get_by_role("region", name="Klage")).to_contain_text("Lederen besvarer klagen.")

    dora.goto(f"{ours}answer_appeal/")
    dora.get_by_label("Giv et højere beløb").check()
    amount = dora.get_by_role("textbox", name=re.compile("^Nyt beløb"))
    amount.fill("5.000")
    dora.get_by_label("Begrundelse").fill(WHY)
    press(dora, "Send svaret")
    expect(dora.get_by_role("alert")).to_contain_text("En klage kan ikke give mindre")
    amount.fill("7.000")
    check_page(dora, "c2-klage-svar", also=SMALLEST)
    press(dora, "Send svaret")
    expect(dora.get_by_text("Klagen er besvaret.")).to_be_visible()
    expect(dora.get_by_role("region", name="Klage")).to_contain_text("Nyt beløb: 7.000")
    expect(dora.get_by_role("region", name="Udbetalinger")).to_contain_text("5.000")
    check_page(dora, "c2-klage-besvaret", also=SMALLEST)

    assert_decided_anew(case)
    asta.reload()
    expect(complaint).to_contain_text("Vi ser på den")  # nothing is told before its letter
    told(case)
    asta.reload()
    press(asta, "Åbn afgørelsen")
    expect(asta.get_by_text("Heraf er 5.000 kr. allerede udbetalt.")).to_be_visible()
    press(asta, "Ja tak til tilskuddet")
    expect(complaint).to_contain_text("Den har ført til en ny afgørelse med et højere beløb.")
    expect(asta.get_by_text("2.000 kr. bliver udbetalt")).to_be_visible()
    assert payments(case) == [("CONFIRMED", D(5_000)), ("PLANNED", D(2_000))]


def assert_decided_anew(case: Application) -> None:
    """Both decisions stand, the money and the journal follow, and the letter tells 7.000 kr."""
    old, new = case.decisions.order_by("pk")
    assert (old.amount_kr, old.is_current) == (D(5_000), False)
    assert (new.amount_kr, new.is_current, new.replaces, new.reasons) == (D(7_000), True, old, WHY)
    found = Appeal.objects.get()
    people_of_it = (found.received_by, found.assessed_by, found.answered_by)
    assert people_of_it == (people.karl(), people.rie(), people.dora())
    assert (found.state, found.decision, found.new_decision) == (AppealState.CHANGED, old, new)
    assert ledger(case) == [("COMMIT", D(5_000)), ("PAY", D(5_000)), ("COMMIT", D(2_000))]
    events = list(case.journal.order_by("number").values_list("event", flat=True))
    wanted = ["appeal_received", "appeal_assessed", "appeal_changed", "redecide"]
    assert [event for event in events if event in wanted] == wanted
    letter = Letter.objects.filter(application=case).latest("pk")
    assert (letter.kind, letter.state) == ("PARTIAL_AWARD", LetterState.QUEUED)
    read = " ".join(text_of(letters.printed(letter)[0]).split())
    assert "7.000 kr." in read
    assert "I har fået 5.000 kr. af beløbet, så der er 2.000 kr. tilbage." in read
    assert "Vi udbetaler resten, når I har sagt ja." in read
    assert WHY in read


def test_paper_is_keyed_in_and_two_applicants_become_one(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    round = a_round(a_pool(code="FP"))
    keep = an_applicant(name="Havevennerne", town="Birkerød")
    page = browser_page(people.karl())
    page.goto("/sag/ny/")
    page.get_by_label("Pulje og runde").select_option(str(round.pk))
    page.get_by_label("Papir").check()
    day = timezone.localdate() - timedelta(days=3)
    page.get_by_label("Modtaget den").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Find ansøgeren").fill("Havevenner")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_label(re.compile("^Havevennerne, Forening"))).to_be_visible()
    page.get_by_label("En ny ansøger").check()
    page.get_by_label("Type").select_option(ApplicantKind.INFORMAL_GROUP)
    page.get_by_label("Navn", exact=True).fill("Havevenerne")
    page.get_by_label("Projektets titel").fill("Fælles havedag")
    page.get_by_label("Hvad vil de gøre?").fill("Vi laver haven om.")
    page.get_by_label("Søgt beløb").fill("8,000 kr")
    press(page, "Opret sagen")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Skriv beløbet i tal")
    expect(page.get_by_label("Navn", exact=True)).to_have_value("Havevenerne")
    check_page(page, "sag-ny-fejl", also=SMALLEST)
    page.get_by_label("Søgt beløb").fill("8.000")
    press(page, "Opret sagen")
    expect(page.get_by_text("Ansøgeren er måske her allerede.")).to_be_visible()
    press(page, "Opret alligevel", "Fælles havedag")
    case = Application.objects.get()
    assert (case.state, case.channel, case.requested_kr) == (S.SUBMITTED, "PAPER", D(8_000))
    assert timezone.localdate(case.submitted_at) == day

    drop = case.applicant
    page.goto(f"/sag/ansoegere/{keep.pk}/")
    check_page(page, "ansoeger", also=SMALLEST)
    page.get_by_role("link", name=re.compile("^Se dem side om side")).click()
    check_page(page, "laeg-sammen", also=SMALLEST)
    press(page, "Læg dem sammen")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(re.compile("Havevennerne")).check()
    page.get_by_label("Ja, det er den samme ansøger").check()
    press(page, "Læg dem sammen", "Havevennerne")
    expect(page.get_by_role("link", name="Fælles havedag")).to_be_visible()
    case.refresh_from_db()
    assert (case.applicant, Applicant.objects.get(pk=drop.pk).merged_into) == (keep, keep)


def test_pages_beside_the_cases(browser_page: BrowserPage, check_page: CheckPage) -> None:
    """The pools' own and the numbers are looked at in test_staff."""
    pool = case_in(S.PAID).pool
    page = browser_page(people.karl())
    setup = f"/sag/puljer/{pool.slug}/opsaet/"
    for path, name in (
        (f"{setup}regler/", "c3-regler"),
        (f"{setup}runder/", "c3-runder"),
        ("/sag/ansoegere/", "ansoegere"),
        ("/sag/fravaer/", "fravaer"),
        ("/sag/mine-poster/", "mine-poster"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_page(page, name, also=SMALLEST)
