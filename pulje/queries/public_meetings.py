"""The committees' meetings as everybody may see them: when, the open agenda, what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from pulje.enums import MeetingState, PacketKind, PacketState
from pulje.models import Committee, Meeting, Packet, PacketFile

EARLIER = 60
IN_CALENDAR = timedelta(days=400)
TOLD = (MeetingState.LOCKED, MeetingState.CLOSED)


@dataclass(frozen=True)
class PublicMeeting:
    """A meeting and its address; ``place_that_day`` is 2 for the committee's second that day."""

    meeting: Meeting
    place_that_day: int

    @property
    def address(self) -> str:
        """Such as "2027-01-14", and "2027-01-14-2" for the second."""
        day = f"{timezone.localdate(self.meeting.held_at):%Y-%m-%d}"
        return day if self.place_that_day == 1 else f"{day}-{self.place_that_day}"

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.state == MeetingState.CANCELLED

    @property
    def has_agenda(self) -> bool:
        """The agenda is everybody's once it is locked."""
        return self.meeting.locked_at is not None and self.meeting.state in TOLD

    @property
    def has_decisions(self) -> bool:
        """What was decided is everybody's once the minutes are approved."""
        return self.meeting.minutes_approved_at is not None


@dataclass(frozen=True)
class PublicPaper:
    """The open agenda or minutes; ``files`` are those of the newest version that is made."""

    paper: Mapping[str, Any]
    files: Sequence[PacketFile]


def _meetings() -> QuerySet[Meeting]:
    """All of them, each with its number among the committee's on that day: the first stays so."""
    mates = Meeting.objects.filter(
        committee=OuterRef("committee"), held_at__date=OuterRef("day"), pk__lte=OuterRef("pk")
    )
    number = mates.order_by().values("committee").annotate(number=Count("pk")).values("number")
    rows = Meeting.objects.select_related("committee").annotate(day=TruncDate("held_at"))
    return rows.annotate(place_that_day=Subquery(number))


def _shown(rows: QuerySet[Meeting]) -> list[PublicMeeting]:
    return [PublicMeeting(row, row.place_that_day) for row in rows]  # type: ignore[attr-defined]


def public_meetings(now: datetime) -> tuple[list[PublicMeeting], list[PublicMeeting]]:
    """Those to come, soonest first, and the newest of those that are over: two queries."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    is_over = Q(held_at__lt=start) | Q(state=MeetingState.CLOSED)
    coming = _meetings().exclude(is_over).order_by("held_at", "pk")
    held = _meetings().filter(is_over).order_by("-held_at", "-pk")
    return _shown(coming), _shown(held[:EARLIER])


def public_meeting(committee: str, address: str) -> PublicMeeting | None:
    """The meeting at this address, or None."""
    try:
        held_on = date.fromisoformat(address[:10])
    except ValueError:
        return None
    found = _meetings().filter(committee__slug=committee, held_at__date=held_on).order_by("pk")
    return next((one for one in _shown(found) if one.address == address), None)


def meetings_of(committee: Committee, now: datetime) -> list[PublicMeeting]:
    """For the calendar: those to come and the last year's, soonest first."""
    rows = _meetings().filter(committee=committee, held_at__gte=now - IN_CALENDAR)
    return _shown(rows.order_by("held_at", "pk"))


def paper_of(shown: PublicMeeting, kind: PacketKind) -> PublicPaper | None:
    """What stands in the newest open version: two queries. None while it is not everybody's."""
    is_told = shown.has_agenda if kind == PacketKind.AGENDA else shown.has_decisions
    if not is_told:
        return None
    packets = Packet.objects.filter(meeting=shown.meeting, kind=kind).order_by("-number")
    paper = packets.values_list("facts__open", flat=True).first()
    return PublicPaper(paper, _files(shown, kind)) if paper and paper["is_open"] else None


def _files(shown: PublicMeeting, kind: PacketKind) -> list[PacketFile]:
    """The open files of the newest version that is ready, without what is in them."""
    ready = Packet.objects.filter(meeting=shown.meeting, kind=kind, state=PacketState.READY)
    newest = ready.order_by("-number").values("pk")[:1]
    files = PacketFile.objects.filter(packet__in=newest, is_open=True).select_related("packet")
    return list(files.defer("content", "packet__facts").order_by("-format"))


def file_of(shown: PublicMeeting, kind: PacketKind, format: str) -> PacketFile | None:
    """One open file with what is in it; None while it is not everybody's, or not made."""
    paper = paper_of(shown, kind)
    files = paper.files if paper else ()
    return next((file for file in files if file.format == format), None)


def decided_at_meetings(committee: Committee, most: int) -> list[PublicMeeting]:
    """The committee's meetings with approved minutes, the newest approval first."""
    rows = _meetings().filter(committee=committee, minutes_approved_at__isnull=False)
    return _shown(rows.order_by("-minutes_approved_at", "-pk")[:most])


def decided_points(meetings: Sequence[Meeting]) -> dict[int, list[str]]:
    """The titles of what was on each meeting's open minutes, by meeting: one query."""
    packets = Packet.objects.filter(meeting__in=meetings, kind=PacketKind.MINUTES)
    newest = packets.order_by("meeting", "-number").distinct("meeting")
    rows = newest.values_list("meeting_id", "facts__open__items")
    return {
        meeting: [f"{item['number']}. {item['title']}" for item in items or []]
        for meeting, items in rows
    }
