"""A municipal institution's leader confirms by a mailed link that the agreement is right."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, Partner, User
from pulje.permissions import check_not_disqualified, check_other, is_member
from pulje.rules.texts import is_blank
from pulje.states import CaseState

S, A_MINUTE = CaseState, timedelta(minutes=1)
# until the decision, an answer can be changed
UNDECIDED = frozenset(
    {S.DRAFT, S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.IN_HEARING, S.REVIEWED, S.RECOMMENDED}
)


@transaction.atomic
def ask_leader(partner: Partner, *, by: User, at: datetime) -> Partner:
    """Ask, or ask again, the leader of a municipal institution; the mail is the caller's.

    Raises RuleBroken for a partner without a leader to ask or with a yes already, NotAllowed to
    strangers, WrongState when the case is decided.
    """
    partner = _lock(partner)
    application = partner.application
    if not is_member(by, application):
        check_other(by, "write_note")
        check_not_disqualified(by, application)
    _check_undecided(application)
    if not partner.is_municipal or not partner.leader_email:
        raise RuleBroken(_("Skriv først lederens e-mail under trin 2."))
    if partner.is_confirmed:
        raise RuleBroken(_("Lederen har allerede bekræftet samarbejdet."))
    if partner.asked_at and timedelta(0) <= at - partner.asked_at < A_MINUTE:
        return partner  # a double click asks once
    partner.asked_at = at
    partner.save(update_fields=["asked_at"])
    note_down(application, "partner_asked", by=by, at=at, data={"partner": partner.pk})
    return partner


@transaction.atomic
def answer_leader(partner: Partner, *, at: datetime, is_confirmed: bool, remark: str) -> Partner:
    """The leader's yes or no by the mailed link; the same answer twice is harmless.

    Raises RuleBroken for a no without a remark, WrongState when the case is decided.
    """
    partner = _lock(partner)
    _check_undecided(partner.application)
    if not is_confirmed and is_blank(remark):
        raise RuleBroken(_("Skriv, hvad der ikke passer, så ansøgeren kan rette det."))
    if partner.answered_at and (partner.is_confirmed, partner.remark) == (is_confirmed, remark):
        return partner
    partner.answered_at, partner.is_confirmed, partner.remark = at, is_confirmed, remark
    partner.save(update_fields=["answered_at", "is_confirmed", "remark"])
    event = "partner_confirmed" if is_confirmed else "partner_declined"
    note_down(partner.application, event, by=None, at=at, data={"partner": partner.pk})
    return partner


def _lock(partner: Partner) -> Partner:
    Application.objects.select_for_update().get(pk=partner.application_id)
    return Partner.objects.select_related("application__applicant").get(pk=partner.pk)


def _check_undecided(application: Application) -> None:
    if application.state not in UNDECIDED:
        raise WrongState(_("Sagen er afgjort eller afsluttet, så svaret kan ikke ændres."))
