"""Stikprøve: a grant is picked out, and the grantee sends the papers that show how it was spent."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import check_deadline
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.clock import CONTROLLABLE
from pulje.queries.grant.control import control_of
from pulje.queries.told import CONTROL_SELECTED
from pulje.rules.texts import is_blank


@transaction.atomic
def select_for_control(
    application: Application, *, by: User, at: datetime, reason: str, due_on: date
) -> JournalEntry:
    """Ask for the vouchers of a grant; they come as attachments or messages on the case.

    ``reason``: what is looked at; the grantee reads it. Raises WrongState where no money has been
    paid or the case has ended, RuleBroken without a reason, for a deadline not ahead, and where
    the answer to an earlier control is not due yet.
    Source: award letter, condition 6 (domain.md E4): "Vi kan tage stikprøver".
    """
    application = lock(application)
    check_other(by, "select_for_control")
    check_not_disqualified(by, application)
    if application.state not in CONTROLLABLE:
        raise WrongState(_("Der er ikke udbetalt penge, eller sagen er slut."))
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvad vi vil se. Ansøger læser det."))
    check_deadline(due_on, at)
    asked = control_of(application)
    if asked and asked.due_on >= timezone.localdate(at):
        raise RuleBroken(_("Sagen er allerede udtaget, og fristen er ikke gået."))
    told = {"reason": reason, "due_on": due_on.isoformat()}
    return note_down(application, CONTROL_SELECTED, by=by, at=at, data=told)
