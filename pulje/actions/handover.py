"""Taking a case nobody has, and giving one to somebody else, said once however often it is done."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.application import assign
from pulje.actions.state import lock
from pulje.errors import WrongState
from pulje.models import Application, JournalEntry, User


@transaction.atomic
def claim(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """Take a case nobody has. Raises WrongState when somebody has it."""
    application = lock(application)
    if application.caseworker_id == by.pk:
        raise WrongState(_("Sagen er allerede din."))
    if application.caseworker_id is not None:
        raise WrongState(_("En anden har allerede sagen. Brug ”Giv videre”."))
    return assign(application, by=by, at=at, to=by)


@transaction.atomic
def give(application: Application, *, by: User, at: datetime, to: User) -> JournalEntry:
    """``assign``, but a case that is the receiver's already is left, and told so (WrongState)."""
    application = lock(application)
    if application.caseworker_id == to.pk:
        raise WrongState(_("Sagen er allerede hos %s.") % to.name)
    return assign(application, by=by, at=at, to=to)
