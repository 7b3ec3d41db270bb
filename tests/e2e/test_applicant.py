"""The pages of a case in each of its states; what happens on them is in test_lives.py."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pulje.actions.document import write_message
from pulje.actions.link import make_token
from pulje.models import Application, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.factories import a_pool, a_round, an_applicant, case_in
from tests.workflow.opening import opened, told

S = CaseState

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


def test_pages_of_a_case_are_accessible(
    browser_page: BrowserPage, check_page: CheckPage, pool: Pool
) -> None:
    cases = cases_of_every_kind(pool)
    draft = case_in(S.DRAFT, pool=pool, title="Brætspilscafé")
    page = browser_page(people.asta())

    for name, case in cases.items():
        page.goto(f"/ansoeg/{case.pk}/")
        check_page(page, name, also=SMALLEST)
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
        check_page(page, name, also=SMALLEST)
    page.get_by_role("button", name="Send rapporten").click()
    check_page(page, "b8-rapport-fejl", also=SMALLEST)
    stranger = browser_page(people.ulla())
    stranger.goto("/ansoeg/")
    check_page(stranger, "b5-mine-ansoegninger-tom", also=SMALLEST)
