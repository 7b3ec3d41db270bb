"""What can be paid now, the batches, and one batch with its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from pulje.enums import PaymentState
from pulje.models import Payment, PaymentBatch
from pulje.states import CaseState

LATEST_BATCHES = 10
# the twin of actions/grant/payment.py::is_payable, for a list
_PAYABLE = Q(after_report=False, application__state__in=[CaseState.ACCEPTED, CaseState.PAID]) | Q(
    after_report=True, application__state=CaseState.REPORTED
)


@dataclass(frozen=True)
class BatchLines:
    """One batch with its lines; ``waiting`` are those the bank has not answered."""

    batch: PaymentBatch
    lines: Sequence[Payment]

    @property
    def total_kr(self) -> Decimal:
        return sum((line.amount_kr for line in self.lines), Decimal(0))

    @property
    def waiting(self) -> list[Payment]:
        return [line for line in self.lines if line.state == PaymentState.EXPORTED]

    @property
    def is_paid(self) -> bool:
        return bool(self.lines) and all(x.state == PaymentState.CONFIRMED for x in self.lines)


def payable() -> QuerySet[Payment]:
    """Instalments that may be proposed now, the rejected ones among them, oldest due first.

    A test pool pays nothing.
    """
    states = [PaymentState.PLANNED, PaymentState.REJECTED]
    payments = Payment.objects.filter(_PAYABLE, state__in=states, application__pool__is_test=False)
    return payments.select_related("application__applicant", "application__pool").order_by(
        "due_on", "pk"
    )


def unanswered(since: datetime) -> QuerySet[Payment]:
    """Payments sent to the bank before ``since`` that it has neither paid nor rejected."""
    return Payment.objects.filter(state=PaymentState.EXPORTED, batch__exported_at__lt=since)


def latest_batches() -> list[PaymentBatch]:
    """The newest batches with ``lines`` and ``total_kr``."""
    batches = PaymentBatch.objects.select_related("collected_by").annotate(
        lines=Count("payments"), total_kr=Sum("payments__amount_kr", default=Decimal(0))
    )
    return list(batches.order_by("-pk")[:LATEST_BATCHES])


def batch_with_lines(pk: int) -> BatchLines | None:
    """The batch and its lines by case number: two queries; None when there is no such batch."""
    batches = PaymentBatch.objects.select_related("collected_by", "approved_by")
    batch = batches.filter(pk=pk).first()
    if batch is None:
        return None
    lines = batch.payments.select_related("application__applicant", "application__pool")
    return BatchLines(batch, list(lines.order_by("application__number", "number", "pk")))
