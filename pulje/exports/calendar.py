"""A person's own deadlines as a calendar file (RFC 5545)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Puljer//Frister//DA"


@dataclass(frozen=True)
class Deadline:
    """One deadline: a day, or a moment. ``uid`` stays the same while the deadline is the same."""

    uid: str
    when: date
    title: str
    url: str
    known_at: datetime


def calendar_of(deadlines: Sequence[Deadline], *, name: str) -> bytes:
    """The file; the same deadlines give the same bytes."""
    return calendar_file(map(_event, deadlines), product=PRODUCT, name=name)


def calendar_file(events: Iterable[Event], *, product: str, name: str) -> bytes:
    """A calendar that may be subscribed to, of these events."""
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), {"value": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(deadline: Deadline) -> Event:
    """A day takes no time of it: the person is not busy."""
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", deadline.known_at)
    event.add("summary", deadline.title)
    event.add("dtstart", deadline.when)
    if not isinstance(deadline.when, datetime):
        event.add("dtend", deadline.when + timedelta(days=1))
    event.add("url", deadline.url)
    event.add("transp", "TRANSPARENT")
    return event
