"""Who else is writing in a draft: a key per draft and person that dies by itself."""

from django.core.cache import cache

from pulje.models import Application, User

SECONDS = 60


def others_here(user: User, application: Application) -> list[str]:
    """Mark the person as here; give the first names of the others of the last minute."""
    cache.set(_key(application, user.pk), 1, SECONDS)
    seats = application.applicant.memberships.active().exclude(user=user).order_by("pk")
    people = {seat.user_id: seat.user for seat in seats.select_related("user")[:100]}
    found = cache.get_many([_key(application, pk) for pk in people]) if people else {}
    return [
        person.get_short_name() for pk, person in people.items() if _key(application, pk) in found
    ]


def _key(application: Application, user_pk: int) -> str:
    return f"draft-here:{application.pk}:{user_pk}"
