"""A committee's meetings as a calendar file (RFC 5545) that anybody may subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Puljer//Moeder//DA"


@dataclass(frozen=True)
class Gathering:
    """One meeting; ``uid`` stays the same when it is moved or cancelled, ``changes`` counts up."""

    uid: str
    held_at: datetime
    changed_at: datetime
    changes: int
    title: str
    place: str
    url: str
    is_cancelled: bool


def meetings_calendar(meetings: Sequence[Gathering], *, name: str) -> bytes:
    """The file; the same meetings give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), {"value": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return bytes(calendar.to_ical())


def _event(meeting: Gathering) -> Event:
    """Nobody knows when a meeting ends, so there is no end."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    event.add("sequence", meeting.changes)
    event.add("dtstart", meeting.held_at.astimezone(UTC))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("url", meeting.url)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event
