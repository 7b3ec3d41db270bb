"""Between the meetings: the chair decides what cannot wait."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.actions.meeting.urgent import decide_urgently
from pulje.errors import PuljeError
from pulje.forms.meeting.urgent import UrgentForm
from pulje.queries.casework.assessment import panel_of
from pulje.queries.casework.case import budget_of, earlier_support
from pulje.queries.meeting.ruling import left_of
from pulje.queries.meeting.urgent import next_meeting, waiting_for
from workflow.hands import carry_out
from workflow.views.access import allow, base_for, told

VERB = "decide_urgently"


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The recommended cases on no agenda that this person may decide alone."""
    allow(request.user, VERB)
    cases = waiting_for(request.user, timezone.localdate())
    context = {"cases": cases} | base_for(request.user)
    return render(request, "workflow/meeting/urgent.html", context)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One case, and the chair's decision on it."""
    allow(request.user, VERB)
    cases = waiting_for(request.user, timezone.localdate())
    case = next((case for case in cases if case.pk == pk), None)
    if case is None:
        raise Http404
    (proposal,) = case.current
    typed = request.POST if request.method == "POST" else None
    coming = next_meeting(case, timezone.now())
    next_on = coming.held_at if coming else None
    form = UrgentForm(typed, proposed_kr=proposal.amount_kr, next_on=next_on)
    if form.is_valid():
        try:
            carry_out(decide_urgently, case, by=request.user, **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(
                request, f"{case.number} er afgjort. Udvalget får det at vide på næste møde."
            )
            return redirect("staff:urgent")
    context = {
        "case": case,
        "proposal": proposal,
        "form": form,
        "left_kr": left_of([case.pool])[case.pool_id],
        "panel": panel_of(case, request.user),
        "budget": budget_of(case),
        "earlier": earlier_support(case),
    }
    context |= base_for(request.user)
    return render(
        request, "workflow/meeting/urgent_case.html", context, status=422 if typed else 200
    )
