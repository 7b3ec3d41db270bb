"""Nowhere: for pools in test mode, and for tests."""

from typing import ClassVar

from django.utils import timezone

from letters.delivery import Parcel, Sent


class FakePort:
    """Takes everything, sends nothing; ``sent`` remembers it for tests."""

    sent: ClassVar[list[str]] = []

    def send(self, parcel: Parcel) -> Sent:
        self.sent.append(parcel.message_id)
        return Sent("not sent: test mode", available_at=timezone.now())
