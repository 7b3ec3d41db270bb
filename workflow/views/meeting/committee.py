"""A committee set up: its own facts, who sits in it, and the headings of its agenda."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.actions.meeting import committee as actions
from pulje.enums import CommitteeRole, Role
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.meeting.committee import CommitteeForm, EndSeatForm, HeadingsForm, SeatForm
from pulje.models import Committee, User
from pulje.queries.meeting.setup import committees, headings_of, page_of
from workflow.views.access import may_do, told

FACTS = ("name", "short_name", "quorum", "agenda_days", "proposer", "place")


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """The committees there are."""
    _allow(request.user)
    context = {"committees": committees(timezone.localdate())} | _base(request.user)
    return render(request, "workflow/meeting/committees.html", context)


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One committee with all its parts."""
    found = _committee_or_404(request, slug)
    context = {"known": page_of(found, timezone.localdate())} | _base(request.user)
    return render(request, "workflow/meeting/committee.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Another committee."""
    _allow(request.user)
    form = CommitteeForm(_typed(request), initial={"agenda_days": 7, "proposer": "Direktionen"})
    context = {"heading": "Nyt udvalg", "button": "Opret udvalget"}
    who = {"by": request.user, "at": timezone.now()}
    return _saved_or_form(
        request,
        form,
        lambda: actions.save_committee(None, **who, **form.facts()),
        "Udvalget er oprettet. Giv medlemmerne deres pladser.",
        context,
    )


def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Its name, numbers and place."""
    found = _committee_or_404(request, slug)
    form = CommitteeForm(_typed(request), initial={name: getattr(found, name) for name in FACTS})
    who = {"by": request.user, "at": timezone.now()}
    return _saved_or_form(
        request,
        form,
        lambda: actions.save_committee(found, **who, **form.facts()),
        "Udvalget er rettet.",
        {"heading": f"Ret {found.name}", "button": "Gem", "committee": found},
    )


def new_seat(request: HttpRequest, slug: str) -> HttpResponse:
    """Give somebody a seat, or another than the one they have."""
    found = _committee_or_404(request, slug)
    first = {"started_on": timezone.localdate(), "role": CommitteeRole.MEMBER}
    form = SeatForm(_typed(request), initial=first)
    facts = {"by": request.user, "at": timezone.now()}
    return _saved_or_form(
        request,
        form,
        lambda: actions.give_seat(found, **facts, **form.facts()).committee,
        "Pladsen er givet.",
        {
            "heading": f"Ny plads i {found.name}",
            "button": "Giv pladsen",
            "committee": found,
            "note": "Har personen allerede en plads her, slutter den dagen før.",
        },
    )


def end_seat(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """When a seat ends."""
    found = _committee_or_404(request, slug)
    seat = get_object_or_404(found.seats.select_related("user", "committee"), pk=pk)
    form = EndSeatForm(_typed(request), initial={"ended_on": seat.ended_on})
    facts = {"by": request.user, "at": timezone.now()}
    return _saved_or_form(
        request,
        form,
        lambda: actions.end_seat(seat, **facts, **form.facts()).committee,
        "Slutdatoen er gemt.",
        {
            "heading": f"{seat.user.name}, {seat.get_role_display().lower()}",
            "button": "Gem slutdatoen",
            "committee": found,
            "note": "En plads slettes ikke. Den får en slutdato, så det kan ses, hvem der sad"
            " i udvalget hvornår. Er den givet ved en fejl, så skriv dagen, før den begynder.",
        },
    )


def headings(request: HttpRequest, slug: str) -> HttpResponse:
    """The sections of an item of the agenda."""
    found = _committee_or_404(request, slug)
    form = HeadingsForm(_typed(request), headings=headings_of(found))
    if form.is_valid():
        try:
            actions.save_headings(found, by=request.user, titles=form.titles())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Overskrifterne er gemt.")
            return redirect("staff:committee", found.slug)
    context = {"form": form, "committee": found} | _base(request.user)
    status = 422 if form.is_bound else 200
    return render(request, "workflow/meeting/committee_headings.html", context, status=status)


def _saved_or_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[], Committee],
    done: str,
    context: dict[str, object],
) -> HttpResponse:
    if form.is_valid():
        try:
            saved = act()
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, done)
            return redirect("staff:committee", saved.slug)
    context = context | {"form": form} | _base(request.user)
    status = 422 if form.is_bound else 200
    return render(request, "workflow/meeting/committee_form.html", context, status=status)


def _typed(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _committee_or_404(request: HttpRequest, slug: str) -> Committee:
    _allow(request.user)
    return get_object_or_404(Committee, slug=slug)


def _allow(user: User) -> None:
    try:
        actions.check_may_set_up(user)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal


def _base(user: User) -> dict[str, object]:
    is_staff = user.has_role(Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR)
    base = "base_staff.html" if is_staff else "base_committee.html"
    return {"base": base, "may_see_meeting": may_do(user, "see_meeting")}
