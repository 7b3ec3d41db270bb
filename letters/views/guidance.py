"""The appeal guidance of each legal basis: read, written, approved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.facts.guidance import guidance_paragraphs
from letters.forms.texts import GUIDANCE_WORDS, ApproveGuidanceForm, GuidanceForm
from letters.previews import asking
from letters.texts import overview
from letters.texts.difference import difference
from letters.views.previews import as_pdf
from letters.views.texts import allow, may_approve, why_not
from pulje.actions.decision import appeal_guidance as actions
from pulje.enums import LegalBasis
from pulje.errors import PuljeError
from pulje.models import AppealGuidance, User
from pulje.views.typed import typed_before


def guidance(request: HttpRequest, basis: str) -> HttpResponse:
    """What a legal basis' decisions say of appeals, and its next version."""
    user = allow(request)
    shown = _shown_or_404(basis)
    typed = request.POST if request.method == "POST" else None
    form = GuidanceForm(typed, initial=_initial(request, shown, user) | _lost(request))
    if form.is_valid():
        try:
            made = actions.write(shown.legal_basis, by=user, at=timezone.now(), **form.cleaned_data)
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Version {made.version} er gemt som kladde.")
            return redirect("letters:guidance", basis)
    return _show(request, shown, user, form=form)


def _lost(request: HttpRequest) -> dict[str, Any]:
    """What was typed when the log-in ended."""
    if request.method == "POST" or (lost := typed_before(request, request.path)) is None:
        return {}
    messages.info(request, "Her er det, du skrev, før du blev logget af. Tryk Gem som kladde.")
    return lost.dict()


def _show(
    request: HttpRequest,
    shown: overview.Guidance,
    user: User,
    form: GuidanceForm,
    approval: ApproveGuidanceForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    waiting = shown.waiting
    is_own = waiting is not None and waiting.written_by == user
    before = shown.in_force.text if shown.in_force else waiting.text if waiting else ""
    is_refused = form.is_bound or approval is not None or bool(refusal)
    context = {
        "shown": shown,
        "form": form,
        "approval": approval or ApproveGuidanceForm(),
        "refusal": refusal,
        "lines": difference(before, waiting.text) if waiting else [],
        "can_approve": waiting is not None and not is_own and may_approve(user),
        "read": actions.read_of(waiting) if waiting else "",
        "why_not": why_not(is_own=is_own),
        "words": ["{" + word + "}" for word in GUIDANCE_WORDS],
    }
    return render(request, "letters/guidance.html", context, status=422 if is_refused else 200)


def _initial(request: HttpRequest, shown: overview.Guidance, user: User) -> dict[str, Any]:
    """The version asked for, one's own draft, else the newest."""
    asked = request.GET.get("fra", "")
    found = [row for row in shown.versions if str(row.version) == asked]
    begun: AppealGuidance | None = next(iter([*found, *shown.versions]), None)
    if begun is None:
        return {}
    is_own = begun == shown.waiting and begun.written_by == user
    return {"text": begun.text, "note": begun.note if is_own else ""}


def _shown_or_404(basis: str) -> overview.Guidance:
    if basis not in LegalBasis.values:
        raise Http404
    return next(row for row in overview.guidances() if row.legal_basis == basis)


@require_POST
def approve(request: HttpRequest, basis: str) -> HttpResponse:
    """A leader takes the draft into use; where the law is in doubt, with a lawyer's name."""
    user = allow(request)
    shown = _shown_or_404(basis)
    approval = ApproveGuidanceForm(request.POST)
    form = GuidanceForm(initial=_initial(request, shown, user))
    asked = [row for row in shown.versions if str(row.version) == request.POST.get("version")]
    if not asked or not approval.is_valid():
        gone = "" if asked else actions.GONE
        return _show(request, shown, user, form, approval, gone)
    try:
        read = request.POST.get("read", "")
        actions.approve(asked[0], by=user, at=timezone.now(), read=read, **approval.cleaned_data)
    except PuljeError as refusal:
        shown = _shown_or_404(basis)  # as it is since
        if not isinstance(refusal, actions.LawyerMissing):
            return _show(request, shown, user, form, approval, refusal.sentence)
        approval.add_error("legal_review", refusal.sentence)
        return _show(request, shown, user, form, approval)
    messages.success(request, f"Klagevejledningen for {shown.name} er godkendt.")
    return redirect("letters:guidance", basis)


@require_POST
def preview(request: HttpRequest, basis: str) -> HttpResponse:
    """A refusal with what is being written, as PDF."""
    user = allow(request)
    shown = _shown_or_404(basis)
    form = GuidanceForm(request.POST)
    if not form.is_valid():
        return _show(request, shown, user, form=form)
    paragraphs = guidance_paragraphs(form.cleaned_data["text"], one=False)
    made = asking.guidance_preview(shown.legal_basis, paragraphs, timezone.localdate())
    return as_pdf(request, asking.drawn(made))
