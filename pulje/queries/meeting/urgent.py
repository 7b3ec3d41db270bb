"""What the chair of a committee may decide between its meetings."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from pulje.enums import ItemOutcome
from pulje.models import Application, CommitteeMember, Meeting, Recommendation, User
from pulje.models.committee import OFFICES
from pulje.permissions import shut_out
from pulje.queries.meeting.ruling import OPEN
from pulje.states import CaseState


def deciders(applications: Iterable[Application], day: date) -> dict[int, User]:
    """Who decides each case alone: the chair, or the vice chair where the chair is shut out.

    By the case's id, without those that nobody may; a handful of queries. ``pool`` must be read.
    """
    cases = [case for case in applications if case.pool.committee_id]
    rows = CommitteeMember.objects.serving_on(day).filter(
        committee__in={case.pool.committee_id for case in cases}, role__in=OFFICES
    )
    seats: dict[tuple[int | None, str], User] = {
        (seat.committee_id, seat.role): seat.user for seat in rows.select_related("user")
    }
    out = shut_out({user.pk: user for user in seats.values()}.values(), cases)
    found = {}
    for case in cases:
        offices = [seats.get((case.pool.committee_id, role)) for role in OFFICES]
        free = [user for user in offices if user and (user.pk, case.pk) not in out]
        if free:
            found[case.pk] = free[0]
    return found


def leads(user: User, day: date) -> bool:
    """True for a chair or vice chair."""
    return user.seats.serving_on(day).filter(role__in=OFFICES).exists()


def next_meeting(application: Application, at: datetime) -> Meeting | None:
    """The first meeting of the case's committee that is still to be held. One query."""
    coming = Meeting.objects.filter(committee=application.pool.committee_id, held_at__gte=at)
    return coming.filter(state__in=OPEN).order_by("held_at").first()


def waiting_for(user: User, day: date) -> list[Application]:
    """The cases this person may decide now, of the committee one leads; the oldest first."""
    seats = user.seats.serving_on(day).filter(role__in=OFFICES)
    cases = list(_ready().filter(pool__committee__in=seats.values("committee")))
    who = deciders(cases, day)
    return [case for case in cases if who.get(case.pk) == user]


def _ready() -> QuerySet[Application]:
    """Recommended, for a committee, and on no agenda."""
    current = Recommendation.objects.filter(is_current=True)
    proposals = current.select_related("recommended_by").prefetch_related("lines", "grounds")
    return (
        Application.objects.filter(
            state=CaseState.RECOMMENDED,
            recommendations__is_current=True,
            recommendations__is_delegated=False,
        )
        .exclude(agenda_items__outcome=ItemOutcome.PENDING)
        .select_related("applicant", "pool__committee", "version", "round")
        .prefetch_related(Prefetch("recommendations", proposals, to_attr="current"))
        .order_by("submitted_at", "pk")
    )
