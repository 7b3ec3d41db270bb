"""Complaints over what a committee has decided: its chair or secretary answers for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from pulje.actions.decision.appeal import answer_appeal
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.casework.appeal import AnswerAppealForm
from pulje.permissions import check_not_disqualified
from pulje.queries.appeal import open_at_committees
from workflow.hands import carry_out
from workflow.peek import letter_before
from workflow.views.access import allow, as_pdf, base_for, told


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """Those that wait, the nearest deadline first."""
    allow(request.user, "answer_appeal")
    found = list(open_at_committees(request.user).order_by("due_on", "pk"))
    return render(
        request, "workflow/meeting/complaints.html", {"appeals": found} | base_for(request.user)
    )


def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint with the decision and what we have looked at again; POST answers it."""
    allow(request.user, "answer_appeal")
    appeal = get_object_or_404(open_at_committees(request.user), pk=pk)
    case = appeal.decision.application
    try:
        check_not_disqualified(request.user, case)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    form = AnswerAppealForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        try:
            if "se_brevet" in request.POST:
                return as_pdf(letter_before(answer_appeal, case, by=request.user, **form.facts()))
            carry_out(answer_appeal, case, by=request.user, **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Klagen er besvaret.")
            return redirect("staff:complaints")
    context = {"appeal": appeal, "case": case, "form": form} | base_for(request.user)
    return render(request, "workflow/meeting/complaint.html", context)
