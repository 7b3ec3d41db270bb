"""A list as one person likes to see it, kept under a name."""

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import SavedView, User
from pulje.permissions import check_other

MOST_VIEWS = 20
LONGEST_QUERY = 500


@transaction.atomic
def save_view(user: User, *, name: str, path: str, query: str) -> SavedView:
    """Keep the list's address under the name; a name one has already gets the new address.

    Raises RuleBroken for one view too many, and for filters too long to keep.
    """
    check_other(user, "see_case")
    User.objects.select_for_update().get(pk=user.pk)  # two at once would both be the last
    if len(query) > LONGEST_QUERY:
        raise RuleBroken(_("Det, du søger på, er for langt til en visning. Søg på færre ord."))
    others = user.saved_views.exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise RuleBroken(
            _("Du har %d visninger, og flere kan ikke være der. Slet en først.") % MOST_VIEWS
        )
    told = {"path": path, "query": query}
    return SavedView.objects.update_or_create(user=user, name=name, defaults=told)[0]


def delete_view(view: SavedView) -> None:
    """Forget the list; the cases in it stay."""
    view.delete()
