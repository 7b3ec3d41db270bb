"""The minutes of a meeting as papers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pulje.models import Meeting
from pulje.queries.packet import agenda_of
from pulje.queries.paper import Paper


def minutes_of(meeting: Meeting) -> Callable[[bool, str, datetime], Paper]:
    """The minutes, ready to be written open or closed."""
    write = agenda_of(meeting)
    return lambda is_open, number, at: replace(write(is_open, number, at), title="Referat")
