"""The committee's pages: the one table of a meeting, and the same table live on every screen."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.enums import MeetingState
from pulje.models import Meeting, User
from pulje.queries.meeting.committee import agenda_of
from pulje.queries.meeting.reading import marks_of
from pulje.queries.meeting.ruling import OPEN
from pulje.queries.meeting.table import Agenda, AgendaRow
from workflow.views.access import base_for, may_do, meeting_or_404


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The one table of a meeting: asked, recommended, recorded, and what is left.

    ``?som=udvalget``: as a member without an office sees it.
    """
    context = _table(request, meeting_or_404(request, pk))
    if request.GET.get("som") == "udvalget":
        context |= dict.fromkeys(RIGHTS, False) | {"base": "base_committee.html"}
        context["as_committee"] = True
    return render(request, "workflow/meeting/meeting.html", context)


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes while the meeting is held; 204 while a screen shows it as it stands."""
    found = meeting_or_404(request, pk)
    if request.GET.get("set") == str(found.changes):
        return HttpResponse(status=204)
    if "HX-Request" not in request.headers:
        return redirect("staff:meeting", pk)
    if "sag" in request.GET:
        return _one_case(request, found)
    return render(request, "workflow/meeting/board.html", _table(request, found))


def _one_case(request: HttpRequest, found: Meeting) -> HttpResponse:
    """What has come of one case, and what is left; nothing to whoever takes no part in it."""
    agenda = agenda_of(found, request.user)
    row = agenda.row(request.GET["sag"])
    if row is None:
        raise Http404
    if row.is_mine_conflict:  # since the page was opened: it is made anew, shut
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = live(agenda, row) | {"shown": request.GET.get("foer", "")}
    context |= {"agenda": agenda, "row": row} | rights_at(request.user, found)
    return render(request, "workflow/meeting/case_live.html", context)


def live(agenda: Agenda, row: AgendaRow) -> dict[str, object]:
    """What changes on the page of one case; ``shown`` is the ruling the page was made with."""
    ruling_id = str(row.ruling.pk) if row.ruling else ""
    return {"rest_kr": agenda.money_of(row).rest_kr, "ruling_id": ruling_id, "shown": ruling_id}


def _table(request: HttpRequest, found: Meeting) -> dict[str, object]:
    agenda = agenda_of(found, request.user)
    now = timezone.now()
    marks = marks_of(found, request.user)
    read = sum(
        marks.by_item[row.item.pk].is_read for row in agenda.rows if not row.is_mine_conflict
    )
    shown = {"agenda": agenda, "now": now, "marks": marks, "read": read, "as_committee": False}
    return shown | rights_at(request.user, found)


PREPARE = "prepare_meeting"
RIGHTS = ("is_open", "may_record", "may_decide", "may_prepare", "may_see_case", "next_step")


def rights_at(user: User, meeting: Meeting) -> dict[str, object]:
    """What to offer; each action asks for itself."""
    is_open = meeting.state in OPEN
    day = timezone.localdate(meeting.held_at)
    return base_for(user) | {
        "is_open": is_open,
        "may_record": is_open and may_do(user, "record_ruling"),
        "may_decide": is_open and may_do(user, "record_ruling") and timezone.localdate() >= day,
        "may_prepare": is_open and may_do(user, PREPARE),
        "next_step": _next_step(user, meeting),
    }


def _next_step(user: User, meeting: Meeting) -> str:
    """What the button after the meeting is called; nothing for whom it is no work."""
    if meeting.state != MeetingState.CLOSED:
        return ""
    may_approve = may_do(user, "approve_minutes")
    if may_approve and not meeting.minutes_approved_at and meeting.closed_by_id != user.pk:
        return "Godkend referatet"
    return "Efter mødet" if may_approve or may_do(user, "see_case") else ""
