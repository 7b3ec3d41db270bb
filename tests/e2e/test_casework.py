"""Case workers at work in a browser: a full inbox, a hearing, somebody who is not impartial."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from letters.models import Letter, LetterState
from pulje.actions.casework.handover import assign
from pulje.actions.casework.tie import disqualify, tell_tie
from pulje.actions.document import add_attachment
from pulje.enums import AttachmentKind
from pulje.models import Application, Pool
from pulje.states import TODO, CaseState
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.e2e.living import heading, press
from tests.factories import a_pool, an_applicant, case_in
from tests.workflow.opening import told
from workflow.hands import carry_out
from workflow.tasks import run_jobs

S = CaseState
pytestmark = pytest.mark.django_db(transaction=True)
TITLES = ("Havedag for alle", "Lektiecafé to aftener", "Krolf for seniorer", "Sang på havnen")


def of_karl(case: Application) -> Application:
    carry_out(assign, case, by=people.karl(), to=people.karl())
    return case


def thirty_of_karl(pool: Pool) -> list[Application]:
    """Most of them to screen, three with a reviewer, three to recommend; every fifth is late."""
    ours, today = an_applicant(name="Naboerne i Holte"), timezone.localdate()
    states = [S.SUBMITTED] * 24 + [S.IN_REVIEW] * 3 + [S.REVIEWED] * 3
    cases = []
    for number, state in enumerate(states):
        title = f"{TITLES[number % len(TITLES)]} {number + 1}"
        case = case_in(state, pool=pool, applicant=ours, title=title)
        days = number - 40 if number % 5 == 0 else 40 - number
        case.due_on, case.caseworker = today + timedelta(days=days), people.karl()
        cases.append(case)
    Application.objects.bulk_update(cases, ["due_on", "caseworker"])
    return cases


def rows(page: Page) -> list[int]:
    """The keys of the cases on the page, from above."""
    page.wait_for_load_state()
    return [
        int(key) for key in page.locator("[data-pick]").evaluate_all("all => all.map(b => b.value)")
    ]


def test_a_day_with_thirty_tasks(browser_page: BrowserPage, check_page: CheckPage) -> None:
    pool, karl, rie = a_pool(), people.karl(), people.rie()
    cases = thirty_of_karl(pool)
    for state in (S.SUBMITTED, S.SUBMITTED, S.RETURNED):
        case_in(state, pool=pool, title="Byttedag")
    Application.objects.filter(state=S.SUBMITTED, title="Byttedag").update(caseworker=None)
    page = browser_page(karl)

    page.goto("/sag/")
    tabs = page.get_by_role("navigation", name="Opgaver").get_by_role("link")
    expect(tabs).to_have_text(
        [
            "Mine (30)",
            "Mine vurderinger (0)",
            "Hele teamet (32)",
            "Uden sagsbehandler (2)",
            "Venter på andre (1)",
        ]
    )
    expect(page).to_have_title(re.compile(r"Min indbakke \(30\)"))
    mine = Application.objects.filter(caseworker=karl, state__in=TODO)
    latest_first = list(mine.order_by("due_on", "pk").values_list("pk", flat=True))
    assert rows(page) == latest_first[:25]
    expect(page.locator("tbody .pj-deadline--late")).to_have_count(6)
    check_page(page, "c1-tredive", also=SMALLEST)

    page.get_by_label("Søg", exact=True).fill("lektiekafe")
    page.get_by_label("Status").select_option(label="Modtaget")
    press(page, "Vis")
    expect(page.get_by_text("Ingen ord passede; her er noget, der ligner.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"vis=mine&q=lektiekafe.*status=SUBMITTED"))
    found = [
        case for case in cases if case.title.startswith("Lektie") and case.state == "SUBMITTED"
    ]
    assert sorted(rows(page)) == sorted(case.pk for case in found)
    page.get_by_text("Gem visningen").click()
    page.get_by_label("Navn på visningen").fill("Lektiecaféer")
    press(page, "Gem")
    expect(page.get_by_role("link", name="Lektiecaféer")).to_have_attribute("aria-current", "true")

    tied, *free = found[:3]
    disqualify(tied, by=rie, at=timezone.now(), person=rie, reason="Min søster er formand.")
    for case in found[:3]:
        page.get_by_label(f"Vælg {case.number}").check()
    expect(page.locator("[data-picked]")).to_have_text("3")
    press(page, "Giv videre", "Giv videre")
    page.go_back()
    expect(page.locator("[data-picked]")).to_have_text("3")
    press(page, "Giv videre", "Giv videre")
    page.get_by_label("Giv sagerne til").select_option(label="Rie")
    press(page, "Se, hvad der kan gøres")
    expect(page.get_by_role("heading", name="2 sager kan behandles")).to_be_visible()
    refused = page.get_by_role("region", name="1 sag kan ikke behandles")
    expect(refused).to_contain_text("Rie er inhabil i sagen.")
    expect(refused.get_by_role("link", name=tied.number)).to_be_visible()
    check_page(page, "c1-gennemsyn", also=SMALLEST)
    press(page, "Giv 2 sager videre", "Giv videre")
    expect(page.get_by_text("0 af 2 sager er behandlet.")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("heading", name="Arbejdet er færdigt")).to_be_visible()
    expect(page.get_by_text("2 af 2 sager er behandlet.")).to_be_visible()
    check_page(page, "c1-arbejde", also=SMALLEST)
    assert {Application.objects.get(pk=case.pk).caseworker for case in free} == {rie}

    page.get_by_role("link", name="Min indbakke").last.click()
    expect(tabs.first).to_have_text("Mine (28)")
    by_keys_through_the_list(page)
    page.goto("/sag/")
    page.get_by_label("Status").select_option(label="Rapport modtaget")
    press(page, "Vis")
    expect(page.get_by_role("heading", name="Ingen opgaver passer.")).to_be_visible()
    page.get_by_role("link", name="Nulstil filtre").click()
    expect(page.locator("[data-pick]")).to_have_count(25)


def by_keys_through_the_list(page: Page) -> None:
    """j is the next row, x ticks it, Enter opens it; from there on to the next and back."""
    second = page.locator("tbody tr").nth(1)
    page.get_by_role("region", name="Opgaver").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(second.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")

    steps = page.get_by_role("navigation", name="Listen du kom fra")
    expect(steps).to_contain_text("Opgave 2 af 28")
    steps.get_by_role("link", name="Næste").click()
    expect(steps).to_contain_text("Opgave 3 af 28")
    steps.get_by_role("link", name="Forrige").click()
    expect(steps).to_contain_text("Opgave 2 af 28")


def test_a_hearing_holds_the_decision_until_it_is_answered(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    case = of_karl(case_in(S.REVIEWED))
    karl, path = browser_page(people.karl()), f"/sag/{case.pk}/"
    karl.goto(path)
    karl.get_by_text("Andet", exact=True).click()
    karl.get_by_role("link", name="Send i partshøring").click()
    karl.get_by_label("Oplysningen", exact=True).fill("Lokalet er lukket til marts.")
    karl.get_by_label("Hvor kommer den fra?").fill("Ejendomscentret")
    press(karl, "Send til ansøger", "Send i partshøring")
    expect(karl.get_by_role("alert")).to_contain_text("Oplysningen skal ikke i partshøring")
    for tick in ("Den taler imod", "Den er væsentlig", "Ansøgeren kender den ikke"):
        karl.get_by_label(tick).check()
    press(karl, "Send til ansøger")
    expect(karl.get_by_text("Sagen er sendt i partshøring.")).to_be_visible()

    assert Letter.objects.get(application=case, kind="HEARING").state == LetterState.QUEUED
    expect(karl.get_by_role("button", name="Indstil sagen")).to_have_count(0)
    expect(karl.get_by_text("Sagen kan ikke afgøres, før ansøger har svaret")).to_be_visible()
    for who, verb in ((people.karl(), "recommend"), (people.dora(), "decide")):
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(f"{path}{verb}/", {"amount_kr": "8.000"}).status_code == 409
    case = told(Application.objects.get(pk=case.pk))
    assert (case.state, case.recommendations.count()) == (S.IN_HEARING, 0)

    asta = browser_page(people.asta(), width=390)
    asta.goto(f"/ansoeg/{case.pk}/")
    expect(asta.get_by_text("Lokalet er lukket til marts.")).to_be_visible()
    asta.get_by_label("Bemærkninger").fill("Vi har lånt skolens køkken.")
    press(asta, "Send bemærkninger")
    expect(asta.get_by_text("Vi har lånt skolens køkken.").first).to_be_visible()

    karl.goto(path)
    hearing = karl.get_by_role("region", name="Partshøring")
    expect(hearing).to_contain_text("Lokalet er lukket til marts.")
    expect(hearing).to_contain_text("Vi har lånt skolens køkken.")
    expect(hearing).to_contain_text("Besvaret")
    press(karl, "Indstil sagen")
    expect(karl.get_by_text("Sagen er indstillet.")).to_be_visible()
    for tab in ("dokumenter", "journal", "sammenlign"):
        karl.goto(f"{path}{tab}/")
        check_page(karl, f"c2-{tab}", also=SMALLEST)


def test_somebody_with_a_tie_hands_the_case_over_unseen(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    karl, rie = people.karl(), people.rie()
    case = of_karl(case_in(S.SUBMITTED, applicant=an_applicant(name="Holte Kor")))
    paper = add_attachment(
        case,
        by=people.asta(),
        at=timezone.now(),
        name="vedtægter.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.7 vedtaegter",
        kind=AttachmentKind.BYLAWS,
    )
    tell_tie(karl, by=karl, name="Holte Kor", relation="kasserer")
    page = browser_page(karl)

    page.goto("/sag/")
    page.get_by_role("link", name="Gennemgå ansøgningen").click()
    heading(page, "Er du inhabil i sagen?")
    expect(page.locator("main li")).to_contain_text("kasserer")
    expect(page.get_by_text(case.title)).to_have_count(0)
    check_page(page, "c2-habilitet", also=SMALLEST)
    page.get_by_label("Hvorfor er du inhabil?").fill("Jeg er kasserer i koret.")
    page.get_by_label("Hvem tager over?").select_option(label="Rie")
    press(page, "Meld inhabil", "Min indbakke")
    expect(page.get_by_text("Sagen er låst for dig.")).to_be_visible()
    expect(page.get_by_role("heading", name="Indbakken er tom.")).to_be_visible()
    for part in ("", "dokumenter/", "journal/", "sammenlign/", f"bilag/{paper.pk}/vis/"):
        answer = page.goto(f"/sag/{case.pk}/{part}")
        assert answer.status == 403, part
        expect(page.locator("main")).to_contain_text("inhabil")
        expect(page.get_by_text(case.title)).to_have_count(0)

    other = browser_page(rie)
    other.goto("/sag/")
    other.get_by_role("link", name="Gennemgå ansøgningen").click()
    heading(other, case.title)
    other.get_by_role("link", name=re.compile("^Journal")).click()
    journal = other.get_by_role("region", name="Journal")
    expect(journal).to_contain_text("Meldte inhabilitet: Jeg er kasserer i koret. · Karl")
    expect(journal).to_contain_text("Gav sagen en sagsbehandler")
