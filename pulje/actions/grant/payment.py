"""Instalments: proposed, approved by another, exported, confirmed. Each has its own state."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.deadline import closing_day
from pulje.actions.journal import note_down
from pulje.actions.ledger import enter, outstanding_kr
from pulje.actions.state import lock, move
from pulje.enums import LedgerKind, PaymentState
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, Decision, JournalEntry, Payment, PaymentBatch, User
from pulje.permissions import (
    PAYMENT_OPEN,
    check_none_disqualified,
    check_not_disqualified,
    check_other,
)
from pulje.rules.payments import four_eyes, instalments
from pulje.states import CaseState, Verb


def plan(application: Application, decision: Decision, today: date) -> list[Payment]:
    """Write the instalments of an accepted award; their sum is what is granted and not yet paid.

    Money paid under a decision that this one replaces is not planned again.
    """
    rest = outstanding_kr(application)
    starts_on = application.starts_on or today
    rows = instalments(application.version.payment_plan, rest, starts_on) if rest else ()
    return Payment.objects.bulk_create(
        Payment(
            application=application,
            decision=decision,
            number=row.number,
            amount_kr=row.amount_kr,
            due_on=max(row.due_on, today),
            after_report=row.after_report,
            payee_kind=application.applicant.payee_kind,
        )
        for row in rows
    )


def cancel_open(application: Application) -> None:
    """Cancel what is planned or proposed. Raises RuleBroken when money is on its way."""
    if application.payments.filter(
        state__in=[PaymentState.APPROVED, PaymentState.EXPORTED]
    ).exists():
        raise RuleBroken(_("En udbetaling er på vej. Vent, til banken har svaret."))
    application.payments.filter(
        state__in=[PaymentState.PLANNED, PaymentState.PROPOSED, PaymentState.REJECTED]
    ).update(state=PaymentState.CANCELLED, batch=None)


def restore_cancelled(application: Application) -> None:
    """Plan again what was cancelled when the case ended, under the decision that holds."""
    application.payments.filter(decision__is_current=True, state=PaymentState.CANCELLED).update(
        state=PaymentState.PLANNED
    )


@transaction.atomic
def propose(payments: Sequence[Payment], *, by: User, at: datetime) -> PaymentBatch:
    """Collect planned payments into one batch for somebody else to approve.

    Raises RuleBroken when one of them is already collected, may not be paid yet, or is of a test
    pool.
    """
    check_other(by, "propose_payment")
    rows = list(
        Payment.objects.select_for_update(of=("self",))
        .select_related("application__pool")
        .filter(pk__in=[payment.pk for payment in payments])
        .order_by("pk")
    )
    tried = [row.application.number for row in rows if row.application.pool.is_test]
    if tried:
        raise RuleBroken(_("En prøvepulje betaler ikke: %s.") % ", ".join(tried))
    blocked = [row for row in rows if not is_payable(row)]
    if blocked or not rows:
        raise RuleBroken(
            _("Ikke klar til udbetaling: %s.")
            % (", ".join(row.application.number for row in blocked) or _("vælg mindst én"))
        )
    check_none_disqualified(by, [row.application for row in rows])
    batch = PaymentBatch.objects.create(collected_by=by, collected_at=at)
    Payment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=PaymentState.PROPOSED, batch=batch, failure=""
    )
    return batch


def is_payable(payment: Payment) -> bool:
    """True when the case has come to where this instalment is paid.

    Source: domain.md A7 (payment models), letter E4 condition 7 (no instalment without report).
    """
    if payment.state not in (PaymentState.PLANNED, PaymentState.REJECTED):
        return False
    state = payment.application.state
    if payment.after_report:
        return state == CaseState.REPORTED
    return state in (
        CaseState.ACCEPTED,
        CaseState.PAID,
        CaseState.REPORTED,
    )  # a report may come before the money


@transaction.atomic
def approve(batch: PaymentBatch, *, by: User, at: datetime) -> PaymentBatch:
    """A second person approves the batch. Raises RuleBroken for the collector, WrongState twice."""
    check_other(by, "approve_payment")
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.approved_at:
        raise WrongState(_("Kørslen er allerede godkendt."))
    if not four_eyes(batch.collected_by_id, by.pk):
        raise RuleBroken(_("Du har selv samlet kørslen. En anden skal godkende den."))
    _check_free(by, batch)
    batch.approved_by, batch.approved_at = by, at
    batch.save(update_fields=["approved_by", "approved_at"])
    batch.payments.filter(state=PaymentState.PROPOSED).update(state=PaymentState.APPROVED)
    return batch


@transaction.atomic
def export(batch: PaymentBatch, *, by: User, at: datetime, sha256: str) -> PaymentBatch:
    """Mark an approved batch as sent, with the hash of its file. Repeating it changes nothing."""
    check_other(by, "export_payment")
    batch = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.approved_at:
        raise WrongState(_("Kørslen skal godkendes, før den kan sendes."))
    if batch.exported_at:
        return batch
    _check_free(by, batch)
    batch.exported_at, batch.file_sha256 = at, sha256
    batch.save(update_fields=["exported_at", "file_sha256"])
    batch.payments.filter(state=PaymentState.APPROVED).update(state=PaymentState.EXPORTED)
    return batch


def _check_free(by: User, batch: PaymentBatch) -> None:
    payments = batch.payments.select_related("application").order_by("pk")
    check_none_disqualified(by, [payment.application for payment in payments])


@transaction.atomic
def confirm(application: Application, *, by: User, at: datetime, payment: Payment) -> JournalEntry:
    """The bank has paid: ledger, payment and, when all that is due now is paid, the case.

    Raises WrongState when the payment is not on its way (so a second click pays nothing twice).
    """
    check_other(by, "confirm_payment")
    check_not_disqualified(by, application)
    application = lock(application)
    payment = Payment.objects.select_for_update().get(pk=payment.pk, application=application)
    if payment.state != PaymentState.EXPORTED:
        raise WrongState(
            _("Udbetalingen er ikke sendt til banken, eller den er allerede bekræftet.")
        )
    payment.state, payment.confirmed_at = PaymentState.CONFIRMED, at
    payment.save(update_fields=["state", "confirmed_at"])
    enter(application, LedgerKind.PAY, payment.amount_kr, by=by, at=at, cause=f"pay:{payment.pk}")
    facts = {"payment": payment.pk, "amount_kr": str(payment.amount_kr)}
    if not _all_paid(application):
        return note_down(application, "payment_confirmed", by=by, at=at, data=facts)
    state = CaseState.PAID if application.state == CaseState.ACCEPTED else CaseState.REPORTED
    is_last = state == CaseState.REPORTED
    clock_on = closing_day(application, at) if is_last else application.clock_on
    return move(
        application,
        Verb.MARK_PAID,
        by=by,
        at=at,
        to=state,
        due_on=application.due_on,
        clock_on=clock_on,
        data=facts,
    )


def _all_paid(application: Application) -> bool:
    if application.state not in (CaseState.ACCEPTED, CaseState.REPORTED):
        return False
    waiting = application.payments.exclude(
        state__in=[PaymentState.CONFIRMED, PaymentState.CANCELLED]
    )
    if application.state == CaseState.ACCEPTED:
        waiting = waiting.filter(after_report=False)
    return not waiting.exists()


@transaction.atomic
def reject(
    application: Application, *, by: User, at: datetime, payment: Payment, reason: str
) -> JournalEntry:
    """The bank refused: the payment stands with its reason and can be proposed again."""
    check_other(by, "confirm_payment")
    application = lock(application)
    check_not_disqualified(by, application)
    changed = application.payments.filter(pk=payment.pk, state__in=PAYMENT_OPEN).update(
        state=PaymentState.REJECTED, failure=reason, batch=None
    )
    if not changed:
        raise WrongState(_("Udbetalingen er ikke på vej."))
    return note_down(application, "payment_rejected", by=by, at=at, data={"payment": payment.pk})
