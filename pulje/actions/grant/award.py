"""The applicant opens the decision and answers an award."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import closing_day, report_anew
from pulje.actions.grant.payment import plan
from pulje.actions.journal import note_down
from pulje.actions.ledger import paid_kr, release_rest
from pulje.actions.on_behalf import OnBehalf
from pulje.actions.state import lock, move
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, AwardAcceptance, Decision, JournalEntry, User
from pulje.permissions import check_identified, check_may, is_member
from pulje.states import Verb


@transaction.atomic
def open_decision(application: Application, *, by: User, at: datetime) -> JournalEntry | None:
    """The applicant opens the decision; who and when are kept, once. None when it was open.

    Raises NotAllowed to others than the applicant, WrongState when there is no decision.
    """
    application = lock(application)
    if not is_member(by, application):
        raise NotAllowed(_("Det er kun ansøgeren, der åbner afgørelsen."))
    decision = application.decisions.filter(is_current=True).first()
    if decision is None:
        raise WrongState(_("Der er ingen afgørelse i sagen endnu."))
    if decision.opened_at is not None:
        return None
    _open(decision, by, at)
    facts = {"decision": decision.pk}
    return note_down(application, "decision_opened", by=by, at=at, data=facts)


@transaction.atomic
def accept(
    application: Application,
    *,
    by: User,
    at: datetime,
    shown: int | None = None,
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    """The grantee says yes to the conditions as shown; the instalments are planned.

    ``shown`` is the decision whose terms stood on the page; raises WrongState when another has
    come since. The report's deadline and its reminders start here.
    """
    application = lock(application)
    check_may(by, Verb.ACCEPT, application)
    if keyed is None:
        check_identified(by)
    decision = application.decisions.get(is_current=True)
    if shown not in (None, decision.pk):
        raise WrongState(_("Der er kommet en ny afgørelse. Læs dens vilkår, før I svarer."))
    today = timezone.localdate(at)
    _answer(application, by, at, is_accepted=True, is_keyed=keyed is not None)
    plan(application, decision, today)
    time = report_anew(application, today)
    return move(
        application,
        Verb.ACCEPT,
        by=by,
        at=at,
        due_on=time.due_on,
        clock_on=time.clock_on,
        keyed=keyed,
        data={"decision": decision.pk, "terms": application.version.number, **time.told},
    )


@transaction.atomic
def decline(
    application: Application,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    """The grantee says no; the money returns to the frame.

    Raises RuleBroken when money was paid under an earlier decision: then it is to be claimed back.
    """
    application = lock(application)
    check_may(by, Verb.DECLINE, application)
    if keyed is None:
        check_identified(by)
    if paid_kr(application):
        raise RuleBroken(_("Der er udbetalt penge. Skriv til os, så finder vi ud af det sammen."))
    is_keyed = keyed is not None
    _answer(application, by, at, is_accepted=False, reason=reason, is_keyed=is_keyed)
    ends_on = closing_day(application, at)
    entry = move(application, Verb.DECLINE, by=by, at=at, clock_on=ends_on, keyed=keyed)
    release_rest(application, by=by, at=at, cause=f"decline:{entry.pk}")
    return entry


def _open(decision: Decision, by: User, at: datetime) -> None:
    decision.opened_at, decision.opened_by = at, by
    decision.save(update_fields=["opened_at", "opened_by"])


def _answer(
    application: Application,
    by: User,
    at: datetime,
    *,
    is_accepted: bool,
    is_keyed: bool,
    reason: str = "",
) -> None:
    """Keep the answer; whoever answers has read, but a case worker reads nothing for them."""
    decision = application.decisions.get(is_current=True)
    if decision.opened_at is None and not is_keyed:
        _open(decision, by, at)
    AwardAcceptance.objects.create(
        decision=decision,
        is_accepted=is_accepted,
        terms_version=application.version.number,
        answered_at=at,
        answered_by=by,
        reason=reason,
    )
