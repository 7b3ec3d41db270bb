"""A file of a case on the agenda, for the members of the meeting."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pulje.errors import NotAllowed
from pulje.exports.preview import page_of
from pulje.models import AgendaItem, Attachment
from pulje.permissions import check_not_disqualified
from workflow.views.access import base_for
from workflow.views.casework.attachment import asked_page, download, picture
from workflow.views.meeting.item import item_or_404


@require_safe
def attachment(request: HttpRequest, pk: int, position: int, attachment: int) -> HttpResponseBase:
    """The file as a download."""
    return download(_open(request, pk, position, attachment)[1])


@require_safe
def attachment_page(
    request: HttpRequest, pk: int, position: int, attachment: int, number: int
) -> HttpResponse:
    """One page as pixels; the file itself never runs in the browser."""
    return picture(_open(request, pk, position, attachment)[1], number)


@require_safe
def attachment_view(request: HttpRequest, pk: int, position: int, attachment: int) -> HttpResponse:
    """The file's pages as pictures that we have drawn."""
    item, file = _open(request, pk, position, attachment)
    page = asked_page(request)
    drawn = page_of(file, page)
    context = {
        "item": item,
        "file": file,
        "page": min(page, drawn.pages),
        "pages": drawn.pages,
    }
    return render(request, "workflow/meeting/attachment.html", context | base_for(request.user))


def _open(
    request: HttpRequest, pk: int, position: int, attachment: int
) -> tuple[AgendaItem, Attachment]:
    """Closed to the disqualified, and to who has yet to say what a tie means."""
    item = item_or_404(request, pk, position)
    try:
        check_not_disqualified(request.user, item.application)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return item, get_object_or_404(item.application.attachments, pk=attachment)
