"""A meeting is closed; then its minutes are mended and approved, and its letters leave."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.models import Letter
from pulje.enums import MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting.minutes import CorrectForm
from pulje.models import Meeting
from pulje.queries.meeting.closing import outlook_of, settled_at
from pulje.queries.meeting.committee import agenda_of
from workflow.bulk import close_meeting
from workflow.minutes import approve_minutes, correct_ruling
from workflow.views.access import base_for, may_do, meeting_or_404, status_of, told
from workflow.views.meeting.item import row_or_404
from workflow.views.meeting.plan import cancelled
from workflow.views.meeting.table import rights_at


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What closing will do, and the button; once closed, what is left to do."""
    found = meeting_or_404(request, pk)
    if request.method == "POST":
        try:
            entries = close_meeting(found, by=request.user)
        except PuljeError as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Mødet er afsluttet. {_handled(len(entries))}.")
        return redirect("staff:close_meeting", pk)
    if found.state == MeetingState.CLOSED:
        return _after(request, found)
    if found.state == MeetingState.CANCELLED:
        return cancelled(request, found)
    agenda = agenda_of(found, request.user)
    context = {"agenda": agenda, "outlook": outlook_of(agenda, timezone.now())}
    context["may_close"] = may_do(request.user, "close_meeting")
    return render(request, "workflow/meeting/close.html", context | rights_at(request.user, found))


def _after(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    user = request.user
    is_approved = meeting.minutes_approved_at is not None
    is_theirs = may_do(user, "approve_minutes")
    context = {
        "meeting": meeting,
        "rows": settled_at(meeting, user),
        "letters": Letter.objects.of_meeting(meeting).by_stage(),
        "may_read_letters": may_do(user, "see_letters"),
        "may_correct": not is_approved and may_do(user, "record_ruling"),
        "may_approve": not is_approved and is_theirs and meeting.closed_by_id != user.pk,
        "closed_it": is_theirs and meeting.closed_by_id == user.pk,
    }
    return render(request, "workflow/meeting/after.html", context | base_for(user))


def correct(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """One ruling of a closed meeting, corrected with the reason."""
    agenda, row = row_or_404(request, meeting_or_404(request, pk), position)
    if row.is_mine_conflict:
        raise PermissionDenied(
            "Du er inhabil i sagen, eller det er ikke afklaret. Du kan ikke læse eller rette den."
        )
    if request.method != "POST" and agenda.meeting.minutes_approved_at:
        messages.error(request, "Referatet er godkendt, så beslutningerne kan ikke rettes.")
        return redirect("staff:close_meeting", pk)
    form = CorrectForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid():
        try:
            correct_ruling(row.item, by=request.user, corrected=form.corrected())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            done = f"Sag {position} er rettet. Der er bestilt et nyt referat."
            messages.success(request, done)
            return redirect("staff:close_meeting", pk)
    context = {"agenda": agenda, "row": row, "form": form} | base_for(request.user)
    return render(request, "workflow/meeting/correct.html", context, status=status_of(form))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes stand; nobody approves a version that was not on the screen."""
    found = meeting_or_404(request, pk)
    seen = request.POST.get("set", "")
    try:
        approve_minutes(
            found,
            by=request.user,
            at=timezone.now(),
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
        )
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Referatet er godkendt. Brevene kan nu læses og sendes.")
    return redirect("staff:close_meeting", pk)


def _handled(number: int) -> str:
    return "1 sag er behandlet" if number == 1 else f"{number} sager er behandlet"
