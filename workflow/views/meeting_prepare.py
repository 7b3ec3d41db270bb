"""Before the meeting: recommended cases are put on its agenda."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pulje.actions.meeting import put_on_agenda
from pulje.errors import PuljeError
from pulje.forms.meeting import AgendaForm
from pulje.queries.committee import agenda_of, money_for, ready_for
from workflow.views.access import allow, meeting_or_404, told
from workflow.views.meetings import PREPARE, base_for


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
