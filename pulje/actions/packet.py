"""A version of a meeting's agenda or minutes: written down now, made into files by a worker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pulje.actions.at_meeting import lock_any
from pulje.enums import MeetingState, PacketKind
from pulje.errors import WrongState
from pulje.models import Meeting, Packet, User
from pulje.permissions import check_other
from pulje.queries.minutes import minutes_papers
from pulje.queries.packet import agenda_papers
from pulje.queries.paper import as_facts
from pulje.queries.versions import changes_between, is_same

WRITES = {PacketKind.AGENDA: agenda_papers, PacketKind.MINUTES: minutes_papers}


@transaction.atomic
def ask_for_packet(meeting: Meeting, *, kind: PacketKind, by: User | None, at: datetime) -> Packet:
    """Write the agenda or the minutes down as they are now; ``by`` is None for the clock.

    The newest version is given back, and none is made, when nothing has changed since it. A worker
    finds the row and makes the files. Raises WrongState for minutes of a meeting that is not
    closed, and for a new agenda of one that is.
    """
    if by is not None:
        check_other(by, "make_packet")
    meeting = lock_any(meeting)
    is_closed = meeting.state == MeetingState.CLOSED
    if kind == PacketKind.MINUTES and not is_closed:
        raise WrongState(_("Referatet laves, når mødet er afsluttet."))
    if kind == PacketKind.AGENDA and is_closed:
        raise WrongState(_("Mødet er holdt. Dagsordenen laves ikke om."))
    last = meeting.packets.filter(kind=kind).order_by("-number").first()
    number = 1 + (last.number if last else 0)
    facts = _facts(meeting, kind, number, at)
    if last is not None and is_same(last.facts, facts):
        return last
    return Packet.objects.create(
        meeting=meeting,
        kind=kind,
        number=number,
        facts=facts,
        changes=changes_between(last.facts, facts) if last else [],
        asked_at=at,
        asked_by=by,
    )


def _facts(meeting: Meeting, kind: PacketKind, number: int, at: datetime) -> Mapping[str, Any]:
    """Both versions as JSON keeps them; papers are Danish, whatever the reader's language."""
    with override("da"):
        papers = WRITES[kind](meeting, number, at)
    facts: dict[str, Any] = json.loads(json.dumps({key: as_facts(p) for key, p in papers.items()}))
    return facts
