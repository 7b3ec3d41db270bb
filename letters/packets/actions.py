"""The making of a packet's files: begin, render, keep. Writes Packet and PacketFile and no others.

The row is the queue (ADR 0006). One call makes one file: after a long one the worker's process is
replaced, and its memory with it. The try is counted first, then the row's lock is held while the
file is made: a killed worker's lock falls with its connection, and the next begins that file anew.
"""

import hashlib
import logging
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader

from letters import render
from letters.facts.base import issued_at
from letters.mails.actions import nudge
from letters.packets.papers import html_of, without_ids
from letters.packets.word import docx_of
from pulje.enums import PacketFormat, PacketKind, PacketState
from pulje.models import Packet, PacketFile, User
from pulje.permissions import check_other

logger = logging.getLogger(__name__)

WORK = "letters.tasks.make_packets"
MAX_ATTEMPTS = 3
FILES = [(kind, is_open) for kind in PacketFormat for is_open in (False, True)]
INSIDE = {PacketKind.AGENDA: "dagsorden.json", PacketKind.MINUTES: "referat.json"}
UNMADE = (PacketState.QUEUED, PacketState.MAKING)


def make_next() -> bool:
    """Make one file of the packet that is next; False when there is nothing to make."""
    key = _begin(timezone.now())
    if key is None:
        return False
    with transaction.atomic():
        packet = unmade().select_for_update(skip_locked=True).filter(pk=key).first()
        if packet is None:
            return False
        try:
            file = _file(packet)
        except render.CannotRender as reason:
            _fail(packet, str(reason))
        except Exception:  # tried again; what it was stands in the log
            logger.exception("packet %s: a file failed", packet.pk)
        else:
            _keep(packet, file)
    return True


@transaction.atomic
def retry(packet: Packet, *, by: User) -> bool:
    """Take up a packet that failed; False, and nothing is done, when it did not.

    Raises NotAllowed without the role.
    """
    check_other(by, "make_packet")
    failed = Packet.objects.filter(pk=packet.pk, state=PacketState.FAILED)
    found = failed.select_for_update().defer("facts").first()
    if found is None:
        return False
    found.state, found.attempts, found.failure = PacketState.QUEUED, 0, ""
    found.save(update_fields=["state", "attempts", "failure"])
    nudge(WORK)
    return True


def unmade() -> QuerySet[Packet]:
    """The packets that lack a file and have not been given up."""
    return Packet.objects.filter(state__in=UNMADE)


@transaction.atomic
def _begin(now: datetime) -> int | None:
    """Count a try of the packet tried the fewest times, then asked for first; None while one is
    being made: one at a time in the whole house, each costs 700 MB. Those tried out are given up.
    """
    rows = unmade().defer("facts").order_by("attempts", "asked_at", "pk")
    free = list(rows.select_for_update(skip_locked=True))
    if len(free) < rows.count():
        return None
    for packet in free:
        if packet.attempts < MAX_ATTEMPTS:
            packet.state, packet.claimed_at = PacketState.MAKING, now
            packet.attempts += 1
            packet.steps, packet.steps_done = len(FILES), packet.files.count()
            packet.save(update_fields=["state", "claimed_at", "attempts", "steps", "steps_done"])
            return packet.pk
        told = _("Filerne kunne ikke laves i %d forsøg. Prøv igen, eller sig det til driften.")
        _fail(packet, told % MAX_ATTEMPTS)
    return None


def _file(packet: Packet) -> PacketFile:
    """The first file that is missing, from the packet's facts and nothing else; not yet saved."""
    made = set(packet.files.values_list("format", "is_open"))
    kind, is_open = next(file for file in FILES if file not in made)
    paper = packet.facts["open" if is_open else "closed"]
    if kind == PacketFormat.DOCX:
        content, pages = docx_of(paper), 0
    else:
        told, name = without_ids(paper), INSIDE[PacketKind(packet.kind)]
        content, _sha256 = render.meeting(html_of(paper), told, issued_at(paper), name=name)
        pages = len(PdfReader(BytesIO(content)).pages)
    sha256 = hashlib.sha256(content).hexdigest()
    return PacketFile(
        packet=packet, is_open=is_open, format=kind, sha256=sha256, pages=pages, content=content
    )


def _keep(packet: Packet, file: PacketFile) -> None:
    file.save()
    packet.steps_done, packet.attempts, packet.claimed_at = packet.files.count(), 0, None
    if packet.steps_done == len(FILES):
        packet.state, packet.ready_at = PacketState.READY, timezone.now()
    packet.save(update_fields=["steps_done", "attempts", "claimed_at", "state", "ready_at"])


def _fail(packet: Packet, sentence: str) -> None:
    packet.state, packet.failure, packet.claimed_at = PacketState.FAILED, sentence, None
    packet.save(update_fields=["state", "failure", "claimed_at"])
