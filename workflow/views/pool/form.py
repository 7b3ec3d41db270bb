"""A pool's form, edited by the house: questions, "Kan I søge?", demands, versions, preview."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.pool import form as actions
from pulje.actions.pool import version as versions
from pulje.enums import ApplicantKind
from pulje.errors import PuljeError
from pulje.forms.application.idea import IdeaForm, partners_formset
from pulje.forms.pool.form import DemandsForm, GateForm, QuestionForm, VersionForm
from pulje.models import Applicant, Application, Gate, Pool, PoolVersion, Question
from pulje.queries.application.questions import questions_of
from pulje.queries.pool import form as read
from workflow.views.access import allow, told

VERB = "edit_form"


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest version of a pool's form, all its parts, and what can be done to it."""
    version = _version_or_404(request, slug)
    return _show(request, version, VersionForm(initial={"valid_from": timezone.localdate()}))


def _show(request: HttpRequest, version: PoolVersion, form: VersionForm) -> HttpResponse:
    shown = read.pool_form(version, timezone.localdate())
    if shown.is_coming and not form.is_bound:
        form.initial["valid_from"] = version.valid_from
    context = {"shown": shown, "form": form, "pool": version.pool, "version": version}
    status = 422 if form.is_bound else 200
    return render(request, "workflow/pool/form.html", context, status=status)


@require_POST
def set_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The next version, or another first day of the one that is coming."""
    version = _version_or_404(request, slug)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _show(request, version, form)
    do = versions.set_valid_from if "flyt" in request.POST else versions.new_version
    asked = get_object_or_404(PoolVersion, pool=version.pool_id, number=number)
    try:
        made = do(asked, by=request.user, today=timezone.localdate(), **form.cleaned_data)
    except PuljeError as refusal:
        told(form, refusal)
        return _show(request, version, form)
    messages.success(request, _("Nu kan du rette i version %d.") % made.number)
    return redirect("staff:pool_setup" if "fra" in request.POST else "staff:pool_form", slug)


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 2 as an applicant sees it, made of the same form and template; nothing is stored."""
    version = _version_or_404(request, slug)
    one = request.GET.get("som") == "du"
    kind = ApplicantKind.INDIVIDUAL if one else ApplicantKind.ASSOCIATION
    case = Application(pool=version.pool, version=version, applicant=Applicant(kind=kind))
    shown = read.pool_form(version, timezone.localdate())
    form = IdeaForm(None, application=case, questions=shown.questions)
    partners = partners_formset(None, [])
    context = {"case": case, "idea": form, "partners_form": partners, "shown": shown, "one": one}
    context |= {"partners": [(row, None) for row in partners], "page": {"has_partners": True}}
    return render(request, "workflow/pool/form_preview.html", context)


def question(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a question, or change one."""
    version = _version_or_404(request, slug)
    asked = questions_of(version)
    found = next((q for q in asked if q.pk == pk), None)
    if pk is not None and found is None:
        raise Http404
    form = QuestionForm(_typed(request), questions=asked, question=found)
    return _edit(
        request,
        version,
        form,
        lambda: actions.save_question(version, found, by=request.user, **form.facts()),
        {"row": found, "part": "spoergsmaal", "heading": _("Spørgsmål til ansøgerne")},
    )


def gate(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a question to "Kan I søge?", or change one."""
    version = _version_or_404(request, slug)
    found = get_object_or_404(Gate, pk=pk, version=version) if pk is not None else None
    form = GateForm(_typed(request), pools=read.other_pools(version.pool), gate=found)
    return _edit(
        request,
        version,
        form,
        lambda: actions.save_gate(version, found, by=request.user, **form.facts()),
        {"row": found, "part": "betingelse", "heading": _("Spørgsmål i ”Kan I søge?”")},
    )


def demands(request: HttpRequest, slug: str) -> HttpResponse:
    """Attachments that must be there, and how much of the expenses may be of one kind."""
    version = _version_or_404(request, slug)
    shares = dict(version.line_rules.order_by("pk").values_list("category", "max_percent"))
    form = DemandsForm(_typed(request), version=version, shares=shares)
    return _edit(
        request,
        version,
        form,
        lambda: actions.save_demands(version, by=request.user, **form.facts()),
        {"part": "krav", "heading": _("Krav til bilag og budget")},
    )


def _edit(
    request: HttpRequest,
    version: PoolVersion,
    form: Any,
    save: Callable[[], object],
    context: dict[str, Any],
) -> HttpResponse:
    """A form of one part: saved, shown with what is wrong, or refused with what was typed."""
    if request.method != "POST" and read.is_frozen(version):
        return redirect("staff:pool_form", version.pool.slug)
    if form.is_valid():
        try:
            save()
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("Skemaet er gemt."))
            return redirect("staff:pool_form", version.pool.slug)
    context |= {"form": form, "pool": version.pool, "version": version}
    status = 422 if form.is_bound else 200
    return render(request, "workflow/pool/form_edit.html", context, status=status)


@require_POST
def move(request: HttpRequest, slug: str, part: str, pk: int) -> HttpResponse:
    """One place up or down."""
    version = _version_or_404(request, slug)
    row, do, _delete = _part_or_404(version, part, pk)
    try:
        do(row, by=request.user, up="op" in request.POST)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    return redirect(f"{reverse('staff:pool_form', args=[slug])}#{part}-{pk}")


def delete(request: HttpRequest, slug: str, part: str, pk: int) -> HttpResponse:
    """Ask once, then delete."""
    version = _version_or_404(request, slug)
    row, _move, do = _part_or_404(version, part, pk)
    if request.method != "POST":
        context = {"row": row, "part": part, "pool": version.pool}
        return render(request, "workflow/pool/form_delete.html", context)
    try:
        do(row, by=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Spørgsmålet er slettet."))
    return redirect("staff:pool_form", slug)


PARTS: dict[str, tuple[type[Question] | type[Gate], Callable[..., None], Callable[..., None]]] = {
    "spoergsmaal": (Question, actions.move_question, actions.delete_question),
    "betingelse": (Gate, actions.move_gate, actions.delete_gate),
}


def _part_or_404(
    version: PoolVersion, part: str, pk: int
) -> tuple[Question | Gate, Callable[..., None], Callable[..., None]]:
    if part not in PARTS:
        raise Http404
    model, do_move, do_delete = PARTS[part]
    return get_object_or_404(model, pk=pk, version=version), do_move, do_delete


def _version_or_404(request: HttpRequest, slug: str) -> PoolVersion:
    """The pool's latest version, to somebody who may edit it."""
    allow(request.user, VERB)
    version = read.latest_version(get_object_or_404(Pool, slug=slug))
    if version is None:
        raise Http404
    return version


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
