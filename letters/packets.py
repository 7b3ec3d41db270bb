"""The making of a packet's files: claim, render, keep. Writes Packet and PacketFile and no others.

The row is the queue (ADR 0006). One call makes one file: after a long one the worker's process is
replaced, and its memory with it. A packet is claimed in a transaction of its own, with the try on
record; who is killed leaves a claim that lapses, and the files made before stand.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from io import BytesIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader

from letters import render
from letters.facts import issued_at
from letters.mailing import nudge
from letters.meeting_papers import html_of, without_ids
from letters.word import docx_of
from pulje.enums import PacketFormat, PacketKind, PacketState
from pulje.models import Packet, PacketFile, User
from pulje.permissions import check_other

logger = logging.getLogger(__name__)

WORK = "letters.tasks.make_packets"
MAX_ATTEMPTS = 3
CLAIM_LASTS = timedelta(seconds=render.MEETING.seconds + 60)
FILES = [(kind, is_open) for kind in PacketFormat for is_open in (False, True)]
INSIDE = {PacketKind.AGENDA: "dagsorden.json", PacketKind.MINUTES: "referat.json"}
UNMADE = (PacketState.QUEUED, PacketState.MAKING)


def make_next() -> bool:
    """Make one file of the packet that is next; False when there is nothing to make."""
    packet = _claim(timezone.now())
    if packet is None:
        return False
    try:
        file = _file(packet)
    except render.CannotRender as reason:
        _fail(packet, str(reason))
    except Exception:  # tried again by a fresh process; what it was stands in the log
        logger.exception("packet %s: a file failed", packet.pk)
        _let_go(packet)
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
    locked = failed.select_for_update().defer("facts").first()
    if locked is None:
        return False
    locked.state, locked.attempts, locked.failure = PacketState.QUEUED, 0, ""
    locked.save(update_fields=["state", "attempts", "failure"])
    nudge(WORK)
    return True


def unmade() -> QuerySet[Packet]:
    """The packets that lack a file and have not been given up."""
    return Packet.objects.filter(state__in=UNMADE)


@transaction.atomic
def _claim(now: datetime) -> Packet | None:
    """The packet tried the fewest times, then asked for first; None while one is in hand.

    One at a time in the whole house, however many workers there are: each costs 700 MB. Those
    tried out fail on the way.
    """
    waiting = list(unmade().defer("facts").select_for_update().order_by("pk"))
    if any(packet.claimed_at and packet.claimed_at > now - CLAIM_LASTS for packet in waiting):
        return None
    for packet in sorted(waiting, key=lambda packet: (packet.attempts, packet.asked_at)):
        if packet.attempts < MAX_ATTEMPTS:
            packet.state, packet.claimed_at = PacketState.MAKING, now
            packet.attempts += 1
            packet.steps, packet.steps_done = len(FILES), packet.files.count()
            packet.save(update_fields=["state", "claimed_at", "attempts", "steps", "steps_done"])
            return packet
        told = _("Filerne kunne ikke laves i %d forsøg. Prøv igen, eller sig det til driften.")
        _failed(packet, told % MAX_ATTEMPTS)
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


@transaction.atomic
def _keep(packet: Packet, file: PacketFile) -> None:
    locked = _still_ours(packet)
    if locked is None:
        return
    file.save()
    locked.steps_done, locked.attempts, locked.claimed_at = locked.files.count(), 0, None
    if locked.steps_done == len(FILES):
        locked.state, locked.ready_at = PacketState.READY, timezone.now()
    locked.save(update_fields=["steps_done", "attempts", "claimed_at", "state", "ready_at"])


@transaction.atomic
def _let_go(packet: Packet) -> None:
    if locked := _still_ours(packet):
        locked.claimed_at = None
        locked.save(update_fields=["claimed_at"])


@transaction.atomic
def _fail(packet: Packet, sentence: str) -> None:
    if locked := _still_ours(packet):
        _failed(locked, sentence)


def _failed(locked: Packet, sentence: str) -> None:
    locked.state, locked.failure, locked.claimed_at = PacketState.FAILED, sentence, None
    locked.save(update_fields=["state", "failure", "claimed_at"])


def _still_ours(packet: Packet) -> Packet | None:
    """The row, locked; None when our claim has lapsed and somebody else has taken it up."""
    mine = Packet.objects.filter(pk=packet.pk, claimed_at=packet.claimed_at)
    return mine.select_for_update().defer("facts").first()
