"""How a letter leaves the house.

A new way out is a module here and a dotted path in settings.LETTER_PORTS.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
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
    uuid: str = ""  # the letter's own, the same for every try
    address: tuple[str, ...] = ()  # lines for an envelope
    recipient_id: str = ""  # for Digital Post only: a CVR or a CPR number
    recipient_id_type: str = ""  # "CVR" or "CPR"
    kle: str = ""
    is_decision: bool = False
    made_at: datetime | None = None
    answer_by: date | None = None  # when the recipient is asked to answer


@dataclass(frozen=True)
class Sent:
    """The carrier has it. ``reference``: what later receipts call it.

    ``available_at``: when the recipient can read it, perhaps some days ahead; None: a receipt will
    tell (letters/receipts.py).
    """

    detail: str
    reference: str = ""
    available_at: datetime | None = None


class DeliveryFailed(Exception):
    """It did not get out this time; try later. ``sentence`` is Danish and says what happened."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(detail or sentence)
        self.sentence = sentence


class Refused(DeliveryFailed):
    """It will never get out so: the address does not exist, or takes no mail from us."""


class Unreachable(Refused):
    """Not by this way: the recipient has no mailbox there. The letter takes the next channel."""


@dataclass(frozen=True)
class Receipt:
    """What a carrier tells later. ``number``: the receipt's own; ``reference``: which sending."""

    number: str
    reference: str
    kind: str  # a ReceiptKind
    at: datetime
    detail: str = ""


class ReceiptSource(Protocol):
    """Where receipts wait. What is not acknowledged is told again."""

    def fetch(self) -> Iterator[tuple[str, Receipt | None]]:
        """(what to acknowledge, the receipt or None when it is about something else)."""
        ...

    def acknowledge(self, numbers: list[str]) -> None: ...


class Port(Protocol):
    """A way out."""

    def send(self, parcel: Parcel) -> Sent:
        """Hand the letter over. Raises DeliveryFailed or Refused."""
        ...


def port_for(channel: str) -> Port:
    """The port that settings name for a channel."""
    port: Port = import_string(settings.LETTER_PORTS[channel])()
    return port
