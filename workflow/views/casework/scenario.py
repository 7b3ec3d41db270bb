"""A round's money shared out in several ways, side by side; one of them is chosen."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.casework import scenario as actions
from pulje.errors import PuljeError
from pulje.exports.table import csv_response, xlsx_response
from pulje.forms.casework.scenario import AmountsForm, GroundForm, ScenarioForm
from pulje.models import Application, Pool, Round, Scenario
from pulje.permissions import hidden_from
from pulje.queries.casework import scenario as read
from pulje.states import CaseState
from workflow.views.access import allow, may_do, told
from workflow.views.opened import DISQUALIFIED

PER_PAGE = 60
VERB = "make_scenario"
FILES = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
def scenarios(request: HttpRequest, slug: str) -> HttpResponse:
    """The scenarios of a round, a column each."""
    rounds, round = _rounds(request, slug)
    found = read.scenarios_of(round)
    base = _named(found, request.GET.get("mod", "")) or (found[0] if len(found) > 1 else None)
    seen = read.compare(round, found, request.user, base)
    context = _round_context(rounds, round) | {
        "seen": seen,
        "page": _page(request, seen.rows),
        "may_choose": may_do(request.user, "choose_scenario"),
    }
    return render(request, "workflow/casework/scenarios.html", context)


@require_safe
def scenarios_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The whole comparison as csv or xlsx."""
    if kind not in FILES:
        raise Http404
    _all, round = _rounds(request, slug)
    found = read.scenarios_of(round)
    seen = read.compare(round, found, request.user, None)
    headings = ["Sagsnummer", "Ansøger", "Projekt", "Status", "Point", "Søgt, kr."]
    headings += [f"{scenario.name}, kr." for scenario in found]
    rows = (
        [row.case.number, row.case.applicant.name, row.case.title, row.case.get_state_display()]
        + [row.case.points, row.case.requested_kr, *(cell.amount_kr for cell in row.cells)]
        for row in seen.rows
        if not row.is_mine_conflict
    )
    return FILES[kind](f"fordeling-{slug}-runde-{round.number}", headings, rows)


def new_scenario(request: HttpRequest, slug: str) -> HttpResponse:
    """Name it, choose how, and see what everybody gets."""
    rounds, round = _rounds(request, slug)
    form = ScenarioForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.make_scenario(round, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            return redirect("staff:scenario", slug, made.pk)
    context = _round_context(rounds, round) | {"form": form}
    return render(request, "workflow/casework/scenario_form.html", context)


def scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One scenario: its sums, and every case's amount, which may be written by hand."""
    found = one_of(request, slug, pk)
    seen = read.compare(found.round, [found], request.user, None)
    page = _page(request, seen.rows)
    form = AmountsForm(request.POST if request.method == "POST" else None, rows=page.object_list)
    if form.is_valid():
        try:
            actions.set_amounts(found, by=request.user, amounts=form.amounts(), anew=form.anew())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Beløbene er gemt.")
            return redirect(f"{request.path}?side={page.number}")
    context = {
        "pool": found.round.pool,
        "round": found.round,
        "scenario": found,
        "seen": seen,
        "column": seen.columns[0],
        "page": page,
        "form": form,
        "rows": [(row, *_fields(form, row)) for row in page],
        "own_grounds": [int(key) for key in found.numbers.get(actions.GROUNDS, {})],
        "may_choose": may_do(request.user, "choose_scenario"),
    }
    return render(request, "workflow/casework/scenario.html", context)


def change_scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another name or other numbers; all but what is written by hand is counted anew."""
    found = one_of(request, slug, pk)
    initial = found.numbers | {"name": found.name, "method": found.method}
    data = request.POST if request.method == "POST" else None
    form = ScenarioForm(data, initial=_shown(initial))
    if form.is_valid():
        try:
            actions.change_scenario(found, by=request.user, **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Scenariet er regnet ud igen.")
            return redirect("staff:scenario", slug, pk)
    context = {"pool": found.round.pool, "round": found.round, "scenario": found, "form": form}
    return render(request, "workflow/casework/scenario_form.html", context)


@require_POST
def copy_scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same amounts under another name."""
    found = one_of(request, slug, pk)
    try:
        new = actions.copy_scenario(found, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:scenario", slug, pk)
    messages.success(request, "Kopien er lavet. Giv den et navn, og ret i den.")
    return redirect("staff:scenario", slug, new.pk)


def delete_scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first."""
    found = one_of(request, slug, pk)
    context = {"pool": found.round.pool, "round": found.round, "scenario": found}
    if request.method != "POST":
        return render(request, "workflow/casework/scenario_delete.html", context)
    try:
        actions.delete_scenario(found, by=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:scenario", slug, pk)
    messages.success(request, f"”{found.name}” er slettet.")
    return redirect(_back_to(found.round))


def scenario_case(request: HttpRequest, slug: str, pk: int, case: int) -> HttpResponse:
    """One case's own ground, when the one for all does not fit it."""
    found = one_of(request, slug, pk)
    cases = Application.objects.select_related("version", "applicant")
    row = get_object_or_404(cases, pk=case, round=found.round, state=CaseState.REVIEWED)
    if hidden_from(request.user, [row]):
        raise PermissionDenied(DISQUALIFIED)
    own = found.numbers.get(actions.GROUNDS, {}).get(str(case), 0)
    data = request.POST if request.method == "POST" else None
    form = GroundForm(data, case=row, initial={"ground": str(own)})
    if form.is_valid():
        ground = form.cleaned_data["ground"] or None
        try:
            actions.set_ground(found, by=request.user, case=row, ground=ground)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"Begrundelsen i {row.number} er gemt.")
            return redirect("staff:scenario", slug, pk)
    context = {"pool": found.round.pool, "scenario": found, "case": row, "form": form}
    return render(request, "workflow/casework/scenario_case.html", context)


def one_of(request: HttpRequest, slug: str, pk: int) -> Scenario:
    """The scenario of this pool, for who may work with it."""
    allow(request.user, VERB)
    rows = Scenario.objects.select_related("round__pool", "made_by", "chosen_by")
    return get_object_or_404(rows, pk=pk, round__pool__slug=slug)


def _rounds(request: HttpRequest, slug: str) -> tuple[list[Round], Round]:
    """The pool's rounds, and the one the address names, else the last that has opened."""
    allow(request.user, VERB)
    rounds = list(Round.objects.filter(pool__slug=slug).select_related("pool").order_by("number"))
    if not rounds:
        get_object_or_404(Pool, slug=slug)
        raise Http404
    said = request.GET.get("runde", "")
    named = [round for round in rounds if str(round.number) == said]
    begun = [round for round in rounds if round.opens_at <= timezone.now()]
    return rounds, (named or begun[-1:] or rounds[:1])[0]


def _round_context(rounds: Sequence[Round], round: Round) -> dict[str, Any]:
    return {"pool": round.pool, "round": round, "rounds": rounds}


def _named(found: Sequence[Scenario], said: str) -> Scenario | None:
    return next((scenario for scenario in found if str(scenario.pk) == said), None)


def _page(request: HttpRequest, rows: Sequence[read.Row]) -> Page:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))


def _fields(form: AmountsForm, row: read.Row) -> tuple[Any, Any]:
    """The row's amount and its tick for counting anew; None where there is none."""
    names = (f"kr_{row.case.pk}", f"igen_{row.case.pk}")
    amount, anew = (form[name] if name in form.fields else None for name in names)
    return amount, anew


def _shown(numbers: dict[str, Any]) -> dict[str, Any]:
    """Kept as text, shown as typed."""
    return {
        key: Decimal(value) if key.endswith("_kr") and key != "step_kr" else value
        for key, value in numbers.items()
    }


def _back_to(round: Round) -> str:
    return f"/sag/puljer/{round.pool.slug}/fordeling/?runde={round.number}"
