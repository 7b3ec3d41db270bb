"""The applicant reads a letter for the first time: kept, then the PDF."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.models import Letter
from letters.opened import open_letter
from pulje.errors import NotAllowed, WrongState
from pulje.models import User


@require_POST
def read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A GET writes nothing, so the first reading is a button; later ones are a link. `?hent` as
    ``papers.pdf`` has it."""
    user = request.user
    assert isinstance(user, User)
    letter = get_object_or_404(Letter.objects.select_related("application"), uuid=uuid)
    try:
        open_letter(letter, by=user, at=timezone.now())
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except WrongState as refusal:
        raise Http404 from refusal
    how = "?hent" if "hent" in request.GET else ""
    return redirect(reverse("letters:pdf", args=[uuid]) + how)
