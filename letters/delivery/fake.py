"""Nowhere: for pools in test mode, and for tests."""

from typing import ClassVar

from letters.delivery import Parcel


class FakePort:
    """Takes everything, sends nothing; ``sent`` remembers it for tests."""

    sent: ClassVar[list[str]] = []

    def send(self, parcel: Parcel) -> str:
        self.sent.append(parcel.message_id)
        return "not sent: test mode"
