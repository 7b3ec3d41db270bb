"""A meeting held from beginning to end by the people whose work it is."""

from datetime import datetime

from django.utils import timezone

from pulje.actions.meeting import minutes, ruling
from pulje.enums import ItemOutcome
from pulje.models import Meeting
from tests import people
from workflow.bulk import close_meeting


def hold(held: Meeting, *, at: datetime | None = None) -> None:
    """It follows every recommendation, is closed, and its minutes are approved."""
    at = at or timezone.now()
    follow(held, at=at)
    close_meeting(held, by=people.sanne(), at=at)
    minutes.approve_minutes(held, by=people.karen(), at=at)


def follow(held: Meeting, *, at: datetime) -> None:
    """Every case without an outcome is recorded as recommended."""
    items = held.items.filter(outcome=ItemOutcome.PENDING).order_by("position")
    rows = [ruling.Recorded(item, ItemOutcome.DECIDED, item.amount_kr) for item in items]
    ruling.record_rulings(held, rows, by=people.sanne(), at=at)
