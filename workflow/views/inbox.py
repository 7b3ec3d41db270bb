"""The inbox, all cases, the numbers of all pools, and taking a case."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.application import assign
from pulje.errors import PuljeError
from pulje.forms.inbox import FilterForm
from pulje.models import Application
from pulje.models.application import ApplicationQuerySet
from pulje.queries import inbox as read
from pulje.queries.dashboard import GROUPS, overview
from pulje.states import CaseState
from workflow.hands import carry_out
from workflow.views.access import allow, case_or_404, may_do

PER_PAGE = 25
FIELDS = ("q", "pulje", "status", "orden")


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One folder of this person's tasks, the latest deadline first."""
    allow(request.user, "see_case")
    counts = read.folder_counts(request.user)
    folder = request.GET.get("vis", "")
    folder = folder if folder in counts else read.first_folder(counts)
    form = FilterForm(request.GET, pools=read.pools_to_choose(), states=list(read.TASKS))
    cases = read.inbox(request.user, form.filters(folder))
    context = _page(request, cases, form) | {
        "folder": folder,
        "folders": [(name, read.FOLDERS[name], count) for name, count in counts.items()],
        "inbox_count": counts[read.MINE] + counts[read.REVIEWS],
        "may_claim": may_do(request.user, "assign"),
        "meeting": read.next_meeting(timezone.now()),
    }
    if not context["page"].object_list:
        context["next_due"] = read.next_due(request.user)
    return render(request, "workflow/inbox.html", context)


@require_safe
def all_cases(request: HttpRequest) -> HttpResponse:
    """Every case that has been submitted, the newest first."""
    allow(request.user, "see_case")
    states = [state for state in CaseState if state != CaseState.DRAFT]
    form = FilterForm(request.GET, pools=read.pools_to_choose(), states=states, order="nyeste")
    context = _page(request, read.all_cases(form.filters()), form)
    return render(request, "workflow/all_cases.html", context)


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Every pool: its money, its cases by state, what is late."""
    allow(request.user, "see_case")
    pools = overview(timezone.localdate())
    return render(request, "workflow/overview.html", {"pools": pools, "groups": list(GROUPS)})


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a case nobody has."""
    case, _standing = case_or_404(request, pk)
    try:
        carry_out(assign, case, by=request.user, to=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{case.number} er nu din.")
    return redirect("staff:case", pk)


def _page(request: HttpRequest, cases: ApplicationQuerySet, form: FilterForm) -> dict[str, object]:
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("side"))
    return {
        "page": page,
        "rows": [(case, _task(case), _age_in_days(case)) for case in page],
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in FIELDS),
    }


def _task(case: Application) -> str:
    return read.TASKS.get(CaseState(case.state), "Se sagen")


def _age_in_days(case: Application) -> int:
    return (timezone.now() - case.submitted_at).days if case.submitted_at else 0
