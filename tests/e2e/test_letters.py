"""The letters' page in a browser: one failed, one read by a colleague, and what is sent."""

import pytest
from django.utils import timezone

from letters.models import Letter, LetterState
from letters.tasks import deliver_due
from pulje.enums import LegalBasis
from pulje.models import AppealGuidance
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import DESKTOP, PHONE, BrowserPage, CheckPage
from tests.factories import case_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("texts")]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_colleague_reads_a_refusal_and_sends_it(
    browser_page: BrowserPage, check_page: CheckPage, width: int
) -> None:
    case_in(CaseState.REJECTED)  # fails: no appeal text is approved yet
    AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text="Skriv til {kontakt}.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )
    case = case_in(CaseState.REJECTED)
    deliver_due()
    page = browser_page(people.rie(), width=width)

    page.goto("/brev/")
    check_page(page, "c5-breve")
    page.get_by_label("Vælg brev til").last.check(force=True)
    page.get_by_role("button", name="Send 1 brev").click()
    check_page(page, "c5-tjek")
    page.get_by_role("button", name="Send 1 brev").click()
    page.get_by_text("0 af 1 brev er sendt.").wait_for()

    deliver_due()
    page.get_by_text("1 af 1 brev er sendt.").wait_for()
    check_page(page, "c5-forsendelse")
    letter = Letter.objects.get(application=case, kind="REJECTION")
    assert letter.state == LetterState.AVAILABLE
