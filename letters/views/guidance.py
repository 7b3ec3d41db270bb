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
from letters.texts.actions import GUIDANCE, forget_typed, write_guidance
from letters.texts.actions import mark_of as mark_of_kept
from letters.texts.difference import difference
from letters.views.previews import as_pdf
from letters.views.texts import allow, may_approve, why_not
from letters.views.writing import Typed, is_other, keep, mark_of
from pulje.actions.decision import appeal_guidance as actions
from pulje.enums import LegalBasis
from pulje.errors import PuljeError
from pulje.models import AppealGuidance, User
from pulje.views.typed import typed_before

NOTHING_KEPT = Typed()


def guidance(request: HttpRequest, basis: str) -> HttpResponse:
    """What a legal basis' decisions say of appeals, and its next version."""
    user = allow(request)
    shown = _shown_or_404(basis)
    if request.method != "POST":
        return _open(request, shown, user)
    if "HX-Request" in request.headers:
        return keep(request, GUIDANCE, basis, GuidanceForm, user)
    if "forfra" in request.POST:
        forget_typed(GUIDANCE, basis, by=user, mark=mark_of(request))
        return redirect("letters:guidance", basis)
    return _write(request, shown, user)


def _open(request: HttpRequest, shown: overview.Guidance, user: User) -> HttpResponse:
    """The version one starts with; before it what one was writing and has not made a draft."""
    initial = _initial(request, shown, user)
    kept = overview.typed_by(user, GUIDANCE, shown.legal_basis)
    typed = Typed(mark=mark_of_kept(kept))
    if (lost := typed_before(request, request.path)) is not None:
        typed = Typed(mark=lost.get("mark", ""), was_logged_off=True)
        initial |= lost.dict()
    elif kept is not None and is_other(kept.typed, initial):
        typed = Typed(mark=typed.mark, kept_at=kept.kept_at)
        initial |= kept.typed
    return _show(request, shown, user, GuidanceForm(initial=initial), typed=typed)


def _write(request: HttpRequest, shown: overview.Guidance, user: User) -> HttpResponse:
    form, mark = GuidanceForm(request.POST), mark_of(request)
    if form.is_valid():
        said = form.cleaned_data | {"mark": mark}
        try:
            made = write_guidance(shown.legal_basis, by=user, at=timezone.now(), **said)
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Version {made.version} er gemt som kladde.")
            return redirect("letters:guidance", shown.legal_basis)
    return _show(request, shown, user, form, typed=Typed(mark))


def _show(
    request: HttpRequest,
    shown: overview.Guidance,
    user: User,
    form: GuidanceForm,
    approval: ApproveGuidanceForm | None = None,
    refusal: str = "",
    typed: Typed = NOTHING_KEPT,
) -> HttpResponse:
    waiting = shown.waiting
    is_own = waiting is not None and waiting.written_by == user
    before = shown.in_force.text if shown.in_force else waiting.text if waiting else ""
    is_refused = form.is_bound or approval is not None or bool(refusal)
    context = {
        "shown": shown,
        "form": form,
        "typed": typed,
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
        return _show(request, shown, user, form, typed=Typed(mark_of(request)))
    paragraphs = guidance_paragraphs(form.cleaned_data["text"], one=False)
    made = asking.guidance_preview(shown.legal_basis, paragraphs, timezone.localdate())
    return as_pdf(request, asking.drawn(made))
