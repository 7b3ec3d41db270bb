"""Steps 3 and 4 where a script helps: rows and sums that follow, files that are sent as chosen."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pulje.forms.attachment import LARGEST_BYTES
from pulje.models import LineRule
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.factories import a_draft, a_pool, a_round
from tests.pulje.forms.test_file_content import a_pdf

pytestmark = pytest.mark.django_db(transaction=True)


def a_file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_rows_sums_and_verdict_follow_what_is_typed(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    pool = a_pool(ceiling_kr=Decimal(10_000))
    LineRule.objects.create(version=pool.versions.get(), category="FOOD", max_percent=50)
    draft = a_draft(round=a_round(pool))
    page = browser_page(people.asta(), width=SMALLEST)
    page.goto(reverse("applicant:draft_budget", args=[draft.pk]))

    page.get_by_role("button", name="Tilføj en udgift").click()
    expect(page.get_by_label("Udgift 4: hvad")).to_be_focused()
    page.get_by_role("button", name="Slet Udgift 4").click()
    row = page.get_by_label("Udgift 3: hvad")
    expect(row).to_be_focused()
    row.fill("Lejrbål")
    page.get_by_label("Udgift 3: udgiftstype").select_option("FOOD")
    page.get_by_label("Udgift 3: beløb").fill("12.000,50 kr.")

    expect(page.locator("[data-total=soegt]")).to_have_text("20.000,50\xa0kr.")
    expect(page.locator("#sum [role=status]")).to_contain_text("3 ting passer ikke")
    check_page(page, "b2-budget-regler")


def test_files_are_sent_as_chosen_and_each_refused_is_named(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    draft = a_draft(round=a_round(a_pool(needs_bylaws=True)))
    page = browser_page(people.asta(), width=SMALLEST)
    page.goto(reverse("applicant:draft_attachments", args=[draft.pk]))
    place = page.get_by_role("region", name="Vedtægter")

    place.locator("input[type=file]").set_input_files(
        [
            a_file("vedtægter.pdf", a_pdf()),
            a_file("film.pdf", b"%PDF-" + b"0" * LARGEST_BYTES),
            a_file("faktura.exe.pdf", a_pdf()),
        ]
    )

    expect(place.get_by_role("link", name=re.compile("^vedtægter.pdf"))).to_be_visible()
    expect(place).to_contain_text("”film.pdf” fylder mere end 10 MB.")
    expect(place).to_contain_text("”faktura.exe.pdf” har to endelser.")
    check_page(page, "b2-bilag-afvist")
    place.get_by_role("link", name="Fjern eller erstat").click()
    check_page(page, "b2-bilag-fjern")
    page.get_by_role("button", name="Fjern bilaget").click()
    expect(page.get_by_role("region", name="Vedtægter")).to_contain_text("Puljen beder om det")
