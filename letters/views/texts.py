"""The letters' texts: which there are, one written, read beside what it replaces, approved."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters.forms.texts import EndForm, PreviewForm, TextForm
from letters.kinds.registry import KINDS
from letters.models import LetterText
from letters.previews.samples import OUTCOMES
from letters.texts import actions, overview
from letters.texts.difference import Line, difference, is_same
from letters.texts.fields import CODES, demands_of, fields_of, title_of
from letters.texts.parts import PARTS
from letters.vocabulary.base import Field
from pulje.enums import LegalBasis
from pulje.errors import NotAllowed, PuljeError
from pulje.models import User
from pulje.permissions import check_other
from pulje.templatetags.words import dato_aar

WORDS = {"heading": "Overskrift", "body": "Tekst", "english": "Kort på engelsk"}
MISSING_SHOWN = 12
IF_EXAMPLE = "{% if delegeret %} … {% endif %}"


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


# ---- writing ----


@dataclass(frozen=True)
class Insertable:
    """A field as the list beside the text shows it."""

    name: str
    typed: str
    description: str
    example: str
    is_condition: bool
    is_demanded: bool


def text(request: HttpRequest, code: str) -> HttpResponse:
    """Write the next version of a text, beside its fields and the letter."""
    user = allow(request)
    check_known(code)
    typed = request.POST if request.method == "POST" else None
    basis = basis_of(request)
    standing = overview.standing(code, basis, timezone.localdate())
    begun = _begun_from(request, standing, user)
    form = text_form(code, typed, initial=_initial(begun, standing.waiting, user))
    if form.is_valid():
        said = {"heading": ""} | form.cleaned_data
        try:
            made = actions.write(code, basis, by=user, at=timezone.now(), **said)
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Version {made.version} er gemt som kladde.")
            return redirect("letters:text_version", code, made.pk)
    return show_form(request, form, code, basis, standing)


def text_form(code: str, typed: Any, **kwargs: Any) -> TextForm:
    return TextForm(typed, kind=code, is_part=code in PARTS, **kwargs)


def show_form(
    request: HttpRequest, form: TextForm, code: str, basis: str, standing: overview.Standing
) -> HttpResponse:
    """The page a text is written on, with what was typed and what is wrong with it."""
    choices = PreviewForm(request.POST if form.is_bound else None)
    context = {
        "form": form,
        "code": code,
        "title": title_of(code),
        "basis": basis,
        "bases": _bases(code, basis),
        "standing": standing,
        "is_part": code in PARTS,
        "heading": _heading(standing, request.user),
        "standing_line": _standing_line(standing),
        "fields": [_insertable(field, code) for field in fields_of(code)],
        "if_example": IF_EXAMPLE,
        "choices": choices,
        "asks": asks_of(code),
    }
    status = 422 if form.is_bound else 200
    return render(request, "letters/text_edit.html", context, status=status)


def asks_of(code: str) -> dict[str, bool]:
    """Which choices change the letter a text is tried in."""
    kind = KINDS.get(code)
    decides = kind is None or "decision" in kind.needs
    return {"decided": decides, "outcome": kind is None or (decides and code not in OUTCOMES)}


def check_known(code: str) -> None:
    if code not in CODES:
        raise Http404


def basis_of(request: HttpRequest) -> str:
    """The legal basis asked for; empty: the text for all."""
    asked = request.POST.get("grundlag", request.GET.get("grundlag", ""))
    return asked if asked in LegalBasis.values else ""


def _begun_from(request: HttpRequest, standing: overview.Standing, user: Any) -> LetterText | None:
    """The version one starts with: the one asked for, a draft that waits, else the one in use."""
    asked = request.GET.get("fra", "")
    if asked.isdecimal():
        found = LetterText.objects.filter(pk=int(asked[:12]), kind=standing.code).first()
        if found is not None:
            return found
    fallback = standing.versions[0] if standing.versions else None
    first = standing.waiting or standing.in_force or fallback
    if first is None and standing.legal_basis:
        return overview.standing(standing.code, "", standing.day).in_force
    return first


def _initial(begun: LetterText | None, waiting: LetterText | None, user: Any) -> dict[str, Any]:
    """Note and days are the draft's own; another version begins anew, today."""
    told: dict[str, Any] = {"valid_from": timezone.localdate()}
    if begun is None:
        return told
    told |= {name: getattr(begun, name) for name in WORDS}
    if waiting is not None and begun == waiting and waiting.written_by == user:
        told |= {"note": begun.note, "valid_until": begun.valid_until}
        told["valid_from"] = begun.valid_from
    return told


def _bases(code: str, chosen: str) -> list[dict[str, Any]]:
    own = set(LetterText.objects.filter(kind=code).order_by().values_list("legal_basis", flat=True))
    rows = [("", "Alle retsgrundlag"), *LegalBasis.choices]
    return [
        {"value": value, "label": label, "has_own": bool(value) and value in own}
        for value, label in rows
    ]


def _heading(standing: overview.Standing, user: Any) -> str:
    waiting, newest = standing.waiting, next(iter(standing.versions), None)
    if waiting is not None and waiting.written_by == user:
        return f"Ret din kladde, version {waiting.version}"
    return f"Skriv version {(newest.version if newest else 0) + 1}"


def _standing_line(standing: overview.Standing) -> str:
    if standing.in_force:
        return f"Version {standing.in_force.version} gælder, til en ny er godkendt."
    if standing.legal_basis:
        return "Retsgrundlaget har ingen tekst for sig selv: Teksten for alle gælder."
    return "Ingen tekst er godkendt. Brevet kan ikke sendes."


def _insertable(field: Field, code: str) -> Insertable:
    typed = field.example if field.is_condition else f"{{{{ {field.name} }}}}"
    demanded = field.name in demands_of(code)
    said = (field.name, typed, field.description, field.example)
    return Insertable(*said, is_condition=field.is_condition, is_demanded=demanded)


# ---- reading, approving, ending ----


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
