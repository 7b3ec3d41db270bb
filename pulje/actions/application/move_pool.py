"""A case finds a better pool: new rules, new number, new deadline; the old number is kept."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application.application import take_numbers, version_in_force
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import LateRule
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, Round, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.application.completeness import broken_rules
from pulje.queries.search import MOVED
from pulje.rules.deadlines import is_late
from pulje.rules.delegation import answer_due
from pulje.rules.texts import is_blank
from pulje.states import CaseState


@transaction.atomic
def move_pool(
    application: Application, *, by: User, at: datetime, round: Round, consent: str
) -> JournalEntry:
    """Move a case that nobody has assessed to another pool's round, as its applicant wants.

    The rules in force today of the new pool apply, the time to answer begins anew, and what was
    ticked on the checklist is looked at again. ``consent``: how and when the applicant said yes.
    Raises WrongState when it is there already or too far on; RuleBroken without consent, when it
    came too late for the round, or when a hard rule of the new pool is broken.
    Source: forvaltningsloven § 7 (guidance); issue 4 point 7.
    """
    check_other(by, "move_pool")
    application = lock(application)
    check_not_disqualified(by, application)
    _check_can_leave(application, round)
    if is_blank(consent):
        raise RuleBroken(_("Skriv, hvordan og hvornår ansøger har sagt ja til at flytte."))
    before, number = application.pool, application.number
    _check_can_enter(application, round, at)
    application.pool, application.round = round.pool, round
    (application.number,) = take_numbers(round.pool_id, 1)
    application.due_on = answer_due(timezone.localdate(at), application.version.answer_working_days)
    application.save(update_fields=["pool", "round", "version", "number", "due_on", "is_late"])
    application.check_marks.all().delete()
    facts = {"from_number": number, "number": application.number, "from_pool": before.pk}
    facts |= {"to_pool": round.pool_id, "version": application.version.number, "reason": consent}
    return note_down(application, MOVED, by=by, at=at, data=facts)


def _check_can_leave(application: Application, round: Round) -> None:
    if application.pool_id == round.pool_id:
        raise WrongState(_("Sagen er allerede i %s.") % round.pool.name)
    if application.state != CaseState.SUBMITTED:
        raise WrongState(_("En sag kan kun flyttes, før den er sendt til vurdering."))
    if application.pool.is_test != round.pool.is_test:
        raise RuleBroken(_("En sag kan ikke flyttes mellem en test og det virkelige."))


def _check_can_enter(application: Application, round: Round, at: datetime) -> None:
    """Takes the new pool's version into use, so that the rules are those of the new pool."""
    assert application.submitted_at is not None
    if at < round.opens_at:
        raise RuleBroken(_("Puljen er ikke åben endnu."))
    application.version = version_in_force(round.pool, timezone.localdate(at))
    application.is_late = is_late(application.submitted_at, round.closes_at)
    if application.is_late and application.version.late_rule == LateRule.REFUSE:
        raise RuleBroken(_("Ansøgningen kom efter den puljes frist og kan ikke flyttes dertil."))
    received_on = timezone.localdate(application.submitted_at)
    if broken := broken_rules(application, application.version, received_on):
        raise RuleBroken(" ".join(broken))
