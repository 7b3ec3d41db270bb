"""The meetings in the calendar: the lists, the next one, and a meeting planned or changed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.actions.meeting.committee import may_set_up
from pulje.actions.meeting.meeting import cancel_meeting, change_meeting, plan_meeting
from pulje.enums import MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting.plan import ChangeForm, PlanForm
from pulje.models import Meeting, User
from pulje.queries.appeal import open_at_committees
from pulje.queries.meeting.plan import coming_for, held_for, next_for
from pulje.queries.meeting.urgent import leads
from workflow.views.access import allow, base_for, may_do, meeting_or_404, status_of, told
from workflow.views.meeting.table import PREPARE

LATEST, PER_PAGE = 5, 50
TELL = " Medlemmerne får ikke besked af sig selv. Sig det til dem."


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The meetings to come and the latest held."""
    allow(request.user, "see_meeting")
    now, may_answer = timezone.now(), may_do(request.user, "answer_appeal")
    held = list(held_for(request.user, now)[: LATEST + 1])
    context = {
        "coming": coming_for(request.user, now),
        "held": held[:LATEST],
        "has_more": len(held) > LATEST,
        "complaints": open_at_committees(request.user).count() if may_answer else 0,
    }
    return render(request, "workflow/meeting/list.html", context | _rights(request.user))


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """All the meetings held, the newest first."""
    allow(request.user, "see_meeting")
    rows = held_for(request.user, timezone.now())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    return render(request, "workflow/meeting/held.html", {"page": page} | _rights(request.user))


@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    """To the next meeting; to the list when none is planned."""
    allow(request.user, "see_meeting")
    found = next_for(request.user, timezone.now())
    return redirect("staff:meeting", found.pk) if found else redirect("staff:meetings")


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
    context = {"form": form} | base_for(request.user)
    return render(request, "workflow/meeting/plan.html", context, status=status_of(form))


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time or place of a meeting that is not held."""
    found = _changeable(request, pk)
    given = {name: getattr(found, name) for name in ("held_at", "place", "agenda_due_on")}
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, initial=given, is_sent=found.locked_at is not None)
    if form.is_valid():
        try:
            change_meeting(found, by=request.user, **form.cleaned_data)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"Mødet er rettet.{TELL if form.is_moved else ''}")
            return redirect("staff:meetings")
    context = {"form": form, "meeting": found} | base_for(request.user)
    return render(request, "workflow/meeting/plan.html", context, status=status_of(form))


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then cancel."""
    found = _changeable(request, pk)
    if request.method == "POST":
        try:
            cancel_meeting(found, by=request.user)
        except PuljeError as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Mødet er aflyst. Sagerne kan komme på en anden dagsorden.")
        return redirect("staff:meetings")
    context = {"meeting": found, "cases": found.items.count()} | base_for(request.user)
    return render(request, "workflow/meeting/cancel.html", context)


def cancelled(request: HttpRequest, found: Meeting) -> HttpResponse:
    """What there is to say of a meeting that is not held."""
    context = {"meeting": found, "cases": found.items.count()} | base_for(request.user)
    return render(request, "workflow/meeting/cancelled.html", context)


def _changeable(request: HttpRequest, pk: int) -> Meeting:
    found = meeting_or_404(request, pk)
    allow(request.user, PREPARE)
    if found.state == MeetingState.CLOSED:
        raise Http404
    return found


def _rights(user: User) -> dict[str, object]:
    rights = {"may_prepare": may_do(user, PREPARE), "may_set_up": may_set_up(user)}
    rights["may_decide_urgently"] = leads(user, timezone.localdate())
    return rights | base_for(user)
