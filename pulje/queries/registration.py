"""What a case worker needs to key in an application: rounds, applicants, and what is in already."""

from datetime import datetime, timedelta

from django.db.models import Q

from pulje.models import Applicant, Application, Round, User
from pulje.queries.search import applicants
from pulje.states import Verb

LATELY_DAYS = 60
MOST_APPLICANTS = 10


def rounds_to_choose(now: datetime) -> list[Round]:
    """The rounds that are open, and those that closed lately; the first deadline first."""
    begun = Round.objects.filter(opens_at__lte=now).select_related("pool")
    lately = Q(closes_at=None) | Q(closes_at__gte=now - timedelta(days=LATELY_DAYS))
    return list(begun.filter(lately).order_by("closes_at", "pool__name", "pk"))


def applicants_like(typed: str) -> list[Applicant]:
    """Those we know with such a name or CVR number."""
    return list(applicants(typed)[:MOST_APPLICANTS])


def registered_with(token: str, *, by: User, since: datetime) -> Application | None:
    """The case this person keyed in on the page with the token."""
    own = Application.objects.filter(submitted_by=by, created_at__gte=since)
    keyed = own.filter(journal__event=Verb.REGISTER_ON_BEHALF, journal__data__token=token)
    return keyed.order_by("pk").first()
