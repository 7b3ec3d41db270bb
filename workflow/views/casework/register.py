"""An application that came on paper or by phone, keyed in on behalf of the applicant.

Files chosen on a page that is refused wait in the cache, so that they need not be chosen again.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions.application.registration import check_register
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.application.budget import Budget, with_row, without_row
from pulje.forms.application.register import PapersForm, RegisterForm
from pulje.forms.attachment import Upload
from pulje.models import Round
from pulje.queries.application.registration import rounds_to_choose
from workflow.registering import Keyed, is_out_of_reach, take_in
from workflow.views.access import told

REDRAWS = ("soeg", "tilfoej", "slet")  # buttons that change the page, and stay on it
KEPT_SECONDS = 4 * 60 * 60
MOST_KEPT_BYTES = 40 * 1024 * 1024
LONGEST_TOKEN = 40


def register(request: HttpRequest) -> HttpResponse:
    """The page, empty or as typed; what is whole becomes a case that has been received."""
    try:
        check_register(request.user)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    if request.method != "POST":
        rounds = rounds_to_choose(timezone.now())
        form, budget = RegisterForm(rounds=rounds, look=False), _budget(rounds)
        return _show(request, form, budget, PapersForm(), [], token=uuid4().hex)
    stays = any(name in request.POST for name in REDRAWS)
    form, budget = _keyed(request, stays=stays)
    papers = PapersForm(request.POST, request.FILES)
    token = request.POST.get("kvittering", "")[:LONGEST_TOKEN] or uuid4().hex
    kept = _kept(request, token, papers)
    is_whole = not stays and all([form.is_valid(), budget.is_valid(), papers.is_valid()])
    looked = _worth_a_look(request, form, budget) if is_whole else {}
    is_ready = is_whole and not any(looked.values())
    if is_ready and (answer := _taken_in(request, form, budget, kept, token)):
        return answer
    _keep(request, token, kept, papers)
    return _show(request, form, budget, papers, kept, token=token, looked=looked)


def _worth_a_look(request: HttpRequest, form: RegisterForm, budget: Budget) -> dict[str, Any]:
    """Broken rules, who may be here already, and that no letter could come; not when seen."""
    if "alligevel" in request.POST:
        return {}
    alike, who = form.alike(), form.applicant()
    form.offer_also(alike)
    return {
        "notes": form.broken_rules(budget.lines()),
        "alike": alike,
        "unreached": is_out_of_reach(who, email=form.cleaned_data["contact_email"]) and who,
    }


def _keyed(request: HttpRequest, *, stays: bool) -> tuple[RegisterForm, Budget]:
    data = request.POST
    data = with_row(data, data["tilfoej"]) if "tilfoej" in data else data
    data = without_row(data, data["slet"]) if "slet" in data else data
    rounds, look = rounds_to_choose(timezone.now()), "soeg" in data
    if stays:
        form = RegisterForm(rounds=rounds, look=look, typed=data.dict())
    else:
        form = RegisterForm(data, rounds=rounds, look=look)
    return form, _budget(rounds, data, calm=stays)


def _budget(
    rounds: Sequence[Round], data: Mapping[str, Any] | None = None, *, calm: bool = False
) -> Budget:
    """With types of expense where the chosen pool has rules about them, or any has until then.

    ``has_types`` is annotated (queries/application/registration.py), which no type of Round tells.
    """
    chosen = data.get("round") if data else ""
    asking = [str(one.pk) for one in rounds if getattr(one, "has_types")]  # noqa: B009
    return Budget(data, with_categories=bool(asking) if not chosen else chosen in asking, calm=calm)


def _taken_in(
    request: HttpRequest, form: RegisterForm, budget: Budget, kept: list[Upload], token: str
) -> HttpResponse | None:
    """Onward to the case; None when it was refused, with the sentence on the form."""
    who = form.applicant()
    keyed = Keyed(
        round=form.chosen_round,
        received_at=form.received_at,
        applicant=who,
        fields=form.own_fields(),
        lines=budget.lines(),
        uploads=kept,
        on_behalf_of=(who["name"] if isinstance(who, dict) else who.name)[:200],
        token=token,
    )
    try:
        case, is_new = take_in(keyed, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        told(form, refusal)
        return None
    cache.touch(_place(request, token), 0)  # forget the files at once
    sentence = "er oprettet, og kvitteringen sendes" if is_new else "var oprettet i forvejen"
    messages.success(request, f"Sag {case.number} {sentence}.")
    return redirect("staff:case", case.pk)


# --- files that wait ---


def _kept(request: HttpRequest, token: str, papers: PapersForm) -> list[Upload]:
    """The files of earlier tries and of this one, but those that are taken away."""
    papers.is_valid()
    found: Sequence[Upload] = cache.get(_place(request, token), [])
    without = set(request.POST.getlist("uden"))
    every = {file.sha256: file for file in [*found, *papers.fields["files"].kept]}
    return [file for sha256, file in every.items() if sha256 not in without]


def _keep(request: HttpRequest, token: str, kept: list[Upload], papers: PapersForm) -> None:
    """Let the files wait for the next try; one there is no room for must be chosen again."""
    room = MOST_KEPT_BYTES
    for file in list(kept):
        room -= len(file.content)
        if room < 0:
            kept.remove(file)
            papers.add_error("files", f"”{file.name}” er for stor til at vente. Vælg den igen.")
    if kept or cache.get(_place(request, token)):
        cache.set(_place(request, token), kept, KEPT_SECONDS)


def _place(request: HttpRequest, token: str) -> str:
    return f"register:{request.user.pk}:{token.encode().hex()}"


def _show(
    request: HttpRequest,
    form: RegisterForm,
    budget: Budget,
    papers: PapersForm,
    kept: list[Upload],
    *,
    token: str,
    looked: dict[str, Any] | None = None,
) -> HttpResponse:
    parts: list[BaseFormSet] = list(budget.parts.values())
    context: dict[str, Any] = {
        "form": form,
        "budget": budget,
        "budget_parts": parts,
        "budget_open": bool(budget.lines()) or any(name in request.POST for name in REDRAWS[1:]),
        "papers": papers,
        "kept": kept,
        "token": token,
    } | (looked or {})
    return render(request, "workflow/casework/register.html", context)
