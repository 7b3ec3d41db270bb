"""A case worker makes a question, and sees it as the applicant will: asked when it is its turn."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.factories import a_pool

pytestmark = pytest.mark.django_db(transaction=True)


def add(page, label, *, kind, choices="", condition=""):
    page.get_by_role("link", name="Tilføj et spørgsmål", exact=True).click()
    page.get_by_label("Spørgsmål", exact=True).fill(label)
    page.get_by_label(kind, exact=True).check()
    if choices:
        page.locator("textarea[name=choices]").fill(choices)
    if condition:
        page.get_by_label("Hvornår skal det vises?").select_option(label=condition)
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Skemaet er gemt.")).to_be_visible()


def test_a_form_is_made_and_tried(browser_page, check_page):
    pool = a_pool()
    page = browser_page(people.karl())
    page.goto(f"/sag/puljer/{pool.slug}/skema/")
    add(page, "Hvor foregår det?", kind="Ét valg", choices="På gaden\nEt andet sted")
    after = "Når svaret på ”Hvor foregår det?” er ”Et andet sted”"
    add(page, "Hvilket sted?", kind="Kort tekst", condition=after)
    check_page(page, "skema")

    page.get_by_role("link", name="Se det som ansøger").click()

    expect(page.get_by_label("Hvilket sted?")).to_be_hidden()
    page.get_by_label("Et andet sted").check()
    expect(page.get_by_label("Hvilket sted?")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 900})
    check_page(page, "skema-som-ansoeger")


def test_without_a_script_a_question_says_when_it_is_asked(browser_page):
    pool = a_pool()
    page = browser_page(people.karl(), scripts=False)
    page.goto(f"/sag/puljer/{pool.slug}/skema/")
    add(page, "Er det ude?", kind="Ja eller nej")
    add(page, "Og regnen?", kind="Kort tekst", condition="Når svaret på ”Er det ude?” er ”Ja”")

    page.get_by_role("button", name="Flyt ”Og regnen?” op").click()

    expect(page.get_by_text("og skal stå efter det.")).to_be_visible()
    page.get_by_role("link", name="Se det som ansøger").click()
    expect(page.get_by_label("Og regnen?")).to_be_visible()
    expect(page.get_by_text("Kun hvis svaret på ”Er det ude?” er ”Ja”.")).to_be_visible()
