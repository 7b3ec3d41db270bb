"""The small answers of the case page: a point of the checklist, what the case is about."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions.casework.checklist import mark
from pulje.actions.casework.classification import classify
from pulje.errors import PuljeError
from pulje.forms.casework.check import ClassifyForm, PointForm
from pulje.queries.casework.checklist import checklist_of
from workflow.views.access import to_case, told
from workflow.views.opened import free_case
from workflow.views.verbs import CaseAction

# what cannot be kept is a page of its own, also when htmx asked for a point only
WHOLE_PAGE = {"HX-Retarget": "main", "HX-Reselect": "main", "HX-Reswap": "outerHTML"}
CLASSIFY = CaseAction(classify, "Tema og sted", "Gem", "Gemt.", ClassifyForm)


@require_POST
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one point. What cannot be kept comes back over the point, with what was typed."""
    case, _standing = free_case(request, pk)
    form = PointForm(request.POST)
    if form.is_valid():
        try:
            mark(case, by=request.user, at=timezone.now(), **form.facts())
            return to_case(request, pk, "#punkter")
        except PuljeError as refusal:
            told(form, refusal)
    point = next((p for p in checklist_of(case) if p.key == request.POST.get("punkt")), None)
    context = {"case": case, "point": point, "form": form, "typed": request.POST}
    answer = render(request, "workflow/casework/check_point.html", context)
    for name, value in WHOLE_PAGE.items():
        answer[name] = value
    return answer


@require_POST
def set_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the theme and the place."""
    case, _standing = free_case(request, pk)
    form = ClassifyForm(request.POST, case=case)
    if form.is_valid():
        try:
            classify(case, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, CLASSIFY.done)
            return to_case(request, pk)
    context = {"case": case, "action": CLASSIFY, "form": form, "change": None}
    return render(request, "workflow/casework/action.html", context)
