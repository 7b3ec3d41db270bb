"""The committee's pages: its meetings, the table of one, a decision, and all the rest in one go."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions import decision
from pulje.actions import meeting as meeting_actions
from pulje.actions.application import disqualify
from pulje.actions.deciding import Ruling
from pulje.enums import MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting import AttendanceForm, ConflictForm, RulingForm
from pulje.models import Meeting, User
from pulje.queries.appeal import open_at_committees
from pulje.queries.assessment import panel_of
from pulje.queries.casework import budget_of, earlier_support
from pulje.queries.committee import (
    Agenda,
    AgendaRow,
    agenda_of,
    meetings_for,
    voting_members,
)
from workflow.bulk import decide_many
from workflow.hands import carry_out
from workflow.views.access import allow, may_do, meeting_or_404, told


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The meetings to come and those held."""
    allow(request.user, "see_meeting")
    coming, held = meetings_for(request.user, timezone.now())
    may_answer = may_do(request.user, "answer_appeal")
    context = {
        "coming": coming,
        "held": held,
        "may_prepare": may_do(request.user, PREPARE),
        "complaints": open_at_committees(request.user).count() if may_answer else 0,
    }
    return render(request, "workflow/meeting_list.html", context | base_for(request.user))


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The one table of a meeting: asked, recommended, decided, and what is left."""
    found = meeting_or_404(request, pk)
    agenda, present = agenda_of(found, request.user), list(found.present.order_by("name", "pk"))
    here = {"present": [user.pk for user in present]}
    form = AttendanceForm(members=agenda.members, initial=here)
    context = {"agenda": agenda, "present": present, "form": form}
    return render(request, "workflow/meeting.html", context | _rights(request.user, found))


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


def item(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """One case of the meeting on one page, and the decision on it."""
    found = meeting_or_404(request, pk)
    agenda = agenda_of(found, request.user)
    row = next((row for row in agenda.rows if row.item.position == position), None)
    if row is None:
        raise Http404
    form = RulingForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid() and _ruled(request, found, row, form):
        return _onwards(agenda, row)
    context = {"agenda": agenda, "row": row, "form": form, "next": _neighbour(agenda, row, 1)}
    context |= {"previous": _neighbour(agenda, row, -1)} | _rights(request.user, found)
    if not row.is_mine_conflict:
        context |= {
            "panel": panel_of(row.case, request.user),
            "budget": budget_of(row.case),
            "earlier": earlier_support(row.case),
        }
    return render(request, "workflow/meeting_case.html", context)


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


def _ruled(request: HttpRequest, meeting: Meeting, row: AgendaRow, form: RulingForm) -> bool:
    try:
        if form.is_postponed:
            remark = form.cleaned_data["reasons"][:500]
            meeting_actions.postpone(row.item, by=request.user, remark=remark)
            messages.success(request, f"{row.case.number} er udsat.")
        else:
            carry_out(decision.decide, row.case, by=request.user, meeting=meeting, **form.facts())
            messages.success(request, f"{row.case.number} er besluttet.")
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True


def _onwards(agenda: Agenda, row: AgendaRow) -> HttpResponse:
    """To the next case without a decision, else to the table."""
    left = [r for r in agenda.pending if r is not row]
    later = [r for r in left if r.item.position > row.item.position] or left
    if not later:
        return redirect("staff:meeting", agenda.meeting.pk)
    return redirect("staff:agenda_item", agenda.meeting.pk, later[0].item.position)


def _neighbour(agenda: Agenda, row: AgendaRow, step: int) -> AgendaRow | None:
    place = agenda.rows.index(row) + step
    return agenda.rows[place] if 0 <= place < len(agenda.rows) else None


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


def _rights(user: User, meeting: Meeting) -> dict[str, object]:
    is_open = meeting.state != MeetingState.CLOSED
    return base_for(user) | {
        "may_decide": is_open and may_do(user, "close_meeting"),
        "may_prepare": is_open and may_do(user, PREPARE),
    }
