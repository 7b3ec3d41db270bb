"""What the administration proposes, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import handle_by
from pulje.actions.state import lock, move
from pulje.enums import AssessmentState, ItemOutcome
from pulje.errors import RuleBroken
from pulje.models import Application, Ground, JournalEntry, Recommendation, User
from pulje.permissions import check_may
from pulje.rules.delegation import may_decide_alone
from pulje.states import CaseState, Verb


@transaction.atomic
def recommend(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reasons: str,
    grounds: Sequence[Ground] = (),
    conditions: str = "",
) -> JournalEntry:
    """Propose an amount (0 kr. = refusal) with reasons the applicant and committee will read.

    Less than applied for needs a ground of the pool's own adopted version
    (Source: forvaltningsloven §§ 22-24; domain.md A8, the Sorø warning). Small amounts go to the
    leader where the pool's delegation allows, all others to the committee. Raises RuleBroken.
    """
    application = lock(application)
    check_may(by, Verb.RECOMMEND, application)
    _check_amount(application, amount_kr)
    _check_grounds(application, amount_kr, reasons, grounds)
    recommendation = Recommendation.objects.create(
        application=application,
        amount_kr=amount_kr,
        reasons=reasons,
        conditions=conditions,
        is_delegated=_is_delegated(application, amount_kr, at),
        recommended_by=by,
        recommended_at=at,
    )
    recommendation.grounds.set(grounds)
    return move(
        application,
        Verb.RECOMMEND,
        by=by,
        at=at,
        due_on=handle_by(at),
        data={"recommendation": recommendation.pk, "amount_kr": str(amount_kr)},
    )


@transaction.atomic
def send_back(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """The leader or the committee wants it looked at again. Raises RuleBroken without a reason."""
    application = lock(application)
    check_may(by, Verb.SEND_BACK, application)
    if not reason.strip():
        raise RuleBroken(_("Skriv, hvad der skal ses på igen."))
    entry = move(
        application,
        Verb.SEND_BACK,
        by=by,
        at=at,
        due_on=handle_by(at),
        data={"reason": reason},
    )
    application.recommendations.filter(is_current=True).update(is_current=False)
    application.agenda_items.filter(outcome=ItemOutcome.PENDING).update(
        outcome=ItemOutcome.SENT_BACK, remark=reason[:500]
    )
    return entry


@transaction.atomic
def undo(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """Take the last step back while nothing has left the house because of it.

    Raises RuleBroken when a reviewer has answered or the case is on an agenda.
    """
    application = lock(application)
    check_may(by, Verb.UNDO, application)
    if application.state == CaseState.IN_REVIEW:
        if application.assessments.exclude(state=AssessmentState.OPEN).exists():
            raise RuleBroken(_("En vurdering er afgivet, så skridtet kan ikke fortrydes."))
        application.assessments.all().delete()
        target = CaseState.SUBMITTED
    else:
        if application.agenda_items.filter(outcome=ItemOutcome.PENDING).exists():
            raise RuleBroken(_("Sagen er på en dagsorden. Tag den af mødet først."))
        application.recommendations.filter(is_current=True).update(is_current=False)
        target = CaseState.REVIEWED
    return move(application, Verb.UNDO, by=by, at=at, to=target, due_on=application.due_on)


def _check_amount(application: Application, amount_kr: Decimal) -> None:
    asked = application.requested_kr or Decimal(0)
    if amount_kr < 0:
        raise RuleBroken(_("Beløbet kan ikke være negativt."))
    if amount_kr > asked:
        raise RuleBroken(_("Der kan højst indstilles det, der er søgt om."))
    ceiling = application.version.ceiling_kr
    if ceiling is not None and amount_kr > ceiling:
        raise RuleBroken(_("Beløbet er over puljens loft."))


def _check_grounds(
    application: Application, amount_kr: Decimal, reasons: str, grounds: Sequence[Ground]
) -> None:
    if not reasons.strip():
        raise RuleBroken(_("Skriv en begrundelse. Ansøger og udvalg læser den samme."))
    if any(ground.version_id != application.version_id for ground in grounds):
        raise RuleBroken(_("En begrundelse skal stå i puljens egne, vedtagne kriterier."))
    if amount_kr < (application.requested_kr or 0) and not grounds:
        raise RuleBroken(
            _("Når der ikke indstilles det hele, skal en af puljens begrundelser vælges.")
        )


def _is_delegated(application: Application, amount_kr: Decimal, at: datetime) -> bool:
    version = application.version
    return may_decide_alone(
        amount_kr=application.requested_kr or amount_kr,
        limit_kr=version.delegation_limit_kr,
        on=timezone.localdate(at),
        valid_from=version.delegation_from,
        valid_until=version.delegation_until,
    )
