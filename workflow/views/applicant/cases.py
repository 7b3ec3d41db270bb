"""The applicant's list of cases, the receipt, and the files of a case."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters.models import Letter
from pulje.actions.document import add_attachment
from pulje.forms.attachment import Upload
from pulje.models import Application, User
from pulje.queries.applicant.applicant import my_cases
from pulje.states import CaseState
from pulje.templatetags.words import dato, has_passed
from workflow.mine import mine_of
from workflow.told import with_telling
from workflow.views.person import PersonRequest

LONGEST_SEARCH = 100


def own_case_or_404(request: PersonRequest, pk: int) -> Application:
    """Fetch and authorise: a case is there for those who belong to its applicant, else 404."""
    case = with_telling(my_cases(request.user)).filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """Every case of the person, and what waits for them."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = mine_of(request.user, words=words, page=request.GET.get("side"))
    context = {"mine": found, "page": found.page}
    return render(request, "workflow/applicant/mine.html", context)


@require_safe
def receipt(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if case.state == CaseState.DRAFT or case.submitted_at is None:
        return redirect("applicant:edit", case.pk)
    answer_on, closes_at = case.round.answer_on, case.round.closes_at
    notes = {
        1: dato(case.submitted_at),
        2: _("Vi læser alle ansøgninger efter %s") % dato(closes_at)
        if closes_at and closes_at > timezone.now()
        else _("Vi læser ansøgningen"),
        3: answer_note(answer_on) if answer_on else "",
        4: _("Efter et ja tak til tilskuddet"),
        5: _("Et kort skema bagefter"),
    }
    return render(request, "workflow/applicant/receipt.html", {"case": case, "notes": notes})


def answer_note(answer_on: date) -> str:
    """When the answer comes; a day that has passed is no promise."""
    return _("Vi er forsinket") if has_passed(answer_on) else _("Senest %s") % dato(answer_on)


@require_safe
def attachment(request: PersonRequest, pk: int, attachment: int) -> FileResponse:
    """The file as a download; a browser never shows it as a page of ours."""
    case = own_case_or_404(request, pk)
    found = get_object_or_404(case.attachments, pk=attachment)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )


def sent_letters(case: Application) -> QuerySet[Letter]:
    """What the applicant has got from us, newest first."""
    return Letter.objects.on_the_case().filter(application=case).order_by("-sent_at", "-pk")


def store(
    case: Application,
    uploads: Iterable[Upload],
    *,
    by: User,
    at: datetime,
    since: datetime | None = None,
) -> list[Upload]:
    """File the uploads, but none that its place has already: a form may be sent twice.

    ``since``: only what came after it counts as there. Gives those with a new name but the bytes
    of a file that is there, for ``tell_of_same``.
    """
    there = case.attachments.filter(uploaded_at__gt=since) if since else case.attachments
    places = there.order_by("-pk").values_list("sha256", "kind", "question", "name")
    known = {(sha256, kind, question): name for sha256, kind, question, name in places}
    same: list[Upload] = []
    for upload in uploads:
        place = (upload.sha256, upload.kind, upload.question)
        if place not in known:
            known[place] = upload.name
            add_attachment(case, by=by, at=at, **upload.facts)
        elif known[place] != upload.name:
            same.append(replace(upload, is_there_as=known[place]))
    return same


def tell_of_same(request: PersonRequest, same: Iterable[Upload]) -> None:
    """Say why a file is not in the list. An autosave is silent: the next page would tell it."""
    if request.headers.get("HX-Request"):
        return
    for upload in same:
        names = {"name": upload.name, "other": upload.is_there_as}
        messages.info(request, _("”%(name)s” ligger her allerede som ”%(other)s”.") % names)
