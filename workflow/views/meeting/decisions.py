"""Decisions made in another meeting system: a file, what it says here, and then recorded."""

import json
from collections.abc import Sequence
from dataclasses import astuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions.meeting.ruling import record_rulings
from pulje.errors import PuljeError
from pulje.forms.meeting.decisions import ConfirmedLinesForm, DecisionsFileForm
from pulje.imports.decision_file import Line, read_lines
from pulje.imports.decisions import check_lines, rehearse
from pulje.models import Meeting
from workflow.views.access import allow, base_for, meeting_or_404, told


def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; see every line of it; confirm. Nothing is recorded before that."""
    meeting = meeting_or_404(request, pk)
    allow(request.user, "record_ruling")
    if "linjer" in request.POST:
        confirmed = ConfirmedLinesForm(request.POST)
        if not confirmed.is_valid():
            messages.error(request, "Vælg filen igen.")
            return redirect("staff:decisions", pk)
        lines = [Line(*cells) for cells in confirmed.cleaned_data["linjer"]]
        return _recorded(request, meeting, lines)
    form = DecisionsFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            return _shown(request, meeting, read_lines(*form.cleaned_data["fil"]))
        except PuljeError as refusal:
            told(form, refusal)
    context = {"meeting": meeting, "form": form} | base_for(request.user)
    status = 422 if form.is_bound else 200
    return render(request, "workflow/meeting/decisions.html", context, status=status)


def _shown(
    request: HttpRequest, meeting: Meeting, lines: Sequence[Line], refusal: str = ""
) -> HttpResponse:
    """What the lines say here; the button is there when all of them can be recorded."""
    check = check_lines(meeting, lines, by=request.user)
    if not check.refused and not refusal:
        refusal = rehearse(meeting, check, by=request.user, at=timezone.now())
    context = {
        "meeting": meeting,
        "check": check,
        "refusal": refusal,
        "lines": json.dumps([astuple(line) for line in lines], ensure_ascii=False),
    }
    status = 422 if refusal or check.refused else 200
    context |= base_for(request.user)
    return render(request, "workflow/meeting/decisions_check.html", context, status=status)


def _recorded(request: HttpRequest, meeting: Meeting, lines: Sequence[Line]) -> HttpResponse:
    """Check once more, for the agenda may have changed, then record all or nothing."""
    check = check_lines(meeting, lines, by=request.user)
    if check.refused:
        return _shown(request, meeting, lines)
    try:
        record_rulings(meeting, check.recorded, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        return _shown(request, meeting, lines, refusal.sentence)
    number = len(check.recorded)
    done = f"{number} {'beslutning' if number == 1 else 'beslutninger'} er ført til protokol."
    messages.success(request, done)
    return redirect("staff:meeting", meeting.pk)
