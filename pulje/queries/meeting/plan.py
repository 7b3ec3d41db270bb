"""The meetings in the calendar: to come, held, and how far each has got."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import ItemRuling, Meeting, User
from pulje.queries.meeting.committee import visible


def coming_for(user: User, now: datetime) -> QuerySet[Meeting]:
    """The meetings this person may read that are not over, soonest first."""
    return _counted(user).exclude(_is_over(now)).order_by("held_at", "pk")


def held_for(user: User, now: datetime) -> QuerySet[Meeting]:
    """Those that are over, the newest first."""
    return _counted(user).filter(_is_over(now)).order_by("-held_at", "-pk")


def next_for(user: User, now: datetime) -> Meeting | None:
    """The meeting one is waiting for: of one's own committee where one sits in any."""
    waiting = coming_for(user, now).exclude(state=MeetingState.CANCELLED)
    seats = user.seats.serving_on(timezone.localdate(now))
    return waiting.filter(committee__in=seats.values("committee")).first() or waiting.first()


def _is_over(now: datetime) -> Q:
    """Closed, or of an earlier day and cancelled or with nothing to decide."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    idle = Q(state=MeetingState.CANCELLED) | Q(cases=0)
    return Q(state=MeetingState.CLOSED) | Q(held_at__lt=start) & idle


def _counted(user: User) -> QuerySet[Meeting]:
    """Each with its ``cases``, and those ``done``: something has come of them."""
    ruled = Exists(ItemRuling.objects.filter(item=OuterRef("items__pk"), is_current=True))
    settled = Q(items__isnull=False) & ~Q(items__outcome=ItemOutcome.PENDING)
    return visible(user).annotate(
        cases=Count("items"), done=Count("items", filter=settled | Q(ruled))
    )
