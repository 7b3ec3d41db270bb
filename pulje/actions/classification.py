"""What a case is about and where, as the house counts it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import Theme
from pulje.errors import RuleBroken
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other


@transaction.atomic
def classify(
    application: Application, *, by: User, at: datetime, theme: str, area: str
) -> JournalEntry | None:
    """Set the case's theme and place. None when both are as they were.

    Raises RuleBroken for a theme that is not there.
    """
    check_other(by, "check_case")
    application = lock(application)
    check_not_disqualified(by, application)
    area = area.strip()
    if theme not in ("", *Theme.values):
        raise RuleBroken(_("Vælg et af temaerne."))
    if (application.theme, application.area) == (theme, area):
        return None
    was = {"theme": application.theme, "area": application.area}
    application.theme, application.area = theme, area
    application.save(update_fields=["theme", "area"])
    return note_down(application, "classified", by=by, at=at, data={"was": was})
