"""A letter's text is written: beside its fields and the letter, and kept while one writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from letters.forms.texts import PreviewForm, TextForm
from letters.models import LetterText
from letters.texts import actions, overview
from letters.texts.fields import demands_of, fields_of, title_of
from letters.texts.parts import PARTS
from letters.views.texts import WORDS, allow, asks_of, check_known
from letters.vocabulary.base import Field
from pulje.enums import LegalBasis
from pulje.errors import PuljeError
from pulje.models import User
from pulje.views.typed import typed_before

IF_EXAMPLE = "{% if delegeret %} … {% endif %}"


@dataclass(frozen=True)
class Typed:
    """What the form holds beside a version: how far this page's writing is kept, and where from."""

    mark: str = ""
    kept_at: datetime | None = None  # shown again from then, and no draft yet
    was_logged_off: bool = False


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
    if request.method != "POST":
        return _open(request, code, user)
    if "HX-Request" in request.headers:
        return keep(request, code, basis_of(request), TextForm, user)
    if "forfra" in request.POST:
        actions.forget_typed(code, basis_of(request), by=user, mark=mark_of(request))
        return redirect(request.get_full_path())
    return _write(request, code, user)


def _open(request: HttpRequest, code: str, user: User) -> HttpResponse:
    """The version one starts with; before it what one was writing and has not made a draft."""
    shown = reverse("letters:text_preview", args=[code])
    lost = typed_before(request, request.path) or typed_before(request, shown)
    basis = basis_of(request) if lost is None else known_basis(lost.get("grundlag"))
    standing = overview.standing(code, basis, timezone.localdate())
    initial = _initial(_begun_from(request, standing), standing.waiting, user)
    kept = overview.typed_by(user, code, basis)
    typed = Typed(mark=actions.mark_of(kept))
    if lost is not None:
        typed = Typed(mark=lost.get("mark", ""), was_logged_off=True)
        initial |= lost.dict()
    elif kept is not None and is_other(kept.typed, initial):
        typed = Typed(mark=typed.mark, kept_at=kept.kept_at)
        initial |= kept.typed
    return show_form(request, text_form(code, None, initial=initial), code, standing, typed)


def is_other(typed: dict[str, str], begun: dict[str, Any]) -> bool:
    """Whether anything stands otherwise than in the version one would start with."""
    return any(said != str(begun.get(name) or "") for name, said in typed.items())


def keep(request: HttpRequest, code: str, basis: str, form: type[Form], user: User) -> HttpResponse:
    """The answer to an autosave: the line, and what the page now builds on."""
    mark = mark_of(request)
    typed = {name: request.POST.get(name, "") for name in form.base_fields}
    context: dict[str, Any] = {"is_answer": True}
    try:
        kept = actions.keep_typed(code, basis, typed, by=user, at=timezone.now(), mark=mark)
    except PuljeError as refusal:
        context |= {"unkept": refusal.sentence, "typed": Typed(mark)}
    else:
        context |= {"typed": Typed(actions.mark_of(kept), kept.kept_at)}
    return render(request, "letters/_text_save_line.html", context)


def _write(request: HttpRequest, code: str, user: User) -> HttpResponse:
    basis, form = basis_of(request), text_form(code, request.POST)
    if form.is_valid():
        said = {"heading": "", "mark": mark_of(request)} | form.cleaned_data
        try:
            made = actions.write(code, basis, by=user, at=timezone.now(), **said)
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Version {made.version} er gemt som kladde.")
            return redirect("letters:text_version", code, made.pk)
    standing = overview.standing(code, basis, timezone.localdate())
    return show_form(request, form, code, standing, Typed(mark_of(request)))


def text_form(code: str, typed: Any, **kwargs: Any) -> TextForm:
    return TextForm(typed, kind=code, is_part=code in PARTS, **kwargs)


def show_form(
    request: HttpRequest, form: TextForm, code: str, standing: overview.Standing, typed: Typed
) -> HttpResponse:
    """The page a text is written on, with what was typed and what is wrong with it."""
    choices = PreviewForm(request.POST if form.is_bound else None)
    context = {
        "form": form,
        "code": code,
        "title": title_of(code),
        "typed": typed,
        "basis": standing.legal_basis,
        "bases": _bases(code, standing.legal_basis),
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


def basis_of(request: HttpRequest) -> str:
    """The legal basis asked for; empty: the text for all."""
    return known_basis(request.POST.get("grundlag", request.GET.get("grundlag")))


def known_basis(asked: str | None) -> str:
    return asked if asked in LegalBasis.values else ""


def mark_of(request: HttpRequest) -> str:
    """What the page says was kept last of what is written on it."""
    return request.POST.get("mark", "")


def _begun_from(request: HttpRequest, standing: overview.Standing) -> LetterText | None:
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
