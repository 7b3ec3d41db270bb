"""Choosing a scenario: the reasons, what would happen, and the start of the work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from pulje.actions.casework.scenario import given_by
from pulje.errors import PuljeError
from pulje.forms.casework.scenario import ReasonsForm
from pulje.models import Application, Scenario
from pulje.queries.casework.recommendation import grounds_of
from pulje.queries.casework.scenario import compare
from workflow.choosing import Given, Look, Reasons, choose, look, started
from workflow.views.access import allow, told
from workflow.views.casework.bulk import to_job
from workflow.views.casework.scenario import one_of

SHOWN = 100


def choose_scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """First the reasons, then everything that would be refused, then the work begins."""
    scenario = one_of(request, slug, pk)
    allow(request.user, "choose_scenario")
    now, mark = timezone.now(), request.POST.get("vist", "")
    key = request.POST.get("noegle") or get_random_string(12)
    if job := started(request.user, f"{pk}:{key}"):
        return to_job(job.pk, reverse("staff:scenario", args=[slug, pk]))
    try:
        given, sentence = given_by(scenario, by=request.user), ""
    except PuljeError as refusal:
        given, sentence = [], refusal.sentence
    form = _form(request, given)
    found = None
    if sentence == "" and form.is_bound and form.is_valid():
        reasons, facts = _reasons(form), {"by": request.user, "at": now}
        try:
            if mark:
                job = choose(scenario, reasons, **facts, mark=mark, key=f"{pk}:{key}")
            if mark and job:
                return to_job(job.pk, reverse("staff:scenario", args=[slug, pk]))
            found = look(scenario, given, reasons, **facts)
        except PuljeError as refusal:
            told(form, refusal)
    return _show(request, scenario, form, given, sentence, found, key)


def _show(
    request: HttpRequest,
    scenario: Scenario,
    form: ReasonsForm,
    given: Given,
    sentence: str,
    found: Look | None,
    key: str,
) -> HttpResponse:
    seen = compare(scenario.round, [scenario], request.user, None)
    refused = found.found.refused if found else {}
    context = {
        "pool": scenario.round.pool,
        "round": scenario.round,
        "scenario": scenario,
        "seen": seen,
        "column": seen.columns[0],
        "given": given,
        "sentence": sentence,
        "form": form,
        "found": found,
        "refused": [(said, len(them), them[:SHOWN]) for said, them in refused.items()],
        "refused_count": sum(len(them) for them in refused.values()),
        "is_changed": bool(request.POST.get("vist")),
        "key": key,
    }
    return render(request, "workflow/casework/scenario_choose.html", context)


def _form(request: HttpRequest, given: Given) -> ReasonsForm:
    """Asks only for what is needed; the grounds are those of the newest rules among the cases."""
    cut = sum(0 < kr < (case.requested_kr or 0) for case, kr in given)
    refused = sum(not kr for _case, kr in given)
    newest = max((case for case, _kr in given), key=_version, default=None)
    grounds = [g for g in grounds_of(newest.version) if not g.is_favourable] if newest else []
    data = request.POST if request.method == "POST" else None
    return ReasonsForm(data, grounds=grounds, wanted={"cut": cut, "refused": refused})


def _version(case: Application) -> int:
    return case.version.number


def _reasons(form: ReasonsForm) -> Reasons:
    cut, cut_words = form.facts_for("cut")
    refused, refused_words = form.facts_for("refused")
    return Reasons(cut, cut_words, refused, refused_words)
