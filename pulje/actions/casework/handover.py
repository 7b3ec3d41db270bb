"""Taking a case nobody has, and giving one to somebody else, said once however often it is done."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.casework.assessment import hand_over
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import AssessmentState, Role
from pulje.errors import WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_impartial, check_not_disqualified, check_other, check_role


@transaction.atomic
def assign(application: Application, *, by: User, at: datetime, to: User) -> JournalEntry:
    """Give the case to a case worker. Raises NotAllowed without the role, or to a disqualified."""
    check_other(by, "assign")
    application = lock(application)
    check_not_disqualified(by, application)
    check_role(to, frozenset({Role.CASE_WORKER}))
    check_impartial(to, application)
    application.caseworker = to
    application.save(update_fields=["caseworker"])
    return note_down(application, "assigned", by=by, at=at, data={"to": to.pk})


@transaction.atomic
def claim(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """Take a case nobody has. Raises NotAllowed without the role, WrongState when it is taken."""
    check_other(by, "claim_case")
    application = lock(application)
    if application.caseworker_id == by.pk:
        raise WrongState(_("Sagen er allerede din."))
    if application.caseworker_id is not None:
        raise WrongState(_("En anden har allerede sagen. Brug ”Giv videre”."))
    return assign(application, by=by, at=at, to=by)


@transaction.atomic
def give(
    application: Application, *, by: User, at: datetime, to: User, with_assessment: bool = False
) -> JournalEntry:
    """Give the case away, and if asked the open assessment of whoever had it; the last line.

    Raises WrongState when the receiver has it, and what ``assign`` and ``hand_over`` raise.
    """
    application = lock(application)
    before = application.caseworker
    if before == to:
        raise WrongState(_("Sagen er allerede hos %s.") % to.name)
    entry = assign(application, by=by, at=at, to=to)
    if not with_assessment or before is None:
        return entry
    mine = application.assessments.filter(reviewer=before, state=AssessmentState.OPEN)
    if not mine.exists():
        return entry
    return hand_over(application, by=by, at=at, reviewer=before, to=to)
