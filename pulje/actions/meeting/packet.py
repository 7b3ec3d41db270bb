"""A version of a meeting's agenda or minutes: written down now, made into files by a worker."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pulje.actions.meeting.at_meeting import lock_any, touch
from pulje.enums import MeetingState, PacketKind
from pulje.errors import WrongState
from pulje.models import Meeting, Packet, User
from pulje.permissions import check_other
from pulje.queries.meeting.minutes import minutes_papers
from pulje.queries.meeting.packet import agenda_papers, numbered
from pulje.queries.meeting.packets import is_kept_here
from pulje.queries.meeting.paper import APPROVED, STATUS, as_facts
from pulje.queries.meeting.versions import changes_between, is_same
from pulje.templatetags.words import dato_aar

WRITES = {PacketKind.AGENDA: agenda_papers, PacketKind.MINUTES: minutes_papers}


@transaction.atomic
def ask_for_packet(meeting: Meeting, *, kind: PacketKind, by: User | None, at: datetime) -> Packet:
    """Write the agenda or the minutes down as they are now; ``by`` is None for the clock.

    The newest version is given back, and none is made, when nothing has changed since it. A worker
    finds the row and makes the files. Whoever read the minutes before a new version approves
    nothing. Raises WrongState for minutes of a meeting that is not closed, whose minutes are
    approved or whose rulings are not here, and for a new agenda of one that is closed.
    """
    if by is not None:
        check_other(by, "make_packet")
    meeting = lock_any(meeting)
    _check_time(meeting, kind)
    last = _newest(meeting, kind)
    number = 1 + (last.number if last else 0)
    facts = _facts(meeting, kind, number, at)
    if last is not None and is_same(last.facts, facts):
        return last
    if kind == PacketKind.MINUTES:
        touch(meeting)
    return Packet.objects.create(
        meeting=meeting,
        kind=kind,
        number=number,
        facts=facts,
        changes=changes_between(last.facts, facts) if last else [],
        asked_at=at,
        asked_by=by,
    )


def write_approved(meeting: Meeting, *, by: User, at: datetime) -> Packet | None:
    """The newest minutes once more, word for word, now saying who approved them instead of draft.

    None when the minutes are not kept here. The meeting is locked by the caller.
    """
    last = _newest(meeting, PacketKind.MINUTES)
    if last is None:
        return None
    number = last.number + 1
    with override("da"):
        who = f"{dato_aar(at)} af {by.name}"
    new = {"number": numbered(meeting, number), "issued_at": at.isoformat()}
    return Packet.objects.create(
        meeting=meeting,
        kind=PacketKind.MINUTES,
        number=number,
        facts={key: _approved(paper, who) | new for key, paper in last.facts.items()},
        changes=[f"Referatet er godkendt {who}."],
        asked_at=at,
        asked_by=by,
    )


def _approved(paper: Mapping[str, Any], who: str) -> dict[str, Any]:
    header = [row for row in paper["header"] if row[0] != STATUS]
    return {**paper, "header": [*header, [APPROVED, who]], "mark": ""}


def _check_time(meeting: Meeting, kind: PacketKind) -> None:
    is_closed = meeting.state == MeetingState.CLOSED
    if kind == PacketKind.AGENDA and is_closed:
        raise WrongState(_("Mødet er holdt. Dagsordenen laves ikke om."))
    if kind == PacketKind.AGENDA:
        return
    if not is_closed:
        raise WrongState(_("Referatet laves, når mødet er afsluttet."))
    if not is_kept_here(meeting):
        raise WrongState(_("Mødet er holdt, før referater blev skrevet her. Find det i arkivet."))
    if meeting.minutes_approved_at:
        raise WrongState(_("Referatet er godkendt. Der laves ikke en ny version af det."))


def _newest(meeting: Meeting, kind: PacketKind) -> Packet | None:
    return meeting.packets.filter(kind=kind).order_by("-number").first()


def _facts(meeting: Meeting, kind: PacketKind, number: int, at: datetime) -> Mapping[str, Any]:
    """Both versions as JSON keeps them; papers are Danish, whatever the reader's language."""
    with override("da"):
        papers = WRITES[kind](meeting, number, at)
    facts: dict[str, Any] = json.loads(json.dumps({key: as_facts(p) for key, p in papers.items()}))
    return facts
