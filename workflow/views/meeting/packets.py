"""A meeting's agenda and minutes as pages, their versions, and the button for a new one."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from letters.mails.actions import nudge
from letters.packets import actions as files
from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import MeetingState, PacketFormat, PacketKind, PacketState
from pulje.errors import PuljeError
from pulje.models import Meeting, Packet, User
from pulje.queries.meeting.packets import (
    hidden_at,
    is_kept_here,
    is_public,
    latest_of,
    version_of,
    versions_of,
)
from pulje.queries.meeting.shown import as_seen, changes_seen, hidden_in
from workflow.views.access import allow, base_for, may_do, meeting_or_404

ADDRESS = {PacketKind.AGENDA: "staff:packet", PacketKind.MINUTES: "staff:minutes"}
CLOSED = "lukket"  # ?lukket: the whole, for those who see the meeting
MADE = {
    PacketKind.AGENDA: "Dagsordenen er skrevet som version %d. Filerne bliver lavet nu.",
    PacketKind.MINUTES: "Referatet er skrevet som version %d. Filerne bliver lavet nu.",
}
SAME = "Der er ikke ændret noget siden version %d, så der er ikke lavet en ny."


@require_safe
def packets(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of agenda and minutes, what was new in it, and its files."""
    meeting = meeting_or_404(request, pk)
    hidden = hidden_at(meeting, request.user)
    found = versions_of(meeting, with_facts=bool(hidden))
    newest = {packet.kind: packet for packet in reversed(found)}.values()
    context = {
        "meeting": meeting,
        "groups": [
            (kind, _rows([packet for packet in found if packet.kind == kind], hidden))
            for kind in (PacketKind.MINUTES, PacketKind.AGENDA)
        ],
        "public": [packet.pk for packet in newest if is_public(packet, packet)],
        "waiting": [p for p in found if p.state in (PacketState.QUEUED, PacketState.MAKING)],
        "is_shut_out": bool(hidden),
        "formats": PacketFormat,
    }
    return render(
        request, "workflow/meeting/packets.html", context | _rights(request.user, meeting)
    )


def _rows(found: Sequence[Packet], hidden: set[int]) -> list[tuple[Packet, Sequence[str]]]:
    """Each version, the newest first, with what this reader may know is new in it."""
    return [
        (packet, changes_seen(packet, hidden, before) if hidden else packet.changes)
        for packet, before in zip_longest(found, found[1:])
    ]


@require_POST
def make_packet(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version, when something has changed since the last."""
    meeting = meeting_or_404(request, pk)
    allow(request.user, "make_packet")
    kind = PacketKind.MINUTES if meeting.state == MeetingState.CLOSED else PacketKind.AGENDA
    last = latest_of(meeting, kind)
    try:
        packet = ask_for_packet(meeting, kind=kind, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        nudge(files.WORK)
        told = SAME if packet == last else MADE[kind]
        messages.success(request, told % packet.number)
    return redirect("staff:packets", pk)


@require_safe
def packet(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """The agenda."""
    return _show(request, pk, PacketKind.AGENDA, number)


@require_safe
def minutes(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """The minutes."""
    return _show(request, pk, PacketKind.MINUTES, number)


def _show(request: HttpRequest, pk: int, kind: PacketKind, number: int | None) -> HttpResponse:
    """One version as a page, the newest without a number; the list while there is none."""
    meeting = meeting_or_404(request, pk)
    found = version_of(meeting, kind, number)
    if found is None and number is None:
        return redirect("staff:packets", pk)
    if found is None:
        raise Http404
    is_open = CLOSED not in request.GET
    hidden = hidden_in(found, request.user)
    newest = latest_of(meeting, kind)
    is_everybodys = is_open and is_public(found, newest)
    paper = found.facts["open" if is_open else "closed"]
    if not is_everybodys:
        paper = as_seen(paper, hidden)
    context: dict[str, Any] = {
        "meeting": meeting,
        "packet": found,
        "paper": paper,
        "issued_at": parse_datetime(paper["issued_at"]),
        "newest": None if newest == found else newest,
        "address": ADDRESS[kind],
        "is_shut_out": bool(hidden),
        "is_everybodys": is_everybodys,
    }
    return render(request, "workflow/meeting/paper.html", context | base_for(request.user))


def _rights(user: User, meeting: Meeting) -> dict[str, object]:
    """Approved minutes are not made anew, nor are those that were never here."""
    is_over = meeting.state == MeetingState.CANCELLED or meeting.minutes_approved_at
    is_here = is_kept_here(meeting)
    may_make = may_do(user, "make_packet") and not is_over and is_here
    return base_for(user) | {"may_make": may_make, "is_kept_here": is_here}
