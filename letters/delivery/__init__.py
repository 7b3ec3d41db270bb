"""How a letter leaves the house.

A new way out is a module here and a dotted path in settings.LETTER_PORTS.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Parcel:
    """All a port may know: no database, no case."""

    message_id: str
    number: str
    title: str
    name: str
    email: str
    pdf: bytes
    link: str
    enclosure: bytes = b""  # a second PDF: the application as it was sent
    facts: dict[str, Any] = field(default_factory=dict)


class DeliveryFailed(Exception):
    """It did not get out this time; try later. ``sentence`` is Danish and says what happened."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(detail or sentence)
        self.sentence = sentence


class Refused(DeliveryFailed):
    """It will never get out so: the address does not exist, or takes no mail from us."""


class Port(Protocol):
    """A way out."""

    def send(self, parcel: Parcel) -> str:
        """Hand the letter over and give the receipt. Raises DeliveryFailed or Refused."""
        ...


def port_for(channel: str) -> Port:
    """The port that settings name for a channel."""
    port: Port = import_string(settings.LETTER_PORTS[channel])()
    return port
