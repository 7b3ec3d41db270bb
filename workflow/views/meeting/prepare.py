"""Before the meeting: its agenda is put together, worded, locked, and opened again for a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from pulje.actions.meeting.agenda import prepare_case, save_agenda
from pulje.actions.meeting.agenda_lock import lock_agenda, unlock_agenda
from pulje.actions.meeting.agenda_points import write_texts
from pulje.enums import ItemOutcome, MeetingState
from pulje.errors import PuljeError
from pulje.forms.meeting.agenda import PointForm, PreparedCaseForm, PrepareForm, UnlockForm, number
from pulje.models import AgendaItem, Meeting
from pulje.permissions import hidden_from
from pulje.queries.meeting.agenda import preparation_of
from pulje.queries.meeting.reported import unreported
from pulje.queries.pool.money import money_of, pending_at
from pulje.states import STEPS, Verb
from pulje.templatetags.words import tid
from workflow.views.access import allow, base_for, may_do, meeting_or_404, status_of, told
from workflow.views.meeting.plan import cancelled
from workflow.views.meeting.table import PREPARE

OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda as a table; the rest of each frame follows while amounts are typed."""
    meeting = _meeting(request, pk)
    if meeting.state in OVER:
        messages.info(request, "Mødet er holdt eller aflyst, så der er ikke mere at forberede.")
        return redirect("staff:meeting", pk)
    plan = preparation_of(meeting, request.user)
    data = request.POST if request.method == "POST" else None
    may_adjust = request.user.has_role(*STEPS[Verb.RECOMMEND].who)
    form = PrepareForm(data, plan=plan, may_adjust=may_adjust)
    if form.is_valid() and _saved(request, meeting, form):
        return _onwards(request, meeting)
    context = {"plan": plan, "meeting": meeting, "form": form, "blocks": list(form.blocks())}
    context |= {"picked": sum(block.picked for block in context["blocks"])}
    context |= base_for(request.user)
    return render(request, "workflow/meeting/prepare.html", context, status=status_of(form))


def prepare_item(request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """One case of the agenda: another amount with its grounds, a note, alternatives a, b and c."""
    meeting = _meeting(request, pk)
    items = AgendaItem.objects.select_related("application__version", "application__applicant")
    pending = items.filter(meeting=meeting, outcome=ItemOutcome.PENDING)
    item = get_object_or_404(pending, application=case)
    if hidden_from(request.user, [item.application]):
        raise PermissionDenied("Du er inhabil i sagen, eller det er ikke afklaret, om du er det.")
    may_adjust = request.user.has_role(*STEPS[Verb.RECOMMEND].who)
    data = request.POST if request.method == "POST" else None
    form = PreparedCaseForm(data, item=item, may_adjust=may_adjust)
    if form.is_valid():
        try:
            prepare_case(item, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{item.application.number} er gemt.")
            return redirect(_row(pk, case))
    context = {"meeting": meeting, "item": item, "case": item.application, "form": form}
    context |= base_for(request.user)
    return render(request, "workflow/meeting/prepare_case.html", context, status=status_of(form))


def prepare_point(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """A point's heading and own words, and whether it is dealt with behind closed doors."""
    meeting = _meeting(request, pk)
    found = get_object_or_404(meeting.points.select_related("pool", "meeting__committee"), pk=point)
    form = PointForm(request.POST if request.method == "POST" else None, point=found)
    if form.is_valid():
        try:
            write_texts(found, by=request.user, **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Punktets tekster er gemt.")
            return redirect("staff:prepare_meeting", pk)
    context = {"meeting": meeting, "point": found, "form": form} | base_for(request.user)
    return render(request, "workflow/meeting/prepare_point.html", context, status=status_of(form))


def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """What locking the agenda does, and doing it; for the secretary of a locked one, opening it."""
    meeting = _meeting(request, pk)
    if meeting.state == MeetingState.CANCELLED and request.method != "POST":
        return cancelled(request, meeting)
    opens = request.POST.get("goer") == "laasop"
    form = UnlockForm(request.POST if opens else None)
    if opens and form.is_valid() and _unlocked(request, meeting, form):
        return redirect("staff:prepare_meeting", pk)
    if request.method == "POST" and not opens:
        return _locked(request, meeting)
    now = timezone.now()
    points = list(meeting.points.select_related("pool").order_by("position"))
    pending = pending_at(meeting)
    money = money_of([point.pool for point in points]) if points else {}
    over = [p for p in points if pending.get(p.pool_id, 0) > money[p.pool_id].remaining_kr]
    context = {
        "meeting": meeting,
        "form": form,
        "points": points,
        "cases": meeting.items.filter(outcome=ItemOutcome.PENDING).count(),
        "over": [point.title or point.pool.name for point in over],
        "told": unreported(meeting, now).count(),
        "may_unlock": may_do(request.user, "unlock_agenda"),
    }
    context |= base_for(request.user)
    return render(request, "workflow/meeting/prepare_lock.html", context, status=status_of(form))


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_or_404(request, pk)
    allow(request.user, PREPARE)
    return meeting


def _saved(request: HttpRequest, meeting: Meeting, form: PrepareForm) -> bool:
    typed = {"pools": form.pools(), "seen": form.seen, "announcements": form.news}
    try:
        save_agenda(meeting, form.lines(), by=request.user, at=timezone.now(), **typed)
    except PuljeError as refusal:
        form.refuse(refusal)
        return False
    return True


def _onwards(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Where the button that saved leads: back to the row, to its page, to the lock."""
    goes, _dash, typed = request.POST.get("til", "").rpartition("-")
    key = number(typed)
    if request.POST.get("goer") == "send":
        return redirect("staff:lock_agenda", meeting.pk)
    if goes == "sag" and key:
        return redirect("staff:prepare_item", meeting.pk, key)
    if goes == "punkt" and key:
        return redirect("staff:prepare_point", meeting.pk, key)
    way, _dash, moved = request.POST.get("flyt", "").partition("-sag-")
    if number(moved):
        return redirect(_row(meeting.pk, number(moved)))
    messages.success(request, f"Gemt {tid(timezone.now())}.")
    return redirect("staff:prepare_meeting", meeting.pk)


def _row(meeting: int, case: int) -> str:
    return f"{reverse('staff:prepare_meeting', args=[meeting])}#sag-{case}"


def _locked(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    try:
        lock_agenda(meeting, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:prepare_meeting", meeting.pk)
    messages.success(request, "Dagsordenen er låst og sendt til udvalget. Mødepakken bliver lavet.")
    return redirect("staff:meeting", meeting.pk)


def _unlocked(request: HttpRequest, meeting: Meeting, form: UnlockForm) -> bool:
    facts = {"by": request.user, "at": timezone.now(), "reason": form.cleaned_data["reason"]}
    try:
        unlock_agenda(meeting, **facts)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    messages.success(request, "Dagsordenen er låst op. Lås den igen, når den er rettet.")
    return True
