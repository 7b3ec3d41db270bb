"""A meeting of the invented committee, held from beginning to end."""

from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from letters.kinds import KINDS
from letters.kinds_decision import Rejection
from letters.models import Letter
from pulje.actions.ruling import Recorded, record_rulings
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


def hold(meeting: Meeting, *, at: datetime, secretary: User, chair: User) -> None:
    """It follows every recommendation; the secretary closes it, the chair approves the minutes."""
    items = meeting.items.filter(outcome=ItemOutcome.PENDING).order_by("position")
    rows = [Recorded(item, ItemOutcome.DECIDED, item.amount_kr) for item in items]
    record_rulings(meeting, rows, by=secretary, at=at)
    close_meeting(meeting, by=secretary, at=at)
    approve_minutes(meeting, by=chair, at=at)


def ask_anew() -> None:
    """The papers of old meetings are made from now on: nobody has waited years for them."""
    Packet.objects.update(asked_at=timezone.now())


def let_go_in_their_time(reader: User, since: datetime) -> None:
    """Letters older than that left long ago, and were there at once: the deadlines count from then.

    A colleague saw to those about decisions by delegation and claims.
    """
    kinds = [kind.code for kind in KINDS.values() if kind.is_decision or kind.needs_guidance]
    letters = Letter.objects.filter(kind__in=kinds, approved_by=None, needs_second_reader=False)
    old = letters.filter(entry__at__lt=since).exclude(author=reader)
    old.update(approved_by=reader, approved_at=since)
    written = JournalEntry.objects.filter(pk=OuterRef("entry")).values("at")
    left = Letter.objects.filter(entry__at__lt=since)
    left = left.exclude(needs_second_reader=True, approved_by=None)
    left.update(available_at=Subquery(written))


def have_read(meeting: Meeting, *, reader: User, at: datetime) -> None:
    """A second person has read its letters; this year's refusals lie on the desk."""
    on_the_desk = Q(kind=Rejection.code, application__version__second_reader_for_rejections=True)
    letters = Letter.objects.of_meeting(meeting).exclude(on_the_desk)
    letters.filter(needs_second_reader=True).update(approved_by=reader, approved_at=at)
