"""Money back: proposed, claimed by a second person, settled; and the end of a case."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from pulje.actions.deadline import check_deadline, closing_day
from pulje.actions.grant.payment import cancel_open
from pulje.actions.in_words import check_in_words
from pulje.actions.journal import note_down
from pulje.actions.ledger import enter, outstanding_kr, paid_kr
from pulje.actions.state import lock, move
from pulje.enums import AppealState, ClaimState, LedgerKind, PaymentState, ReportState
from pulje.errors import RuleBroken, WrongState
from pulje.models import Appeal, Application, JournalEntry, PartyHearing, RepaymentClaim, User
from pulje.permissions import PAYMENT_OPEN, check_may
from pulje.queries.grant.heard import heard_in_reminder
from pulje.rules.payments import four_eyes
from pulje.states import CaseState, Verb

NOT_HEARD = _lazy("Ansøgeren skal høres, før pengene kan kræves tilbage (§ 19).")


@transaction.atomic
def propose_claim(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reasons: str,
    due_on: date,
) -> JournalEntry:
    """Propose to claim money back. Raises RuleBroken without a hearing, reasons or money paid.

    The last report reminder is also a hearing (letter E8), once it could be read and its days
    have passed.
    Source: forvaltningsloven §§ 19, 22; folkeoplysningsloven § 33 stk. 5 or the award's conditions.
    """
    application = lock(application)
    check_may(by, Verb.CLAIM_REPAYMENT, application)
    if not 0 < amount_kr <= paid_kr(application) - _claimed_before(application):
        raise RuleBroken(_("Kravet skal være større end 0 kr. og højst det, der er udbetalt."))
    check_in_words(reasons, _("Skriv begrundelsen."))
    check_deadline(due_on, at)
    hearing = _hearing_after_decision(application)
    if hearing is None and not _is_heard_in_reminder(application, at):
        raise RuleBroken(NOT_HEARD)
    if application.claims.exclude(state=ClaimState.SETTLED).exists():
        raise WrongState(_("Der er allerede et krav i sagen."))
    claim = RepaymentClaim.objects.create(
        application=application,
        amount_kr=amount_kr,
        reasons=reasons,
        hearing=hearing,
        due_on=due_on,
        proposed_at=at,
        proposed_by=by,
    )
    return note_down(application, "claim_proposed", by=by, at=at, data={"claim": claim.pk})


def _claimed_before(application: Application) -> Decimal:
    settled = application.claims.filter(state=ClaimState.SETTLED)
    return settled.aggregate(kr=Sum("amount_kr"))["kr"] or Decimal(0)


def _hearing_after_decision(application: Application) -> PartyHearing | None:
    """What was put to the applicant before the decision was about something else."""
    decision = application.decisions.get(is_current=True)
    ended = application.hearings.filter(ended_at__isnull=False, opened_at__gte=decision.decided_at)
    return ended.order_by("-pk").first()


def _is_heard_in_reminder(application: Application, at: datetime) -> bool:
    heard = heard_in_reminder([application.pk]).get(application.pk)
    return heard is not None and heard.is_over(timezone.localdate(at))


@transaction.atomic
def claim_repayment(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """A second person makes the proposed claim a decision.

    Raises RuleBroken for the proposer, and when the last reminder has come back since: nobody has
    been heard after all.
    """
    application = lock(application)
    check_may(by, Verb.CLAIM_REPAYMENT, application)
    claim = application.claims.filter(state=ClaimState.PROPOSED).first()
    if claim is None:
        raise WrongState(_("Der er ikke foreslået et krav i sagen."))
    if not four_eyes(claim.proposed_by_id, by.pk):
        raise RuleBroken(_("Du har selv foreslået kravet. En anden skal godkende det."))
    if claim.hearing is None and not _is_heard_in_reminder(application, at):
        raise RuleBroken(NOT_HEARD)
    entry = move(
        application,
        Verb.CLAIM_REPAYMENT,
        by=by,
        at=at,
        due_on=claim.due_on,
        data={"claim": claim.pk, "amount_kr": str(claim.amount_kr)},
    )
    cancel_open(application)
    claim.state, claim.claimed_at, claim.claimed_by = ClaimState.CLAIMED, at, by
    claim.save(update_fields=["state", "claimed_at", "claimed_by"])
    return entry


@transaction.atomic
def settle_repayment(
    application: Application, *, by: User, at: datetime, received_kr: Decimal, write_off: bool
) -> JournalEntry:
    """The claim is paid, or the rest of it is written off; the ledger shows both.

    Raises RuleBroken when less than claimed came in and nothing is written off.
    """
    application = lock(application)
    check_may(by, Verb.SETTLE_REPAYMENT, application)
    claim = application.claims.get(state=ClaimState.CLAIMED)
    rest = claim.amount_kr - received_kr
    if rest < 0 or received_kr < 0 or (rest > 0 and not write_off):
        raise RuleBroken(_("Beløbet svarer ikke til kravet. Skriv det, der er kommet ind."))
    report_approved = _report_approved(application)
    entry = move(
        application,
        Verb.SETTLE_REPAYMENT,
        by=by,
        at=at,
        to=CaseState.REPORTED if report_approved else CaseState.CLOSED,
        clock_on=closing_day(application, at) if report_approved else None,
        data={"claim": claim.pk, "received_kr": str(received_kr)},
    )
    cause = f"claim:{claim.pk}"
    enter(application, LedgerKind.RECOVER, received_kr, by=by, at=at, cause=f"{cause}:in")
    enter(application, LedgerKind.WRITE_OFF, rest, by=by, at=at, cause=f"{cause}:off")
    _release(application, by, at, cause)
    claim.state, claim.received_kr, claim.settled_at = ClaimState.SETTLED, received_kr, at
    claim.save(update_fields=["state", "received_kr", "settled_at"])
    return entry


@transaction.atomic
def close(application: Application, *, by: User | None = None, at: datetime) -> JournalEntry:
    """End the case after the waiting period; an unused rest returns to the frame.

    Raises RuleBroken while a payment, claim or appeal is open. Letters are the caller's to ask.
    """
    application = lock(application)
    check_may(by, Verb.CLOSE, application)
    if application.submitted_at is None:
        raise RuleBroken(_("En kladde, der aldrig er sendt, er ikke en sag og lukkes ikke."))
    if application.payments.filter(state__in=[PaymentState.PLANNED, *PAYMENT_OPEN]).exists():
        raise RuleBroken(_("Der er en udbetaling, som ikke er afsluttet."))
    if application.claims.exclude(state=ClaimState.SETTLED).exists():
        raise RuleBroken(_("Der er et tilbagebetalingskrav, som ikke er afsluttet."))
    if Appeal.objects.filter(
        decision__application=application, state__in=[AppealState.RECEIVED, AppealState.ASSESSED]
    ).exists():
        raise RuleBroken(_("Der er en klage, som ikke er besvaret."))
    entry = move(application, Verb.CLOSE, by=by, at=at)
    _release(application, by, at, f"close:{entry.pk}")
    return entry


def _release(application: Application, by: User | None, at: datetime, cause: str) -> None:
    rest = outstanding_kr(application)
    enter(application, LedgerKind.RELEASE, rest, by=by, at=at, cause=f"{cause}:rest")


def _report_approved(application: Application) -> bool:
    report = getattr(application, "report", None)
    return report is not None and report.state == ReportState.APPROVED
