"""Who is in the room: present, called in for somebody, out for a case."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions.meeting.attendance import call_substitute, come_back, leave_room, send_home
from pulje.actions.meeting.meeting import record_attendance
from pulje.enums import MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting.attendance import AbsenceForm, PresentForm, SubstituteForm
from pulje.models import ItemAbsence, Meeting, Substitution
from pulje.queries.meeting.attendance import Attendance, attendance_of
from workflow.views.access import allow, base_for, may_do, meeting_or_404, told

RECORD = "record_ruling"
# what the page's buttons say they do
PRESENT, CALL, HOME, OUT, BACK = "fremme", "kald", "hjem", "ude", "tilbage"
FORMS = {PRESENT: PresentForm, CALL: SubstituteForm, OUT: AbsenceForm}
ACTS: dict[str, Callable[..., object]] = {
    PRESENT: lambda meeting, **facts: record_attendance(meeting, at=timezone.now(), **facts),
    CALL: call_substitute,
    OUT: leave_room,
}
DONE = "Fremmødet er ført til protokol."
Forms = dict[str, PresentForm | SubstituteForm | AbsenceForm]


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Present, substitutes, who is out of which case, and whether they are enough in each."""
    found = meeting_or_404(request, pk)
    items = found.items.select_related("application__applicant").order_by("position")
    here = attendance_of(found, items)
    forms = _forms(request, here)
    if request.method == "POST":
        allow(request.user, RECORD)
        if _is_done(request, found, forms):
            return redirect("staff:attendance", pk)
    context = {
        "meeting": found,
        "attendance": here,
        "forms": forms,
        "called": _called(found),
        "absences": _absences(found),
        "is_before": timezone.localdate() < timezone.localdate(found.held_at),
        "may_record": may_do(request.user, RECORD) and found.state != MeetingState.CLOSED,
    }
    context |= base_for(request.user)
    status = 422 if request.method == "POST" else 200
    return render(request, "workflow/meeting/attendance.html", context, status=status)


def _forms(request: HttpRequest, here: Attendance) -> Forms:
    """The three forms; the one that was sent knows what was typed."""
    sent = request.POST.get("handling")
    forms: Forms = {
        name: kind(request.POST if sent == name else None, attendance=here)
        for name, kind in FORMS.items()
    }
    forms[CALL].initial = {
        "stands_in_for": request.GET.get("for"),
        "items": request.GET.get("numre"),
    }
    return forms


def _is_done(request: HttpRequest, meeting: Meeting, forms: Forms) -> bool:
    do = request.POST.get("handling", "")
    if do not in forms:
        return _undone(request, meeting, do)
    form = forms[do]
    if not form.is_valid():
        return False
    try:
        ACTS[do](meeting, by=request.user, **form.cleaned_data)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    messages.success(request, DONE)
    return True


def _undone(request: HttpRequest, meeting: Meeting, do: str) -> bool:
    """A substitute goes home, or a member comes back; pressed twice, it is done already."""
    key = request.POST.get("id", "")
    rows = {HOME: _called, BACK: _absences}.get(do)
    row = rows(meeting).filter(pk=key).first() if rows and key.isdecimal() else None
    if row is None:
        return True
    try:
        send_home(row, by=request.user) if do == HOME else come_back(row, by=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, DONE)
    return True


def _called(meeting: Meeting) -> QuerySet[Substitution]:
    rows = meeting.substitutions.select_related("meeting", "user", "stands_in_for", "item")
    return rows.order_by("item__position", "pk")


def _absences(meeting: Meeting) -> QuerySet[ItemAbsence]:
    rows = ItemAbsence.objects.filter(item__meeting=meeting)
    return rows.select_related("user", "item__meeting").order_by("item__position", "pk")
