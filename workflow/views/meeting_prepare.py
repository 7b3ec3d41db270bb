"""Before the meeting: put it in the calendar, and put recommended cases on its agenda."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pulje.actions.meeting import plan_meeting, put_on_agenda
from pulje.errors import PuljeError
from pulje.forms.meeting import AgendaForm, PlanForm
from pulje.queries.committee import agenda_of, money_for, ready_for
from workflow.views.access import allow, meeting_or_404, told
from workflow.views.meetings import PREPARE, base_for


def plan(request: HttpRequest) -> HttpResponse:
    """A new meeting."""
    allow(request.user, PREPARE)
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            planned = plan_meeting(by=request.user, **form.cleaned_data)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Mødet er oprettet. Vælg sagerne til dagsordenen.")
            return redirect("staff:prepare_meeting", planned.pk)
    return render(request, "workflow/meeting_plan.html", {"form": form} | base_for(request.user))


def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick recommended cases; the rest of the frame follows while they are picked."""
    meeting = meeting_or_404(request, pk)
    allow(request.user, PREPARE)
    ready = ready_for(meeting)
    form = AgendaForm(request.POST if request.method == "POST" else None, ready=ready)
    if form.is_valid():
        try:
            put_on_agenda(meeting, form.chosen(), by=request.user)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{len(form.chosen())} sager er sat på dagsordenen.")
            return redirect("staff:meeting", pk)
    context = {"agenda": agenda_of(meeting, request.user), "ready": ready, "form": form}
    context |= {"money": money_for(meeting, ready)} | base_for(request.user)
    return render(request, "workflow/meeting_prepare.html", context)
