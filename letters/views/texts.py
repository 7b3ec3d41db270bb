"""The letters' texts: which there are, one read beside what it replaces, approved, deleted."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters.forms.texts import EndForm, PreviewForm
from letters.kinds.registry import KINDS
from letters.models import LetterText
from letters.previews.samples import OUTCOMES
from letters.texts import actions, overview
from letters.texts.difference import Line, difference, is_same
from letters.texts.fields import CODES, title_of
from letters.texts.parts import PARTS
from pulje.errors import NotAllowed, PuljeError
from pulje.models import User
from pulje.permissions import check_other
from pulje.templatetags.words import dato_aar

WORDS = {"heading": "Overskrift", "body": "Tekst", "english": "Kort på engelsk"}
MISSING_SHOWN = 12


def allow(request: HttpRequest, verb: str = "write_text") -> User:
    """The person, if the role may; else 403 with the sentence."""
    user = request.user
    assert isinstance(user, User)
    try:
        check_other(user, verb)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return user


def may_approve(user: User) -> bool:
    """For showing a button; the action asks again."""
    try:
        check_other(user, "approve_text")
    except NotAllowed:
        return False
    return True


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every text, what is missing first."""
    user = allow(request)
    search = request.GET.get("soeg", "")[:100]
    stages = overview.overview(timezone.localdate(), search)
    rows = [row for stage in stages for row in stage.rows]
    missing = [row for row in rows if row.is_missing]
    context = {
        "stages": stages,
        "search": search,
        "missing": missing,
        "missing_line": _missing_line(missing),
        "shown": f":{MISSING_SHOWN}",
        "more": len(missing) - MISSING_SHOWN,
        "standard": [row for row in rows if row.waiting and row.waiting.written_by_id is None],
        "guidances": overview.guidances(),
        "may_approve": may_approve(user),
    }
    return render(request, "letters/text_list.html", context)


def _missing_line(missing: list[overview.Standing]) -> str:
    if any(row.code in PARTS for row in missing):
        return f"{len(missing)} tekster skal godkendes, før alle breve kan sendes"
    if len(missing) == 1:
        return "1 brev kan ikke sendes, før dets tekst er godkendt"
    return f"{len(missing)} breve kan ikke sendes, før deres tekst er godkendt"


def asks_of(code: str) -> dict[str, bool]:
    """Which choices change the letter a text is tried in."""
    kind = KINDS.get(code)
    decides = kind is None or "decision" in kind.needs
    return {"decided": decides, "outcome": kind is None or (decides and code not in OUTCOMES)}


def check_known(code: str) -> None:
    if code not in CODES:
        raise Http404


# ---- reading, approving, ending, deleting ----


@require_safe
def version(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A version beside the one it replaces, and what can be done with it."""
    return _show_version(request, _version_or_404(request, code, pk))


def _version_or_404(request: HttpRequest, code: str, pk: int) -> LetterText:
    allow(request)
    rows = LetterText.objects.select_related("written_by", "approved_by")
    return get_object_or_404(rows, pk=pk, kind=code)


def _show_version(
    request: HttpRequest, shown: LetterText, form: EndForm | None = None, refusal: str = ""
) -> HttpResponse:
    day = timezone.localdate()
    standing = overview.standing(shown.kind, shown.legal_basis, day)
    before = _before(shown, standing)
    changes = _changes(before, shown)
    choices = PreviewForm(request.GET or None)
    user = request.user
    assert isinstance(user, User)
    is_waiting = standing.waiting is not None and standing.waiting.pk == shown.pk
    is_own = is_waiting and shown.written_by == user
    is_lasting = shown.approved_at is not None and (shown.valid_until or day) >= day
    context = {
        "text": shown,
        "code": shown.kind,
        "title": title_of(shown.kind),
        "standing": standing,
        "before": before,
        "differences": changes,
        "is_same": all(is_same(part["lines"]) for part in changes),
        "can_approve": is_waiting and not is_own and may_approve(user),
        "why_not": why_not(is_own=is_own),
        "can_delete": _may_delete(shown, user),
        "can_end": is_lasting and may_approve(user),
        "is_own_draft": is_own,
        "begins": max(shown.valid_from, day),
        "form": form or EndForm(),
        "after_end": _after_end(shown, standing),
        "refusal": refusal,
        "read": actions.read_of(shown),
        "choices": choices,
        "asks": asks_of(shown.kind),
        "query": request.GET.urlencode(),
        "basis_query": f"?grundlag={shown.legal_basis}" if shown.legal_basis else "",
    }
    return render(request, "letters/text_version.html", context, status=_status(form, refusal))


def why_not(*, is_own: bool) -> str:
    """Why the one who reads cannot approve."""
    if is_own:
        return "Du har selv skrevet teksten. En leder, som er en anden end dig, skal godkende den."
    return "En leder skal godkende teksten, før den kommer i brug."


def _after_end(shown: LetterText, standing: overview.Standing) -> str:
    """What letters say when this text has expired: no older one comes back."""
    coming = standing.coming
    if coming is not None and coming.version > shown.version:
        return f"Version {coming.version} gælder fra {dato_aar(coming.valid_from)}."
    if standing.legal_basis:
        return "Derefter gælder teksten for alle retsgrundlag."
    return "Derefter kan brevet ikke sendes, før en anden tekst er godkendt."


def _status(form: EndForm | None, refusal: str) -> int:
    return 422 if refusal or form is not None else 200


def _before(shown: LetterText, standing: overview.Standing) -> LetterText | None:
    """What a draft is compared with: the text in use; an old version with the one before it."""
    used = standing.in_force
    if used is not None and used.version < shown.version:
        return used
    older = [row for row in standing.versions if row.version < shown.version]
    approved = [row for row in older if row.approved_at is not None]
    return next(iter(approved), None)


def _changes(before: LetterText | None, shown: LetterText) -> list[dict[str, Any]]:
    """Each part of the text with its lines; what both lack is left out."""
    found: list[dict[str, Any]] = []
    for field, name in WORDS.items():
        new = getattr(shown, field)
        old = getattr(before, field) if before is not None else new
        lines: list[Line] = difference(old, new)
        if lines:
            found.append({"name": name, "lines": lines})
    return found


@require_POST
def approve(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A leader takes a draft into use."""
    user = allow(request)
    shown = _version_or_404(request, code, pk)
    try:
        actions.approve(shown, by=user, at=timezone.now(), read=request.POST.get("read", ""))
    except PuljeError as refusal:
        now = _version_or_404(request, code, pk)  # as it is since, beside what it replaces
        return _show_version(request, now, refusal=refusal.sentence)
    messages.success(request, f"Version {shown.version} er godkendt.")
    return redirect("letters:text_version", code, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask whether a draft is to go, and delete it; done twice it is harmless."""
    user = allow(request)
    edit = redirect("letters:text", code)
    if request.method == "POST" and not LetterText.objects.filter(pk=pk, kind=code).exists():
        return edit
    shown = _version_or_404(request, code, pk)
    try:
        actions.check_may_delete(shown, user)
        if request.method == "POST":
            actions.delete_draft(shown, by=user, read=request.POST.get("read", ""))
            messages.success(request, f"Kladden, version {shown.version}, er slettet.")
            return edit
    except PuljeError as refusal:
        return _show_version(request, shown, refusal=refusal.sentence)
    context = {"text": shown, "title": title_of(code), "read": actions.read_of(shown)}
    return render(request, "letters/text_delete.html", context)


def _may_delete(text: LetterText, user: User) -> bool:
    """For showing a link; the action asks again."""
    try:
        actions.check_may_delete(text, user)
    except PuljeError:
        return False
    return True


@require_POST
def end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A leader sets a text's last day."""
    user = allow(request)
    shown = _version_or_404(request, code, pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _show_version(request, shown, form)
    until: date = form.cleaned_data["valid_until"]
    try:
        actions.end(shown, by=user, at=timezone.now(), valid_until=until)
    except PuljeError as refusal:
        form.add_error("valid_until", refusal.sentence)
        return _show_version(request, shown, form)
    messages.success(request, "Tekstens sidste dag er gemt.")
    return redirect("letters:text_version", code, pk)


def approve_standard(request: HttpRequest) -> HttpResponse:
    """Every standard text that waits, and one button for all of them."""
    user = allow(request, "approve_text")
    refusal = ""
    if request.method == "POST":
        try:
            read = frozenset(request.POST.getlist("read"))
            done = actions.approve_standard_texts(user, timezone.now(), read=read)
        except PuljeError as reason:
            refusal = reason.sentence
        else:
            messages.success(request, f"{done} standardtekster er godkendt.")
            return redirect("letters:texts")
    waiting = [
        {"text": row, "title": title_of(row.kind), "read": actions.read_of(row)}
        for row in overview.unapproved_standard()
    ]
    context = {"waiting": waiting, "refusal": refusal}
    return render(request, "letters/text_standard.html", context, status=422 if refusal else 200)
