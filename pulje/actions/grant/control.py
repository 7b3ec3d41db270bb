"""Stikprøve: a grant is picked out, and the grantee sends the papers that show how it was spent."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import check_deadline
from pulje.actions.journal import note_down
from pulje.actions.on_behalf import OnBehalf, check_came
from pulje.actions.state import lock
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_may_key_in, check_not_disqualified, check_other
from pulje.queries.clock import CONTROLLABLE
from pulje.queries.grant.control import CONTROL_ANSWERED, Control, control_of
from pulje.queries.told import CONTROL_SELECTED
from pulje.rules.texts import is_blank

SECOND_CLICK = timedelta(minutes=5)


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


@transaction.atomic
def answer_control(
    application: Application, *, by: User, at: datetime, keyed: OnBehalf, text: str = ""
) -> JournalEntry:
    """Note that the papers of a control came on paper; they are put on the case beside it.

    ``text``: what the applicant said of them. Who can log in sends files and a message instead.
    Raises WrongState when nothing was asked for or this was keyed in a moment ago.
    """
    application = lock(application)
    check_may_answer(application, by)
    asked_at = asked_control(application).asked_at
    check_came(keyed, application, by=by, at=at, asked_at=asked_at)
    told = keyed.told | {"reason": text}
    lately = application.journal.filter(event=CONTROL_ANSWERED, at__gt=at - SECOND_CLICK)
    if lately.filter(on_behalf_of=keyed.of, data=told).exists():
        raise WrongState("Det er allerede skrevet ind. Gå tilbage til sagen.")
    of = keyed.of
    return note_down(application, CONTROL_ANSWERED, by=by, at=at, on_behalf_of=of, data=told)


def check_may_answer(application: Application, by: User) -> None:
    """Raise the sentence that says why a case worker cannot key in papers of a control now."""
    check_may_key_in(by, application, binding=False)
    asked_control(application)
    if application.state not in CONTROLLABLE:
        raise WrongState(_("Der er ikke udbetalt penge, eller sagen er slut."))


def asked_control(application: Application) -> Control:
    """The newest control of the case. Raises WrongState where nothing was asked for."""
    control = control_of(application)
    if control is None:
        raise WrongState(_("Vi har ikke bedt om bilag i sagen. Skriv en besked i stedet."))
    return control
