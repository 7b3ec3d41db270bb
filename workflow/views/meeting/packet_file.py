"""A packet's files: fetched, how far they are, and tried again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from letters.packets import actions
from pulje.enums import PacketFormat, PacketKind
from pulje.models import Meeting, Packet, PacketFile
from pulje.queries.meeting.packets import hidden_at, is_public, latest_of
from pulje.queries.meeting.shown import why_not
from workflow.views.access import allow, may_do, meeting_or_404

SIDES = {"aaben": True, "lukket": False}
TYPES = {
    PacketFormat.PDF: "application/pdf",
    PacketFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
KINDS = {PacketKind.AGENDA: "dagsorden", PacketKind.MINUTES: "referat"}


@require_safe
def packet_file(request: HttpRequest, pk: int, packet: int, side: str, kind: str) -> HttpResponse:
    """One file to keep; whole only for those who take part in every case of it.

    The open agenda, and the open minutes once approved, are everybody's.
    """
    meeting = meeting_or_404(request, pk)
    if side not in SIDES or kind.upper() not in TYPES:
        raise Http404
    wanted = {"packet": packet, "is_open": SIDES[side], "format": kind.upper()}
    rows = PacketFile.objects.select_related("packet__meeting").filter(packet__meeting=meeting)
    file = get_object_or_404(rows, **wanted)
    is_everybodys = file.is_open and is_public(file.packet, latest_of(meeting, file.packet.kind))
    if not is_everybodys and (sentence := why_not(file.packet, request.user)):
        raise PermissionDenied(sentence)
    headers = {
        "Content-Disposition": f'attachment; filename="{_name(meeting, file.packet, side)}.{kind}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    content = bytes(file.content)
    return HttpResponse(content, content_type=TYPES[PacketFormat(file.format)], headers=headers)


@require_safe
def packet_progress(request: HttpRequest, pk: int, packet: int) -> HttpResponse:
    """How far the files are, as a part of the page that lists them."""
    meeting = meeting_or_404(request, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect("staff:packets", pk)
    rows = meeting.packets.defer("facts").select_related("meeting")
    found = get_object_or_404(rows, pk=packet)
    newest = latest_of(meeting, PacketKind(found.kind))
    context = {
        "meeting": meeting,
        "packet": found,
        "public": [found.pk] if is_public(found, newest) else [],
        "is_shut_out": bool(hidden_at(meeting, request.user)),
        "may_make": may_do(request.user, "make_packet"),
    }
    return render(request, "workflow/meeting/_packet_progress.html", context)


@require_POST
def retry_packet(request: HttpRequest, pk: int, packet: int) -> HttpResponse:
    """Make the files once more; what did not fail goes on as it does."""
    meeting = meeting_or_404(request, pk)
    allow(request.user, "make_packet")
    found = get_object_or_404(meeting.packets.defer("facts"), pk=packet)
    if actions.retry(found, by=request.user):
        messages.success(request, "Filerne bliver lavet nu.")
    return redirect("staff:packets", pk)


def _name(meeting: Meeting, packet: Packet, side: str) -> str:
    """Such as "dagsorden-kfu-2027-01-14-version-2-lukket": nobody's name."""
    committee = slugify(meeting.committee.short_name) or "udvalg"
    day = timezone.localdate(meeting.held_at).isoformat()
    return f"{KINDS[PacketKind(packet.kind)]}-{committee}-{day}-version-{packet.number}-{side}"
