"""One invented case on its way: who it meets, and its own clock."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.signature import sign
from pulje.enums import SignatureKind
from pulje.models import Application, JournalEntry, User
from workflow.hands import carry_out


@dataclass
class Walk:
    """One case on its way, with the people it meets and its own clock.

    ``asta`` writes; ``second`` is there where two must sign. ``extras`` throws for what came to
    the town later, so that the rest of it stands as it did.
    """

    case: Application
    at: datetime
    asta: User
    staff: dict[str, User]
    dice: random.Random
    extras: random.Random
    second: User | None = None
    share: Decimal = Decimal(1)

    def do(
        self, action: Callable[..., JournalEntry | None], by: str | None, **facts: object
    ) -> None:
        """Do a verb soon after the last one; ``by`` is a first name, or None for the clock."""
        self.at += timedelta(minutes=17)
        user = None if by is None else self.asta if by == "applicant" else self.staff[by]
        carry_out(action, self.case, by=user, at=self.at, **facts)
        self.case.refresh_from_db()

    def wait(self, days: int) -> None:
        self.at += timedelta(days=days)

    def sign(self, kind: SignatureKind) -> None:
        """The second signer signs before the writer sends."""
        if self.second is not None:
            sign(self.case, by=self.second, at=self.at, kind=kind)
            self.case.refresh_from_db()

    @property
    def due_on(self) -> date:
        """The deadline the case has just been given."""
        assert self.case.due_on is not None
        return self.case.due_on

    def due(self, days: int) -> date:
        return timezone.localdate(self.at) + timedelta(days=days)
