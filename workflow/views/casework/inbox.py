"""The inbox, all cases, and taking a case."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from letters.queries import failed as queries_failed
from pulje.actions.casework.assessment import hand_over
from pulje.actions.casework.handover import claim as take
from pulje.enums import AssessmentState
from pulje.errors import PuljeError
from pulje.forms.casework.inbox import FilterForm, ViewForm
from pulje.models import Application, User
from pulje.permissions import hidden_from
from pulje.queries.casework import folders
from pulje.queries.casework import inbox as read
from pulje.queries.casework.inbox import Filters, Found
from pulje.states import CaseState
from workflow.hands import Action, carry_out
from workflow.views.access import allow, may_do
from workflow.views.opened import free_case

PER_PAGE = 25
PAGE_SIZES = (25, 50)
# the columns one can sort by: the order, and the other way round
INBOX_COLUMNS = {
    "Frist": ("frist", "-frist"),
    "Sag": ("sag", "-sag"),
    "Beløb": ("beloeb", "-beloeb"),
    "Alder": ("alder", "nyeste"),
}
ALL_COLUMNS = {
    "Modtaget": ("nyeste", "alder"),
    "Sag": ("sag", "-sag"),
    "Søgt": ("beloeb", "-beloeb"),
    "Frist": ("frist", "-frist"),
}
# what there is to do in a folder, whatever the case's state
FOLDER_TASKS = {
    folders.REVIEWS: "Giv din vurdering",
    folders.DECISIONS: "Afgør sagen",
    folders.CHANGES: "Svar på ændringen",
    folders.ASKED: "Svar udvalget",
    folders.APPEALS: "Behandl klagen",
}
DOWNWARD = frozenset({"-frist", "-sag", "beloeb", "nyeste"})


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One folder of this person's tasks, the latest deadline first."""
    allow(request.user, "see_case")
    counts = read.folder_counts(request.user)
    folder = request.GET.get("vis", "")
    folder = folder if folder in counts else read.first_folder(counts)
    filters = read.read_filters(request.GET, folder)
    people = read.colleagues_today(timezone.localdate())
    context = _page(request, filters, list(read.TASKS), people, INBOX_COLUMNS) | {
        "folder": folder,
        "folders": [(name, folders.FOLDERS[name], count) for name, count in counts.items()],
        "inbox_count": counts[folders.MINE] + counts[folders.REVIEWS],
        "may_claim": may_do(request.user, "claim_case"),
        "may_register": may_do(request.user, "check_case"),
        "meeting": read.next_meeting(timezone.now()),
        "failures": queries_failed.count() if may_do(request.user, "see_letters") else None,
        "today": timezone.localdate(),
        "away": next((one for one in people if one == request.user and one.away_until), None),
    }
    if not context["page"].object_list:
        context["next_due"] = read.next_due(request.user)
    return render(request, "workflow/casework/inbox.html", context)


@require_safe
def all_cases(request: HttpRequest) -> HttpResponse:
    """Every case that has been submitted, the newest first."""
    allow(request.user, "see_case")
    states = [state for state in CaseState if state != CaseState.DRAFT]
    people = read.colleagues_today(timezone.localdate())
    filters = read.read_filters(request.GET, "")
    context = _page(request, filters, states, people, ALL_COLUMNS)
    context["hidden"] = hidden_from(request.user, context["page"].object_list)
    return render(request, "workflow/casework/all_cases.html", context)


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a case nobody has."""
    case, _standing = free_case(request, pk)
    if _carried_out(request, take, case):
        messages.success(request, f"{case.number} er nu din.")
    return redirect("staff:case", pk)


@require_POST
def take_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The substitute takes over the assessment of somebody who is away."""
    case, _standing = free_case(request, pk)
    absent = read.absent_for(request.user, read.colleagues_today(timezone.localdate()))
    theirs = case.assessments.filter(reviewer__in=absent, state=AssessmentState.OPEN)
    assessment = theirs.select_related("reviewer").order_by("pk").first()
    if assessment is None:
        messages.error(request, "Der er ingen vurdering at overtage. Den kan være afgivet.")
    elif _carried_out(request, hand_over, case, reviewer=assessment.reviewer, to=request.user):
        messages.success(request, f"Vurderingen af {case.number} er nu din.")
    return redirect("staff:case", pk)


def _carried_out(request: HttpRequest, do: Action, case: Application, **facts: Any) -> bool:
    try:
        carry_out(do, case, by=request.user, **facts)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return False
    return True


def _page(
    request: HttpRequest,
    filters: Filters,
    states: Sequence[CaseState],
    people: Sequence[User],
    columns: dict[str, tuple[str, str]],
) -> dict[str, Any]:
    found = read.found_in(request.user, filters)
    paginator = _Counted(found, _page_size(request))
    page = paginator.get_page(request.GET.get("side"))
    for case in page:
        case.due_on = getattr(case, "answer_on", case.due_on)  # the answer's own
    pools = read.pools_to_choose()
    absent = read.absent_for(request.user, people)
    return {
        "page": page,
        "sizes": PAGE_SIZES if found.count > PAGE_SIZES[0] else (),
        "rows": [
            (case, _task(case, filters.folder), _age_in_days(case), absent.get(_task_of(case), ""))
            for case in page
        ],
        "absent": absent,
        "found": found,
        "filters": filters,
        "came_from": urlencode({"fra": filters.query}),
        "columns": {title: _column(filters, *orders) for title, orders in columns.items()},
        "form": FilterForm(filters, pools=pools, states=states, people=people),
        "views": list(request.user.saved_views.order_by("name", "pk")),
        "view_form": ViewForm(),
        "urgent": _urgent(filters),
    }


class _Counted(Paginator):
    """Pages of a list that has been counted already."""

    def __init__(self, found: Found, per_page: int) -> None:
        super().__init__(found.cases, per_page)
        self.count = found.count


def _page_size(request: HttpRequest) -> int:
    asked = request.GET.get("pr_side", "")
    return next((size for size in PAGE_SIZES if str(size) == asked), PER_PAGE)


def _column(filters: Filters, order: str, other: str) -> dict[str, str]:
    """What the header of a column leads to, and how it is sorted now."""
    now = filters.order if filters.order in (order, other) else ""
    sort = "descending" if now in DOWNWARD else "ascending"
    return {"order": other if now == order else order, "sort": sort if now else ""}


def _urgent(filters: Filters) -> str:
    """The same list with only what is urgent, or with the rest as well."""
    turned = Filters(**{**vars(filters), "is_urgent": not filters.is_urgent})
    return turned.query


def _task(case: Application, folder: str) -> str:
    return FOLDER_TASKS.get(folder) or read.TASKS.get(CaseState(case.state), "Se sagen")


def _task_of(case: Application) -> int:
    """Whose task it is, where the folder may hold somebody else's."""
    return getattr(case, "task_of", 0)


def _age_in_days(case: Application) -> int:
    return (timezone.now() - case.submitted_at).days if case.submitted_at else 0
