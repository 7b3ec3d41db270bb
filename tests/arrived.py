"""The letters that give a deadline could be read: what the clock waits for."""

from datetime import datetime

from django.utils import timezone

from letters.models import Letter
from pulje.actions.journal import note_down
from pulje.models import AppealGuidance, Application
from pulje.queries.told import LETTER_AVAILABLE, TOLD_BY_LETTER, told_on
from tests import people


def letters_there(case: Application) -> None:
    """All its letters are known to be there."""
    Letter.objects.filter(application=case).update(available_at=timezone.now())


def arrived(case: Application, at: datetime | None = None) -> Application:
    """Each on the day it was written, or at ``at``."""
    given = case.journal.filter(event__in=TOLD_BY_LETTER, data__has_key="due_on")
    for entry in given.order_by("number"):
        if told_on(entry) is None:
            when = at or entry.at
            note_down(case, LETTER_AVAILABLE, by=None, at=when, data={"entry": entry.number})
    return case


def decision_told(
    case: Application, kind: str, at: datetime, guidance: str = "Klag inden fire uger."
) -> None:
    """The decision's letter could be read, with that appeal guidance of serviceloven § 18."""
    facts = {"text": guidance, "approved_by": people.dora(), "approved_at": at}
    AppealGuidance.objects.get_or_create(legal_basis="SEL18", version=1, defaults=facts)
    told = {"kind": kind, "guidance": 1}
    note_down(case, LETTER_AVAILABLE, by=None, at=at, data=told)
