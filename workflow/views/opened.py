"""A case that is opened by somebody of the house is noted as read."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from pulje.actions.meeting.reading import note_reading
from pulje.models import Application
from pulje.queries.casework.case import Standing
from workflow.views.access import case_or_404

DISQUALIFIED = (
    "Du er inhabil i sagen, eller det er ikke afgjort endnu. Du kan hverken læse eller behandle"
    " den."
)


def open_case(request: HttpRequest, pk: int) -> tuple[Application, Standing]:
    """A case for reading: 403 to the disqualified, and a note of who had it open that day."""
    case, standing = free_case(request, pk)
    note_reading(case, by=request.user, at=timezone.now())
    return case, standing


def free_case(request: HttpRequest, pk: int) -> tuple[Application, Standing]:
    """A case for doing something to: 403 to the disqualified."""
    case, standing = case_or_404(request, pk)
    if standing.is_disqualified:
        raise PermissionDenied(DISQUALIFIED)
    return case, standing
