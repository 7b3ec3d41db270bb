"""A meeting of the invented committee, held from beginning to end."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from letters.kinds.registry import KINDS
from letters.models import Letter
from pulje.actions.meeting.ruling import Recorded, record_rulings
from pulje.enums import ItemOutcome
from pulje.models import JournalEntry, Meeting, Packet, User
from workflow.bulk import close_meeting
from workflow.minutes import approve_minutes


def free_evening(day: date, *, after: datetime) -> datetime:
    """The committee meets at 16, later when it has met, or its cases were not ready."""
    first = timezone.make_aware(datetime.combine(day, time(16)))
    hours = (first + timedelta(hours=hour) for hour in range(48))
    taken = set(Meeting.objects.filter(held_at__gte=first).values_list("held_at", flat=True))
    return next(at for at in hours if at >= after and at not in taken)


def hold(
    meeting: Meeting,
    *,
    at: datetime,
    secretary: User,
    chair: User,
    others: Mapping[int, tuple[Decimal, str]] | None = None,
) -> None:
    """It follows the recommendations; the secretary closes it, the chair approves the minutes.

    ``others``: case pk -> another amount, and why.
    """
    items = meeting.items.filter(outcome=ItemOutcome.PENDING).order_by("position")
    others = others or {}
    rows = [
        Recorded(item, ItemOutcome.DECIDED, *others.get(item.application_id, (item.amount_kr,)))
        for item in items
    ]
    record_rulings(meeting, rows, by=secretary, at=at)
    close_meeting(meeting, by=secretary, at=at)
    approve_minutes(meeting, by=chair, at=at)


def ask_anew() -> None:
    """The papers of old meetings are made from now on: nobody has waited years for them."""
    Packet.objects.update(asked_at=timezone.now())


def let_go_in_their_time(reader: User, since: datetime) -> None:
    """Letters older than that left long ago, and were there at once: the deadlines count from then.

    A colleague saw to those about decisions by delegation and claims. A worker makes them when
    there is one, and notes no step of theirs as later than that (letters/actions/rows.py).
    """
    old = Letter.objects.filter(entry__at__lt=since)
    kinds = [kind.code for kind in KINDS.values() if kind.is_decision or kind.needs_guidance]
    decisions = old.filter(Q(kind__in=kinds) | Q(needs_second_reader=True), approved_by=None)
    decisions.exclude(author=reader).update(approved_by=reader, approved_at=since)
    written = Subquery(JournalEntry.objects.filter(pk=OuterRef("entry")).values("at"))
    left = old.exclude(needs_second_reader=True, approved_by=None)
    left.update(queued_at=written, available_at=written)
    left.exclude(approved_by=None).update(approved_at=written)


def have_read(meeting: Meeting, *, reader: User, at: datetime) -> None:
    """A second person has read its letters."""
    letters = Letter.objects.of_meeting(meeting)
    letters.filter(needs_second_reader=True).update(approved_by=reader, approved_at=at)
