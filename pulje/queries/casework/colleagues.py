"""Who may be given a case, and who of them is away."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from pulje.enums import Role
from pulje.models import Absence, User


def colleagues(today: date) -> QuerySet[User]:
    """Active case workers by name; ``away_until`` is the last day of an absence, or None."""
    away = Absence.objects.filter(user=OuterRef("pk"), from_on__lte=today, until_on__gte=today)
    last = Subquery(away.order_by("-until_on").values("until_on")[:1])
    people = User.objects.filter(is_active=True, roles__contains=[Role.CASE_WORKER])
    return people.annotate(away_until=last).order_by("name", "pk")
