"""Small pictures of the files on a case, for those who may have the file itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from pulje.exports.preview import preview_of
from pulje.models import Attachment
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.opened import free_case
from workflow.views.person import PersonRequest

ICONS = {"application/pdf": "file-pdf", "image/jpeg": "file-image", "image/png": "file-image"}


@require_safe
def own(request: PersonRequest, pk: int, attachment: int) -> HttpResponse:
    """For the applicant's people."""
    return _picture(get_object_or_404(own_case_or_404(request, pk).attachments, pk=attachment))


@require_safe
def of_case(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """For the house."""
    application, _standing = free_case(request, pk)
    return _picture(get_object_or_404(application.attachments, pk=attachment))


def _picture(attachment: Attachment) -> HttpResponse | HttpResponseRedirect:
    """Pixels that we have drawn ourselves, never the file; an icon when there are none."""
    drawn = preview_of(attachment)
    if drawn:
        return HttpResponse(drawn, content_type="image/png")
    icon = ICONS.get(attachment.content_type, "file")
    return redirect(static(f"dkfds/icons/{icon}.svg"))
