"""A case to the ESDH, or as a zip in one's own hand."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.access import signed_in
from letters.archive import actions
from letters.models import CaseExport
from pulje.errors import NotAllowed, PuljeError
from pulje.models import Application

FAILURES = "fejl"  # asked for on the page of what could not be sent


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the case over as it stands now."""
    case = get_object_or_404(Application, pk=pk)
    try:
        actions.ask(case, by=signed_in(request), at=timezone.now())
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Sagen afleveres. Det er som regel sket om et minut.")
    return redirect("staff:documents", pk)


@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take up an export that failed."""
    export = get_object_or_404(CaseExport, uuid=uuid)
    try:
        actions.retry(export, by=signed_in(request))
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Vi prøver igen. Det er som regel sket om et minut.")
    if request.POST.get("from") == FAILURES:
        return redirect("letters:failed")
    return redirect("staff:documents", export.application_id)


@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole case as a zip, for a request for access to it; noted in the journal."""
    case = get_object_or_404(Application, pk=pk)
    try:
        content, name = actions.take_out(
            case, by=signed_in(request), at=timezone.now(), uuid=uuid4()
        )
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:documents", pk)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        content, as_attachment=True, filename=name, content_type="application/zip", headers=headers
    )
