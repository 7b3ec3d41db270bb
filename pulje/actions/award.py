"""The grantee's answer to an award."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import closing_day, report_anew
from pulje.actions.ledger import paid_kr, release_rest
from pulje.actions.payment import plan
from pulje.actions.state import lock, move
from pulje.errors import RuleBroken
from pulje.models import Application, AwardAcceptance, JournalEntry, User
from pulje.permissions import check_may
from pulje.states import Verb


@transaction.atomic
def accept(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """The grantee says yes to the conditions as shown; the instalments are planned.

    The report's deadline and its reminders start here.
    """
    application = lock(application)
    check_may(by, Verb.ACCEPT, application)
    decision = application.decisions.get(is_current=True)
    today = timezone.localdate(at)
    _answer(application, by, at, is_accepted=True)
    plan(application, decision, today)
    time = report_anew(application, today)
    return move(
        application,
        Verb.ACCEPT,
        by=by,
        at=at,
        due_on=time.due_on,
        clock_on=time.clock_on,
        data={"decision": decision.pk, "terms": application.version.number, **time.told},
    )


@transaction.atomic
def decline(application: Application, *, by: User, at: datetime, reason: str = "") -> JournalEntry:
    """The grantee says no; the money returns to the frame.

    Raises RuleBroken when money was paid under an earlier decision: then it is to be claimed back.
    """
    application = lock(application)
    check_may(by, Verb.DECLINE, application)
    if paid_kr(application):
        raise RuleBroken(_("Der er udbetalt penge. Skriv til os, så finder vi ud af det sammen."))
    _answer(application, by, at, is_accepted=False, reason=reason)
    entry = move(application, Verb.DECLINE, by=by, at=at, clock_on=closing_day(application, at))
    release_rest(application, by=by, at=at, cause=f"decline:{entry.pk}")
    return entry


def _answer(
    application: Application, by: User, at: datetime, *, is_accepted: bool, reason: str = ""
) -> None:
    AwardAcceptance.objects.create(
        decision=application.decisions.get(is_current=True),
        is_accepted=is_accepted,
        terms_version=application.version.number,
        answered_at=at,
        answered_by=by,
        reason=reason,
    )
