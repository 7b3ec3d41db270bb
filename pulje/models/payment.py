from django.conf import settings
from django.db import models
from django.db.models import F, Q

from pulje.enums import ClaimState, PayeeKind, PaymentState
from pulje.models.fields import NOTHING, kr_field


class PaymentBatch(models.Model):
    """A collection of payments with two approvers: the collector never approves it."""

    collected_at = models.DateTimeField("samlet")
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("godkendt", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    exported_at = models.DateTimeField("sendt til betaling", null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "udbetalingskørsel"
        verbose_name_plural = "udbetalingskørsler"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False) & ~Q(approved_by=F("collected_by"))),
                name="payment_batch_two_people",
                violation_error_message=(
                    "En anden end den, der har samlet kørslen, skal godkende den."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Udbetalingskørsel {self.pk}"


class Payment(models.Model):
    """One instalment. It has its own state; the case's state is never derived from it."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="payments")
    decision = models.ForeignKey("Decision", models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField("rate")
    amount_kr = kr_field()
    due_on = models.DateField("betales")
    after_report = models.BooleanField("betales efter rapporten", default=False)
    payee_kind = models.CharField(max_length=10, choices=PayeeKind)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.PLANNED)
    batch = models.ForeignKey(
        PaymentBatch, models.PROTECT, related_name="payments", null=True, blank=True
    )
    confirmed_at = models.DateTimeField("udbetalt", null=True, blank=True)
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)

    class Meta:
        verbose_name = "udbetaling"
        verbose_name_plural = "udbetalinger"
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount_kr__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="payment_confirmed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        PaymentState.PLANNED,
                        PaymentState.PROPOSED,
                        PaymentState.CANCELLED,
                        PaymentState.REJECTED,
                    ]
                )
                | Q(batch__isnull=False),
                name="payment_sent_in_batch",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="payment_state_due")]

    def __str__(self) -> str:
        return f"Rate {self.number} i sag {self.application_id}: {self.amount_kr} (#{self.pk})"


class RepaymentClaim(models.Model):
    """Money we want back: sum, reasons, hearing held, two people."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="claims")
    amount_kr = kr_field()
    reasons = models.TextField("begrundelse")
    hearing = models.ForeignKey(
        "PartyHearing", models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField("betales senest")
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.PROPOSED)
    proposed_at = models.DateTimeField("foreslået")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField("krævet", null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    received_kr = kr_field(default=NOTHING)
    settled_at = models.DateTimeField("afsluttet", null=True, blank=True)

    class Meta:
        verbose_name = "tilbagebetalingskrav"
        verbose_name_plural = "tilbagebetalingskrav"
        constraints = [
            models.CheckConstraint(condition=Q(amount_kr__gt=0), name="claim_positive"),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | ~Q(claimed_by=F("proposed_by")),
                name="claim_two_people",
                violation_error_message=(
                    "En anden end den, der har foreslået kravet, skal godkende det."
                ),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(state=ClaimState.SETTLED),
                name="claim_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Krav {self.amount_kr} i sag {self.application_id} (#{self.pk})"
