"""What is done while a meeting is held: a case is taken, ruled on; the rest; a frame raised."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions.meeting import frame_raise, ruling
from pulje.actions.meeting.ruling import Recorded
from pulje.enums import ItemOutcome
from pulje.errors import FrameTooSmall, PuljeError
from pulje.forms.meeting.ruling import RaiseForm, RulingForm
from pulje.models import Meeting
from pulje.queries.meeting.committee import agenda_of
from pulje.queries.meeting.table import Agenda, AgendaRow, MeetingMoney
from pulje.rules.budget import is_large_raise
from workflow.views.access import allow, base_for, meeting_or_404, told
from workflow.views.meeting.item import item_page, row_or_404
from workflow.views.meeting.table import rights_at


def rule(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """What the meeting comes to in one case; then the next case."""
    found = meeting_or_404(request, pk)
    if request.method != "POST":
        return redirect("staff:agenda_item", pk, position)
    allow(request.user, "record_ruling")
    agenda, row = row_or_404(request, found, position)
    form = RulingForm(request.POST, row=row)
    if form.is_valid():
        try:
            ruling.record_ruling(row.item, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
            form.is_over_frame = isinstance(refusal, FrameTooSmall)
        else:
            messages.success(request, f"Sag {position} er ført til protokol.")
            return _onwards(agenda, row)
    return item_page(request, agenda, row, form)


@require_POST
def take(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Everybody's screen shows that this case is discussed now."""
    found = meeting_or_404(request, pk)
    allow(request.user, "record_ruling")
    item = get_object_or_404(
        found.items.select_related("application", "meeting"), position=position
    )
    try:
        ruling.take(item, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:meeting", pk)
    return redirect("staff:agenda_item", pk, position)


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, then record all that is left, or some of it, as recommended."""
    found = meeting_or_404(request, pk)
    allow(request.user, "record_ruling")
    agenda = agenda_of(found, request.user)
    shown = " ".join(f"{row.item.pk}:{row.proposed_kr}" for row in agenda.together)
    chosen = {row.item.pk for row in agenda.together}
    if request.method == "POST":
        if request.POST.get("vist", shown) != shown:  # nobody records what was not on the screen
            messages.error(request, "Listen er ændret, siden du så den. Se den igennem igen.")
            return redirect("staff:follow", pk)
        picked = request.POST.getlist("sag")
        rows = [row for row in agenda.together if str(row.item.pk) in picked]
        chosen = {row.item.pk for row in rows}
        if _followed(request, found, rows):
            return redirect("staff:meeting", pk)
    context = {"agenda": agenda, "shown": shown, "chosen": chosen} | base_for(request.user)
    status = 422 if request.method == "POST" else 200
    return render(request, "workflow/meeting/follow.html", context, status=status)


def raise_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee raises a pool's frame, seen once more before it counts, or takes it back."""
    found = meeting_or_404(request, pk)
    allow(request.user, "record_ruling")
    if "tilbage" in request.POST:
        return _taken_back(request, found)
    agenda = agenda_of(found, request.user)
    pools = [money.pool for money in agenda.money]
    data = request.POST if request.method == "POST" else None
    form = RaiseForm(data, pools=pools, committee=found.committee_id)
    context = {"agenda": agenda, "form": form} | rights_at(request.user, found)
    if form.is_valid() and "ret" not in request.POST:
        who = {"by": request.user, "at": timezone.now()}
        money = next(one for one in agenda.money if one.pool == form.cleaned_data["pool"])
        context |= _raised(money, form.cleaned_data["amount_kr"])
        is_checked = form.cleaned_data["is_checked"] or not context["is_large"]
        is_seen = request.POST.get("vist") == "ja"
        try:
            if is_seen and is_checked:
                frame_raise.raise_frame(found, **form.facts(), **who)
                messages.success(request, "Rammen er forhøjet.")
                return redirect("staff:meeting", pk)
            frame_raise.check_raise(found, **form.facts(), **who)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            if is_seen:
                form.add_error("is_checked", "Sæt kryds, når du har set efter, at beløbet passer.")
            page = "workflow/meeting/raise_check.html"
            return render(request, page, context, status=422 if form.errors else 200)
    status = 422 if form.errors else 200
    return render(request, "workflow/meeting/raise.html", context, status=status)


def _raised(money: MeetingMoney, amount_kr: Decimal) -> dict[str, object]:
    after = replace(money, raised_kr=money.raised_kr + amount_kr)
    is_large = is_large_raise(amount_kr, money.total_kr)
    return {"money": money, "after": after, "is_large": is_large}


def _taken_back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    pk = request.POST["tilbage"]
    if not pk.isdecimal():
        raise Http404
    row = get_object_or_404(meeting.raises.select_related("meeting"), pk=pk)
    who = {"by": request.user, "at": timezone.now()}
    done = "Forhøjelsen er taget tilbage."
    _try(request, done, lambda: frame_raise.withdraw_raise(row, **who))
    return redirect("staff:meeting", meeting.pk)


def _followed(request: HttpRequest, meeting: Meeting, rows: list[AgendaRow]) -> bool:
    if not rows:
        messages.error(request, "Vælg mindst én sag.")
        return False
    recorded = [Recorded(row.item, ItemOutcome.DECIDED, amount_kr=row.proposed_kr) for row in rows]
    many = "1 sag" if len(rows) == 1 else f"{len(rows)} sager"
    return _try(
        request,
        f"{many} er ført til protokol som indstillet.",
        lambda: ruling.record_rulings(meeting, recorded, by=request.user, at=timezone.now()),
    )


def _onwards(agenda: Agenda, row: AgendaRow) -> HttpResponse:
    """To the next case without a ruling, else to the table."""
    then = agenda.then(row)
    if then is None:
        return redirect("staff:meeting", agenda.meeting.pk)
    return redirect("staff:agenda_item", agenda.meeting.pk, then.item.position)


def _try(request: HttpRequest, done: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, done)
    return True
