"""What letters need around them: an approved appeal text, and somebody who approved it."""

import pytest
from django.utils import timezone

from pulje.enums import LegalBasis
from pulje.models import AppealGuidance
from tests import people

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


@pytest.fixture(autouse=True)
def texts_in_use(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("texts")
