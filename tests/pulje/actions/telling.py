"""Words for reading what an action did: the last journal line, and the ledger of a case."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.errors import PuljeError
from pulje.models import Application, JournalEntry


def again(application: Application) -> Application:
    """The case as the database has it."""
    return Application.objects.get(pk=application.pk)


def last_line(application: Application) -> JournalEntry:
    return application.journal.order_by("-number")[0]


def ledger(application: Application) -> list[tuple[str, Decimal]]:
    """The money of the case in the order it was written."""
    return list(application.ledger.order_by("pk").values_list("kind", "amount_kr"))


def payments(application: Application) -> list[tuple[str, Decimal]]:
    return list(application.payments.order_by("pk").values_list("state", "amount_kr"))


def refuses(kind: type[PuljeError], sentence: str):
    """A refusal of this kind whose sentence begins with these words."""
    return pytest.raises(kind, match=rf"^{sentence}")


def day(year: int, month: int, date: int, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime(year, month, date, hour))  # noqa: DTZ001 (made aware here)
