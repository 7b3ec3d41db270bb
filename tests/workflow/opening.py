"""The letters of a case have left, and the applicant has opened the decision."""

from django.utils import timezone

from letters.models import Letter, LetterState
from pulje.actions.grant.award import open_decision
from pulje.models import Application


def told(case: Application) -> Application:
    """As the worker leaves the letters when the mail server has taken them."""
    rows = Letter.objects.unsent().filter(application=case)
    rows.update(state=LetterState.SENT, sent_at=timezone.now(), sha256="0" * 64, failure="")
    return case


def opened(case: Application) -> Application:
    """Told, and opened by the one who may bind the applicant."""
    signer = told(case).applicant.memberships.signing().order_by("pk")[0].user
    open_decision(case, by=signer, at=timezone.now())
    return case
