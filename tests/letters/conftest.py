"""What letters need around them: an approved appeal text, who approved it, and a meeting's own."""

from decimal import Decimal

import pytest
from django.utils import timezone

from letters.models import Letter
from pulje.enums import LegalBasis
from pulje.models import AppealGuidance
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in
from tests.letters.decided import made

TEXT = (
    "Hvis {du} er uenig, så skriv til {kontakt}.\n\n"
    "{Du} kan henvende {dig} til Ankestyrelsen. {andet}"
)


@pytest.fixture
def guidance(db: None) -> AppealGuidance:
    """The appeal text of kommunalfuldmagten, approved."""
    return AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text=TEXT,
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )


@pytest.fixture
def letters(guidance: AppealGuidance) -> list[Letter]:
    """What one meeting decided, made and waiting: two grants, one of them cut."""
    cases = [case_in(CaseState.RECOMMENDED, requested_kr=Decimal(40_000)) for _n in range(2)]
    meeting = a_meeting(cases)
    return made(meeting, cut=cases[1])


@pytest.fixture(autouse=True)
def texts_in_use(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("texts")
