"""How a letter leaves. One Protocol, a module per channel, chosen by a dotted path in settings."""

from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from letters.models import Letter


class CannotDeliver(Exception):
    """The channel refused; the sentence is shown beside the letter."""


class Channel(Protocol):
    """Sends one letter. Raises CannotDeliver with a sentence; returning means it has left."""

    name: str

    def send(self, letter: "Letter", pdf: bytes) -> None: ...


def channel_for(letter: "Letter") -> Channel:
    """The channel this installation sends by."""
    channel: Channel = import_string(settings.LETTER_CHANNEL)()
    return channel
