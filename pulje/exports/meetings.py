"""A committee's meetings as a calendar file (RFC 5545) that anybody may subscribe to.

Without METHOD, so that DTSTAMP is when the meeting was last revised (section 3.8.7.2), and the same
meetings give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Event

from pulje.exports.calendar import calendar_file

PRODUCT = "-//Puljer//Moeder//DA"
USUAL = timedelta(hours=2)
SAYS_USUAL = "Et møde varer som regel omkring to timer. Sluttidspunktet er ikke aftalt."


@dataclass(frozen=True)
class Gathering:
    """One meeting; ``uid`` stays the same when it is moved or cancelled.

    ``revision`` counts other times, places and cancelling; ``revised_at`` is the last of them.
    """

    uid: str
    held_at: datetime
    revised_at: datetime
    revision: int
    title: str
    place: str
    url: str
    is_cancelled: bool


def meetings_calendar(meetings: Sequence[Gathering], *, name: str) -> bytes:
    """The file; the same meetings give the same bytes."""
    return calendar_file(map(_event, meetings), product=PRODUCT, name=name)


def _event(meeting: Gathering) -> Event:
    """Nobody knows when a meeting ends: it lasts as long as usual, and says so."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", meeting.revised_at.astimezone(UTC))
    event.add("last-modified", meeting.revised_at.astimezone(UTC))
    event.add("sequence", meeting.revision)
    event.add("dtstart", meeting.held_at.astimezone(UTC))
    event.add("duration", USUAL)
    event.add("summary", meeting.title)
    event.add("description", SAYS_USUAL)
    event.add("location", meeting.place)
    event.add("url", meeting.url)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event
