"""The grantee's answer to an award."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from pulje.actions.application import closing_day
from pulje.actions.ledger import release_rest
from pulje.actions.payment import plan
from pulje.actions.state import lock, move
from pulje.models import Application, AwardAcceptance, JournalEntry, User
from pulje.permissions import check_may
from pulje.rules.deadlines import next_clock, reminder_ladder
from pulje.rules.reporting import report_due
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
    due_on = report_deadline(application, today)
    return move(
        application,
        Verb.ACCEPT,
        by=by,
        at=at,
        due_on=due_on,
        clock_on=next_clock(reminder_ladder(due_on), frozenset()),
        data={
            "decision": decision.pk,
            "terms": application.version.number,
            "due_on": due_on.isoformat(),
        },
    )


@transaction.atomic
def decline(application: Application, *, by: User, at: datetime, reason: str = "") -> JournalEntry:
    """The grantee says no; the money returns to the frame."""
    application = lock(application)
    check_may(by, Verb.DECLINE, application)
    _answer(application, by, at, is_accepted=False, reason=reason)
    entry = move(application, Verb.DECLINE, by=by, at=at, clock_on=closing_day(application, at))
    release_rest(application, by=by, at=at, cause=f"decline:{entry.pk}")
    return entry


def report_deadline(application: Application, today: date) -> date:
    """When the report is due: the pool's months after the project ends."""
    return report_due(max(application.ends_on or today, today), application.version.report_months)


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
