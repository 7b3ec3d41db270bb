"""What a case is about and where, as the house counts it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import Theme
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.states import ENDED


@transaction.atomic
def classify(
    application: Application, *, by: User, at: datetime, theme: str, area: str
) -> JournalEntry | None:
    """Set the case's theme and place. None when both are as they were.

    Raises RuleBroken for a theme that is not there, WrongState when the case has ended.
    """
    check_other(by, "check_case")
    application = lock(application)
    check_not_disqualified(by, application)
    if application.state in ENDED:
        raise WrongState(_("Sagen er slut, så tema og sted står fast."))
    area = area.strip()
    if theme not in ("", *Theme.values):
        raise RuleBroken(_("Vælg et af temaerne."))
    if (application.theme, application.area) == (theme, area):
        return None
    was = {"theme": application.theme, "area": application.area}
    application.theme, application.area = theme, area
    application.save(update_fields=["theme", "area"])
    told = {"was": was, "reason": _from_to(was, {"theme": theme, "area": area})}
    return note_down(application, "classified", by=by, at=at, data=told)


def _from_to(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    labels = {"": _("Ikke valgt")} | dict(Theme.choices)
    told = []
    if was["theme"] != now["theme"]:
        told.append(
            _("tema fra %(was)s til %(now)s")
            % {"was": labels[was["theme"]], "now": labels[now["theme"]]}
        )
    if was["area"] != now["area"]:
        told.append(
            _("sted fra %(was)s til %(now)s")
            % {"was": was["area"] or "–", "now": now["area"] or "–"}
        )
    return ", ".join(told)
