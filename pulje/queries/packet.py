"""The agenda of a meeting as papers: one that everybody may read, and the whole."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from pulje.models import AgendaPoint, Meeting
from pulje.queries.paper import Item, Paper, Section, Text

Write = Callable[[bool], Paper]


def papers_of(
    write: Callable[[bool, str, datetime], Paper], number: int, at: datetime
) -> dict[str, Paper]:
    """The open version and the closed one of the same facts."""
    return {"open": write(True, str(number), at), "closed": write(False, str(number), at)}


def agenda_of(meeting: Meeting) -> Callable[[bool, str, datetime], Paper]:
    """The agenda, ready to be written open or closed."""
    points = list(meeting.points.select_related("pool"))
    return lambda is_open, number, at: _paper(meeting, points, "Dagsorden", is_open, number, at)


def _paper(
    meeting: Meeting,
    points: Sequence[AgendaPoint],
    title: str,
    is_open: bool,
    number: str,
    at: datetime,
) -> Paper:
    day = timezone.localdate(meeting.held_at)
    announced = Section("punkt-1-afsnit", "Meddelelser", [Text(meeting.announcements or "Ingen.")])
    items = [Item("punkt-1", "1", "Meddelelser", False, [announced])]
    for point in points:
        number_ = str(point.position + 2)
        items.append(
            Item(f"punkt-{number_}", number_, point.title or point.pool.name, point.is_closed, [])
        )
    return Paper(
        title=title,
        number=f"{meeting.committee.short_name} {day:%d-%m-%Y}, version {number}",
        committee=meeting.committee.name,
        is_open=is_open,
        issued_at=at.isoformat(),
        header=[("Udvalg", meeting.committee.name), ("Mødedato", f"{day:%d-%m-%Y}")],
        items=items,
    )
