"""Many cases at once: looked through before anything happens, and how far the work is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST, require_safe

from pulje.actions import job as rows
from pulje.actions.job import MOST_CASES
from pulje.enums import JobState
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.casework.bulk import JobForm
from pulje.models import Application, Job
from pulje.queries import job as read
from pulje.queries.casework.inbox import listed, read_filters
from pulje.templatetags.words import tal
from workflow import jobs
from workflow.job_actions import ACTIONS, JobAction, check_offered
from workflow.views.access import allow

SALT = "workflow.bulk"
A_DAY = 24 * 60 * 60
SHOWN = 100  # of each list of cases; the number is always the whole
LINES = list[tuple[Application, Mapping[str, Any]]]


@dataclass(frozen=True)
class Shown:
    """What the person has been shown, signed into the page: only that can be started."""

    action: str
    cases: list[int]
    ready: list[int]
    facts: Mapping[str, Any] | None
    key: str

    def sealed(self, by: int) -> str:
        return signing.dumps({"by": by, **vars(self)}, salt=SALT, compress=True)


def bulk(request: HttpRequest) -> HttpResponse:
    """The pre-flight: what can be done to the chosen cases, what cannot and why; then the start."""
    allow(request.user, "see_case")
    if request.method != "POST":
        return redirect("staff:inbox")
    shown = _opened(request)
    name = shown.action if shown else request.POST.get("handling", "")
    try:
        action = check_offered(request.user, name)
        cases = _cases(shown.cases) if shown else _chosen(request)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_back(request))
    assert action.form is not None
    form = action.form(request.POST if shown else None, by=request.user)
    if shown is None:
        return _look(request, name, cases, _filled(action, form), is_first=True)
    if form.is_valid() and shown.facts == form.facts() and shown.ready:
        lines: LINES = [(case, {}) for case in cases if case.pk in set(shown.ready)]
        job = jobs.start(name, lines, facts=form.facts(), by=request.user, key=shown.key)
        return to_job(job.pk, _back(request))
    return _look(request, name, cases, form, is_changed=shown.facts is not None)


def _look(
    request: HttpRequest,
    name: str,
    cases: list[Application],
    form: JobForm,
    *,
    is_first: bool = False,
    is_changed: bool = False,
) -> HttpResponse:
    """Run the pre-flight when what is typed allows, and show it."""
    found, facts = None, None
    if form.is_bound and form.is_valid():
        facts = form.facts()
        lines: LINES = [(case, {}) for case in cases]
        found = jobs.preflight(name, lines, facts=facts, by=request.user)
    elif is_first:
        form = type(form)(by=request.user)  # nothing is wrong before anything is typed
    ready = [case.pk for case in found.ready] if found else []
    shown = Shown(name, [case.pk for case in cases], ready, facts, get_random_string(12))
    refused = sorted(found.refused.items(), key=lambda row: -len(row[1])) if found else []
    context = {
        "action": ACTIONS[name],
        "form": form,
        "cases": cases,
        "found": found,
        "refused": [(sentence, len(them), them[:SHOWN]) for sentence, them in refused],
        "refused_count": sum(len(them) for _sentence, them in refused),
        "button": ACTIONS[name].button.replace("{sager}", _sager(len(ready))),
        "ready": found.ready[:SHOWN] if found else [],
        "is_changed": is_changed and found is not None,
        "shown": shown.sealed(request.user.pk),
        "back": _back(request),
    }
    return render(request, "workflow/casework/bulk.html", context)


def _filled(action: JobAction, form: JobForm) -> JobForm:
    """The form as if its suggestions had been sent: often there is nothing to type."""
    assert action.form is not None
    data = QueryDict(mutable=True)
    for bound in form:
        given = bound.initial
        if isinstance(given, list):
            data.setlist(bound.html_name, [str(one) for one in given])
        elif given:
            data[bound.html_name] = str(given)
    return action.form(data, by=form.by)


def _opened(request: HttpRequest) -> Shown | None:
    """What an earlier pre-flight of this person showed; None for a first look, or one too old."""
    try:
        said = signing.loads(request.POST.get("vist", ""), salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return Shown(**said) if said.pop("by") == request.user.pk else None


def _chosen(request: HttpRequest) -> list[Application]:
    """The ticked cases, or all that the list's address finds. Raises RuleBroken for too many."""
    if query := request.POST.get("udvalg"):
        found = listed(request.user, read_filters(QueryDict(query))).values_list("pk", flat=True)
        keys = list(found[: MOST_CASES + 1])
    else:
        keys = [int(key) for key in request.POST.getlist("sag") if key.isdecimal()]
    cases = _cases(keys[: MOST_CASES + 1])
    rows.check_number(len(cases))
    return cases


def _cases(keys: list[int]) -> list[Application]:
    """The cases in the order of the list; a draft is the applicant's own."""
    found = Application.objects.submitted().select_related("caseworker", "applicant", "pool")
    by_key = found.defer("description", "learning", "answers").in_bulk(keys)
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]


def _sager(count: int) -> str:
    return "1 sag" if count == 1 else f"{tal(count)} sager"


def _back(request: HttpRequest) -> str:
    """The list one came from; only lists of ours."""
    path = request.POST.get("tilbage") or request.GET.get("tilbage", "")
    return path if path.startswith("/sag/") else "/sag/"


def to_job(pk: int, back: str) -> HttpResponse:
    """How far the work is, with the way back to where it was begun."""
    return redirect(f"{reverse('staff:job', args=[pk])}?{urlencode({'tilbage': back})}")


def _came_from(back: str) -> str:
    if "/fordeling/" in back:
        return "Fordelingen"
    return "Puljen" if back.startswith("/sag/puljer/") else "Listen, du kom fra"


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; it goes on whether anybody looks or not."""
    job = _own(request, pk)
    progress = read.progress_of(job)
    refusals = read.refusals_of(job) if progress.refused else []
    context = {
        "job": job,
        "action": ACTIONS.get(job.action),
        "progress": progress,
        "refused": [(sentence, len(them), them[:SHOWN]) for sentence, them in refusals],
        "done": read.done_of(job, SHOWN) if progress.done else [],
        "is_running": job.state == JobState.RUNNING,
        "is_stopped": job.state == JobState.STOPPED,
        "back": _back(request),
        "came_from": _came_from(_back(request)),
    }
    is_part = request.headers.get("HX-Request") == "true"
    template = "workflow/casework/_job.html" if is_part else "workflow/casework/job.html"
    return render(request, template, context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own work on many cases, the newest first."""
    allow(request.user, "see_case")
    found = [(job, ACTIONS.get(job.action)) for job in read.jobs_of(request.user)[:SHOWN]]
    return render(request, "workflow/casework/jobs.html", {"jobs": found})


@require_POST
def steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop it, go on with it, or try what was refused once more."""
    job = _own(request, pk)
    match request.POST.get("trin"):
        case "stop":
            rows.stop(job, by=request.user, at=timezone.now())
        case "fortsaet":
            jobs.resume(job, by=request.user)
        case "igen":
            jobs.try_again(job, by=request.user)
    return to_job(pk, _back(request))


def _own(request: HttpRequest, pk: int) -> Job:
    allow(request.user, "see_case")
    return get_object_or_404(Job, pk=pk, started_by=request.user)
