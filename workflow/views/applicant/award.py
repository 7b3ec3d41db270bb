"""The applicant opens the decision, says yes or no to an award, or takes the application back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pulje.actions.application import application as actions
from pulje.actions.grant import award
from pulje.errors import PuljeError
from pulje.forms.applicant.answer import DeclineForm
from pulje.permissions import check_may
from pulje.states import CaseState, Verb
from workflow.hands import carry_out
from workflow.told import Telling, check_told, telling
from workflow.told import open_decision as open_decision_of
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.person import PersonRequest


@require_POST
def open_decision(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the decision from now on, and keep when it was first opened."""
    case = own_case_or_404(request, pk)
    if telling(case) == Telling.UNOPENED:
        open_decision_of(case, by=request.user, at=timezone.now())
    return redirect("applicant:case", case.pk)


@require_POST
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    shown = request.POST.get("decision", "")
    try:
        check_told(case)
        facts = {"shown": int(shown)} if shown.isdecimal() and len(shown) < 12 else {}
        carry_out(award.accept, case, by=request.user, **facts)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Tak for svaret. Pengene bliver udbetalt efter planen."))
    return redirect("applicant:case", case.pk)


def decline(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    try:
        check_told(case)
        check_may(request.user, Verb.DECLINE, case)
        if form.is_valid():
            carry_out(award.decline, case, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Svaret er sendt. Pengene går tilbage til puljen."))
            return redirect("applicant:case", case.pk)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    return render(request, "workflow/applicant/decline.html", {"case": case, "form": form})


def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    was_draft = case.state == CaseState.DRAFT
    try:
        check_told(case)
        check_may(request.user, Verb.WITHDRAW, case)
        if request.method == "POST":
            carry_out(actions.withdraw, case, by=request.user)
            done = _("Kladden er slettet.") if was_draft else _("Ansøgningen er trukket tilbage.")
            messages.success(request, done)
            return redirect("applicant:mine")
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    context = {"case": case, "one": case.applicant.is_one_person}
    return render(request, "workflow/applicant/withdraw.html", context)
