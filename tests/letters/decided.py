"""What a meeting decided, as letters that are made and wait to be let go."""

from decimal import Decimal

from django.test import Client
from django.utils import timezone

from letters.models import Letter, LetterState
from letters.tasks import deliver_due
from pulje.actions.meeting.minutes import approve_minutes
from pulje.actions.meeting.ruling import Recorded, record_rulings
from pulje.enums import ItemOutcome
from pulje.models import Application, Meeting
from tests import people
from tests.letters.reading import ticked
from tests.meetings import follow
from workflow.bulk import close_meeting

REASONS = "Fællesskab er ikke beskrevet, så udvalget giver en del."


def made(meeting: Meeting, cut: Application | None = None) -> list[Letter]:
    """The meeting's letters; a case that is cut gets 30,000 kr."""
    now = timezone.now()
    follow(meeting, at=now)
    if cut is not None:
        item = meeting.items.get(application=cut)
        row = Recorded(item, ItemOutcome.DECIDED, Decimal(30_000), reasons=REASONS)
        record_rulings(meeting, [row], by=people.sanne(), at=now)
    close_meeting(meeting, by=people.sanne(), at=now)
    approve_minutes(meeting, by=people.karen(), at=now)
    deliver_due()
    found = Letter.objects.of_meeting(meeting).order_by("pk")
    assert {letter.state for letter in found} == {LetterState.RENDERED}
    return list(found)


def page(client: Client, path: str, **kwargs: object) -> str:
    return " ".join(client.get(path, **kwargs).content.decode().split())


def picked(letters: list[Letter]) -> dict[str, object]:
    return {"letters": ticked(letters), "navn": "Efter mødet"}
