"""A member reads on a tablet that loses its connection: nothing that was written is lost."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from pulje.models import MemberNote
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST
from tests.factories import a_meeting, a_pool, case_in

pytestmark = pytest.mark.django_db(transaction=True)


# what stays in the browser when the page is closed without a connection
LEFT = """who => localStorage.setItem(`note:${who}:1`, JSON.stringify({
    path: location.pathname.replace("sag/2", "sag/1") + "note/",
    mark: "AGREE", text: "Fra en side, der blev lukket", base: ""}))"""
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('note:')).length"


def note_of(person):
    return MemberNote.objects.filter(user=person).values_list("text", "mark").first()


def test_a_note_written_without_a_connection_is_sent_when_it_is_back(
    browser_page, check_page, monkeypatch
):
    monkeypatch.delenv("SLOW_MS", raising=False)  # late and without a connection share a switch
    pool, mads = a_pool(), people.mads()
    told = {"pool": pool, "requested_kr": Decimal(40_000), "description": "Gåture om onsdagen."}
    meeting = a_meeting([case_in(CaseState.RECOMMENDED, **told) for _number in range(2)])
    page = browser_page(mads, width=1024, height=768)
    page.goto(f"/udvalg/moede/{meeting.pk}/sag/1/")
    note, banner = page.get_by_role("textbox", name="Note"), page.locator("[data-note-offline]")

    note.press_sequentially("Spørg om forsikring")
    expect(page.locator("#gemt")).to_contain_text("Gemt")
    assert note_of(mads) == ("Spørg om forsikring", "")
    page.wait_for_function(f"{KEPT} === 0")

    page.context.set_offline(True)
    note.press_sequentially(" og hjertestarter")
    page.get_by_text("Vil jeg tale om").click()
    expect(banner).to_be_visible()
    assert note_of(mads) == ("Spørg om forsikring", "")
    # meanwhile, at home
    MemberNote.objects.update(text="Skrevet hjemme", saved_at="2027-01-01T12:00:00Z")
    page.context.set_offline(False)
    expect(banner).to_be_hidden()
    both = "Skrevet hjemme\n\n– – –\n\nSpørg om forsikring og hjertestarter"
    expect(note).to_have_value(both)
    assert note_of(mads) == (both, "TALK")
    page.wait_for_function(f"{KEPT} === 0")

    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1 + p, .subheading").first).to_contain_text("Sag 2 af 2")
    page.get_by_role("textbox", name="Note").press("ArrowLeft")
    page.evaluate(LEFT, mads.pk)
    check_page(page, "d2-sag", also=SMALLEST)
    page.goto(f"/udvalg/moede/{meeting.pk}/")
    expect(page.get_by_text("Du har læst 2 af 2 sager.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_function(f"{KEPT} === 0")
    assert note_of(mads)[0].endswith("Fra en side, der blev lukket")
    page.get_by_role("button", name="Log af").click()
    page.wait_for_function("localStorage.length === 0")
