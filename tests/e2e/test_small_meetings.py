"""Small meetings in a browser: without JavaScript, by keyboard, from another system's file."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from pulje.models import Meeting
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import BrowserPage, CheckPage
from tests.e2e.living import heading
from tests.e2e.sitting import Seated, public_pool, recommended
from tests.factories import a_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def a_small_meeting() -> Meeting:
    return a_meeting(recommended(public_pool("KP", "Kulturpuljen", 60_000), range(1, 4)))


def test_without_javascript_a_small_meeting_is_recorded_and_closed(
    browser_page: BrowserPage,
) -> None:
    meeting = a_small_meeting()
    sanne = Seated(browser_page, people.sanne(), meeting, scripts=False)

    sanne.rule(1, "Giv et andet beløb", kr="15.000", reasons="Flere kan være med.")
    sanne.told("Sag 1 er ført til protokol.")
    page = sanne.go()
    page.get_by_role("link", name="Følg indstillingen for resten").click()
    page.get_by_role("button", name=re.compile("^Ja, følg indstillingen i")).click()
    sanne.told("2 sager er ført til protokol som indstillet.")
    page.get_by_role("link", name="Afslut mødet").click()
    sanne.press("Afslut mødet", re.compile("^Efter mødet"))
    sanne.told("Mødet er afsluttet. 3 sager er behandlet.")

    cases = meeting.items.order_by("position").values_list(
        "application__state", "application__granted_kr"
    )
    granted = [Decimal(kr) for kr in (15_000, 12_000, 12_000)]
    assert list(cases) == [(CaseState.APPROVED, kr) for kr in granted]


def test_a_chair_records_another_amount_with_the_keyboard_alone(browser_page: BrowserPage) -> None:
    meeting = a_small_meeting()
    karen = Seated(browser_page, people.karen(), meeting)
    page = karen.page
    page.goto("/udvalg/")

    reach(page, f"a[href$='/moede/{meeting.pk}/']", "Enter")
    heading(page, re.compile("^Møde i Kulturudvalget"))
    reach(page, "#tag", "Enter")
    expect(page.get_by_text("Sag 1 af 3")).to_be_visible()
    reach(page, "#beslutning input[type=radio]", "ArrowDown")
    expect(page.get_by_label("Giv et andet beløb")).to_be_checked()
    reach(page, "#beslutning [name=amount_kr]")
    page.keyboard.type("9.000")
    reach(page, "#beslutning [name=reasons]")
    page.keyboard.type("Kun det første halvår.")
    reach(page, "button[form=beslutning]", "Enter")
    karen.told("Sag 1 er ført til protokol.")
    expect(page.get_by_text("Sag 2 af 3")).to_be_visible()
    karen.go()
    karen.sees(1, "9.000", "Ændret: −3.000")


def reach(page: Page, target: str, *keys: str) -> None:
    """Tab until the target has focus, then press the keys."""
    page.wait_for_load_state()
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            break
    else:
        pytest.fail(f"the keyboard does not reach {target} on {page.url}")
    for key in keys:
        page.keyboard.press(key)


def test_a_file_of_decisions_with_two_bad_lines(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    meeting = a_small_meeting()
    one, two, three = meeting.items.order_by("position").values_list(
        "application__number", flat=True
    )
    sanne = Seated(browser_page, people.sanne(), meeting)
    page = sanne.go()
    page.get_by_role("link", name="Hent beslutninger fra en fil").click()
    check_page(page, "d8-fil")

    good = f"{one};Som indstillet;;"
    send(page, good, f"{two};Bevilget;70.000;", "XX-2027-9;Afslag;;Ukendt")
    expect(page.get_by_text("2 linjer kan ikke føres til protokol.")).to_be_visible()
    refused = page.get_by_role("region", name="Linjer, der skal rettes").locator("tbody tr")
    expect(refused).to_have_count(2)
    expect(refused.first).to_contain_text(two)
    expect(page.get_by_role("button", name="Før til protokol")).to_have_count(0)
    check_page(page, "d8-fejl")
    page.get_by_role("link", name="Vælg en anden fil").click()
    send(
        page,
        good,
        f"{two};Delvist bevilget;7.000;Mindre hold end søgt",
        f"{three};Udsat;;Afventer en plan",
    )
    check_page(page, "d8-klar")
    sanne.press("Før til protokol")
    sanne.told("3 beslutninger er ført til protokol.")
    sanne.sees(2, "7.000", "Ændret: −5.000")
    sanne.sees(3, "Udsat")


def send(page: Page, *rows: str) -> None:
    text = "\n".join(["sagsnr;udfald;beløb;begrundelse", *rows])
    page.get_by_label("Fil med beslutningerne").set_input_files(
        {"name": "ku.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Se filen igennem").click()
