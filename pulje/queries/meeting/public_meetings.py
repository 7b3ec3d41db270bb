"""The committees' meetings as everybody may see them: when, and which open papers there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pulje.enums import MeetingState, PacketKind, PacketState
from pulje.models import Committee, Meeting, Packet, PacketFile
from pulje.queries.meeting.paper import DRAFT

TOLD = (MeetingState.LOCKED, MeetingState.CLOSED)
# where a meeting stands, as its page says it
CANCELLED, DECIDED, ELSEWHERE, UNAPPROVED = "cancelled", "decided", "elsewhere", "unapproved"
OVER, AGENDA, COMING, LATE = "over", "agenda", "coming", "late"


@dataclass(frozen=True)
class PublicMeeting:
    """A meeting; ``agenda`` and ``minutes``: that paper has been made here."""

    meeting: Meeting
    agenda: bool
    minutes: bool

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.state == MeetingState.CANCELLED

    @property
    def has_agenda(self) -> bool:
        """The agenda is everybody's once it is locked."""
        is_told = self.meeting.locked_at is not None and self.meeting.state in TOLD
        return self.agenda and is_told

    @property
    def has_decisions(self) -> bool:
        """What was decided is everybody's once the minutes are approved."""
        return self.minutes and self.meeting.minutes_approved_at is not None

    @property
    def stands(self) -> str:
        """Where it stands today; held is only what was closed as held."""
        meeting, today = self.meeting, timezone.localdate()
        if self.is_cancelled:
            return CANCELLED
        if self.has_decisions:
            return DECIDED
        if meeting.state == MeetingState.CLOSED:
            return ELSEWHERE if meeting.minutes_approved_at else UNAPPROVED
        if timezone.localdate(meeting.held_at) < today:
            return OVER
        if self.has_agenda:
            return AGENDA
        return COMING if meeting.agenda_due_on and meeting.agenda_due_on >= today else LATE


@dataclass(frozen=True)
class PublicPaper:
    """The open agenda or minutes; ``files`` are those of the newest version that is made."""

    paper: Mapping[str, Any]
    files: Sequence[PacketFile]


def _meetings() -> QuerySet[Any]:
    """All of them, each with which papers there are; Any, for the annotations."""
    packets = Packet.objects.filter(meeting=OuterRef("pk"))
    return Meeting.objects.select_related("committee").annotate(
        agenda=Exists(packets.filter(kind=PacketKind.AGENDA)),
        minutes=Exists(packets.filter(kind=PacketKind.MINUTES)),
    )


def shown(rows: Iterable[Any]) -> list[PublicMeeting]:
    """Of rows that this file has found."""
    return [PublicMeeting(row, row.agenda, row.minutes) for row in rows]


def public_meetings(
    now: datetime, *, committee: str = "", year: int | None = None
) -> tuple[QuerySet[Meeting], QuerySet[Meeting]]:
    """Those to come, soonest first, and those that are over, newest first; for ``shown``.

    ``committee`` is its slug; empty is every committee, and None every year.
    """
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    is_over = Q(held_at__lt=start) | Q(state=MeetingState.CLOSED)
    found = _meetings()
    if committee:
        found = found.filter(committee__slug=committee)
    if year:
        found = found.filter(held_at__year=year)
    coming = found.exclude(is_over).order_by("held_at", "pk")
    return coming, found.filter(is_over).order_by("-held_at", "-pk")


def committees_that_meet() -> list[Committee]:
    """By name."""
    meetings = Meeting.objects.filter(committee=OuterRef("pk"))
    return list(Committee.objects.filter(Exists(meetings)).order_by("name"))


def years_of_meetings() -> list[int]:
    """The newest first."""
    years = Meeting.objects.datetimes("held_at", "year", order="DESC")
    return [year.year for year in years]


def public_meeting(committee: str, address: str) -> PublicMeeting | None:
    """The meeting at this address, or None."""
    found = _meetings().filter(committee__slug=committee, address=address)
    return next(iter(shown(found)), None)


def meetings_of(committee: Committee, since: datetime) -> list[PublicMeeting]:
    """For the calendar: those to come and those held ``since``, soonest first."""
    rows = _meetings().filter(committee=committee, held_at__gte=since)
    return shown(rows.order_by("held_at", "pk"))


def paper_of(about: PublicMeeting, kind: PacketKind) -> PublicPaper | None:
    """What stands in the newest open version: two queries. None while it is not everybody's."""
    is_told = about.has_agenda if kind == PacketKind.AGENDA else about.has_decisions
    if not is_told:
        return None
    packets = Packet.objects.filter(meeting=about.meeting, kind=kind).order_by("-number")
    paper = packets.values_list("facts__open", flat=True).first()
    return PublicPaper(paper, _files(about, kind)) if paper and paper["is_open"] else None


def _files(about: PublicMeeting, kind: PacketKind) -> list[PacketFile]:
    """The open files of the newest version that is ready, without what is in them."""
    ready = Packet.objects.filter(meeting=about.meeting, kind=kind, state=PacketState.READY)
    told = ready.exclude(facts__open__mark=DRAFT)  # the approved minutes' files come in a moment
    newest = told.order_by("-number").values("pk")[:1]
    files = PacketFile.objects.filter(packet__in=newest, is_open=True).select_related("packet")
    return list(files.defer("content", "packet__facts").order_by("-format"))


def file_of(about: PublicMeeting, kind: PacketKind, format: str) -> PacketFile | None:
    """One open file with what is in it; None while it is not everybody's, or not made."""
    paper = paper_of(about, kind)
    files = paper.files if paper else ()
    return next((file for file in files if file.format == format), None)


def decided_at_meetings(committee: Committee, most: int) -> list[PublicMeeting]:
    """The committee's meetings with approved minutes, the newest approval first."""
    rows = _meetings().filter(committee=committee, minutes_approved_at__isnull=False, minutes=True)
    return shown(rows.order_by("-minutes_approved_at", "-pk")[:most])
