"""The versions of a meeting's agenda and minutes."""

from pulje.enums import ItemOutcome, MeetingState, PacketKind
from pulje.models import Application, Meeting, Packet, User
from pulje.permissions import hidden_from

TOLD = (MeetingState.LOCKED, MeetingState.CLOSED)


def versions_of(meeting: Meeting, *, with_facts: bool = False) -> list[Packet]:
    """The newest first; what stands in them is long, and read only where it is asked for."""
    rows = meeting.packets.select_related("asked_by").order_by("-number", "-pk")
    return list(rows if with_facts else rows.defer("facts"))


def latest_of(meeting: Meeting, kind: PacketKind) -> Packet | None:
    """The version that counts, without what stands in it."""
    return meeting.packets.filter(kind=kind).defer("facts").order_by("-number").first()


def version_of(meeting: Meeting, kind: PacketKind, number: int | None) -> Packet | None:
    """The version of that number, or the newest."""
    rows = meeting.packets.filter(kind=kind).order_by("-number")
    return (rows if number is None else rows.filter(number=number)).first()


def is_kept_here(meeting: Meeting) -> bool:
    """Whether what a closed meeting came to was recorded here, so that its minutes can be told.

    Of a meeting held before rulings were recorded, they would be false.
    """
    if meeting.state != MeetingState.CLOSED:
        return True
    settled = meeting.items.exclude(outcome=ItemOutcome.POSTPONED)  # taken off, it has no ruling
    return not settled.filter(rulings=None).exists()


def is_public(packet: Packet, newest: Packet | None) -> bool:
    """Everybody may read the open version: the newest of a locked agenda or approved minutes."""
    if packet != newest:
        return False
    meeting = packet.meeting
    if packet.kind == PacketKind.AGENDA:
        return meeting.locked_at is not None and meeting.state in TOLD
    return meeting.minutes_approved_at is not None


def hidden_at(meeting: Meeting, user: User) -> set[int]:
    """The cases of the meeting's pools this reader is shut out of, also those taken off again."""
    pools = meeting.points.values("pool")
    return hidden_from(user, Application.objects.submitted().filter(pool__in=pools))
