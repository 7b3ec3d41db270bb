"""A file of a case: looked at in place, accepted or asked for again, or fetched."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.application.attachment import entitle, review
from pulje.enums import AttachmentReview
from pulje.errors import PuljeError
from pulje.exports.preview import PAGE_TYPE, page_of
from pulje.forms.case import CaseForm
from pulje.forms.casework.check import ReviewForm, TitleForm
from pulje.models import Application, Attachment
from pulje.permissions import may
from pulje.queries.application.attachments import public_title
from pulje.states import Verb
from workflow.views.access import may_do, told
from workflow.views.opened import free_case, open_case


@require_safe
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """The file as a download; a browser never shows it as a page of ours."""
    case, _standing = free_case(request, pk)
    return download(get_object_or_404(case.attachments, pk=attachment))


def download(file: Attachment) -> FileResponse:
    """The file as it was sent, to be kept."""
    return FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )


@require_safe
def attachment_view(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """The file's pages as pictures that we have drawn, with what was found about it."""
    case, _standing = open_case(request, pk)
    return _show(request, case, attachment)


@require_safe
def attachment_page(request: HttpRequest, pk: int, attachment: int, number: int) -> HttpResponse:
    """One page as pixels; the file itself never runs in the browser."""
    case, _standing = free_case(request, pk)
    return picture(get_object_or_404(case.attachments, pk=attachment), number)


def picture(file: Attachment, number: int) -> HttpResponse:
    """One page of the file, drawn by us; 404 when it cannot be."""
    drawn = page_of(file, number)
    if not drawn.picture:
        raise Http404
    headers = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(drawn.picture, content_type=PAGE_TYPE, headers=headers)


@require_POST
def review_attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """ "Godkend" or "Skal sendes igen"."""
    return _write(request, pk, attachment, ReviewForm, review, "review")


@require_POST
def entitle_attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """The title in a public register, or that it is kept out of it."""
    return _write(request, pk, attachment, TitleForm, entitle, "title_form")


def _write(
    request: HttpRequest, pk: int, number: int, form_class: type[CaseForm], do: Any, name: str
) -> HttpResponse:
    case, _standing = free_case(request, pk)
    found = get_object_or_404(case.attachments, pk=number)
    form = form_class(request.POST, case=case)
    if form.is_valid():
        try:
            do(found, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Gemt.")
            return redirect("staff:attachment_view", pk, number)
    return _show(request, case, number, **{name: form})


def _show(request: HttpRequest, case: Application, number: int, **typed: CaseForm) -> HttpResponse:
    """The page; ``typed`` is a form that came back."""
    files = list(case.attachments.select_related("reviewed_by").order_by("uploaded_at", "pk"))
    place = next((i for i, file in enumerate(files) if file.pk == number), None)
    if place is None:
        raise Http404
    file = files[place]
    page = asked_page(request)
    drawn = page_of(file, page)
    context = {
        "case": case,
        "file": file,
        "title": public_title(file),
        "place": place + 1,
        "count": len(files),
        "before": files[place - 1] if place else None,
        "after": files[place + 1] if place + 1 < len(files) else None,
        "page": min(page, drawn.pages),
        "pages": drawn.pages,
        "may_check": may_do(request.user, "check_case"),
        "may_ask_again": _may_ask_again(request, case, file),
        "review": ReviewForm(case=case, initial={"note": file.review_note}),
        "form": next(iter(typed.values()), None),
        **_titled(case, file),
    }
    return render(request, "workflow/casework/attachment.html", context | typed)


def _titled(case: Application, file: Attachment) -> dict[str, CaseForm]:
    said = {"public_title": file.public_title, "is_exempt": file.is_exempt}
    return {"title_form": TitleForm(case=case, initial=said)}


def _may_ask_again(request: HttpRequest, case: Application, file: Attachment) -> bool:
    is_wrong = file.review == AttachmentReview.ASKED_AGAIN
    return is_wrong and may(request.user, Verb.ASK_FOR_INFORMATION, case)


def asked_page(request: HttpRequest) -> int:
    asked = request.GET.get("side", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 5 else 1
