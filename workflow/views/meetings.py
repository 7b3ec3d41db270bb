"""The committee's pages: its meetings, the table of one, a decision, and all the rest in one go."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pulje.actions import meeting as meeting_actions
from pulje.actions.application import disqualify
from pulje.actions.deciding import Ruling
from pulje.enums import MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting import AttendanceForm, ConflictForm
from pulje.models import Meeting, User
from pulje.queries.committee import (
    agenda_of,
    voting_members,
)
from workflow.bulk import decide_many
from workflow.hands import carry_out
from workflow.views.access import allow, may_do, meeting_or_404


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The one table of a meeting: asked, recommended, decided, and what is left."""
    found = meeting_or_404(request, pk)
    agenda, present = agenda_of(found, request.user), list(found.present.order_by("name", "pk"))
    here = {"present": [user.pk for user in present]}
    form = AttendanceForm(members=agenda.members, initial=here)
    context = {"agenda": agenda, "present": present, "form": form}
    return render(request, "workflow/meeting.html", context | rights_at(request.user, found))


@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there."""
    found = meeting_or_404(request, pk)
    form = AttendanceForm(request.POST, members=voting_members(found))
    if form.is_valid():
        present = list(form.cleaned_data["present"])
        _try(
            request,
            "Fremmødet er ført til protokol.",
            lambda: meeting_actions.record_attendance(found, by=request.user, present=present),
        )
    else:
        messages.error(request, "Vælg, hvem der er til stede.")
    return redirect("staff:meeting", pk)


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then decide everything that is left as recommended, in one transaction."""
    found = meeting_or_404(request, pk)
    allow(request.user, "close_meeting")
    agenda = agenda_of(found, request.user)
    shown = " ".join(f"{row.case.pk}:{row.proposed_kr}" for row in agenda.together)
    if request.method == "POST":
        if request.POST.get("vist", shown) != shown:  # nobody decides what was not on the screen
            messages.error(request, "Listen er ændret, siden du så den. Se den igennem igen.")
            return redirect("staff:follow", pk)
        rulings = [Ruling(row.case, row.proposed_kr) for row in agenda.together]
        if _try(
            request,
            f"{_cases(len(rulings))} er besluttet som indstillet.",
            lambda: decide_many(rulings, by=request.user, meeting=found),
        ):
            return redirect("staff:meeting", pk)
    context = {"agenda": agenda, "shown": shown} | base_for(request.user)
    return render(request, "workflow/meeting_follow.html", context)


def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's own disqualification."""
    found = meeting_or_404(request, pk)
    agenda = agenda_of(found, request.user)
    data = request.POST if request.method == "POST" else None
    form = ConflictForm(data, rows=agenda.rows, chosen=request.GET.get("sag", ""))
    if form.is_valid():
        told_so = {"person": request.user, "reason": form.cleaned_data["reason"][:300]}
        with transaction.atomic():
            for case in form.cases():
                carry_out(disqualify, case, by=request.user, **told_so)
        messages.success(request, f"Du er meldt inhabil i {_cases(len(form.cases()))}.")
        return redirect("staff:meeting", pk)
    context = {"agenda": agenda, "form": form} | base_for(request.user)
    return render(request, "workflow/meeting_conflict.html", context)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the meeting."""
    found = meeting_or_404(request, pk)
    _try(
        request,
        "Mødet er afsluttet.",
        lambda: meeting_actions.close_meeting(found, by=request.user),
    )
    return redirect("staff:meeting", pk)


PREPARE = "prepare_meeting"


def _cases(number: int) -> str:
    return f"{number} sag" if number == 1 else f"{number} sager"


def _try(request: HttpRequest, done: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, done)
    return True


def base_for(user: User) -> dict[str, object]:
    """Staff keep their own menu; a committee has its own."""
    is_staff = may_do(user, "see_case")
    base = "base_staff.html" if is_staff else "base_committee.html"
    return {"base": base, "may_see_case": is_staff}


def rights_at(user: User, meeting: Meeting) -> dict[str, object]:
    is_open = meeting.state != MeetingState.CLOSED
    return base_for(user) | {
        "may_decide": is_open and may_do(user, "close_meeting"),
        "may_prepare": is_open and may_do(user, PREPARE),
    }
