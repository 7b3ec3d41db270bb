"""Once a year: are you still the board?"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pulje.actions.applicant.membership import check_manages
from pulje.models import Applicant, User


@transaction.atomic
def confirm_board(applicant: Applicant, *, by: User, at: datetime) -> Applicant:
    """The members are the right ones today. Raises NotAllowed to all but who manages them."""
    check_manages(by, applicant)
    applicant.board_confirmed_on, applicant.board_confirmed_by = timezone.localdate(at), by
    applicant.save(update_fields=["board_confirmed_on", "board_confirmed_by"])
    return applicant
