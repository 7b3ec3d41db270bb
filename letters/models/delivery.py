from django.db import models
from django.db.models import Q

from letters.models.letter import Channel, Letter


class DeliveryAttempt(models.Model):
    """One try to get a letter out of the house. Without an end the process died under way."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="delivery_attempts")
    channel = models.CharField("kanal", max_length=12, choices=Channel)
    started_at = models.DateTimeField("begyndt")
    ended_at = models.DateTimeField("sluttet", null=True, blank=True)
    is_sent = models.BooleanField("sendt", default=False)
    detail = models.CharField("svar", max_length=300, blank=True)
    # what the carrier calls it (Digital Post: the transaction), to find it by a later receipt
    reference = models.CharField("forsendelsens nr.", max_length=100, blank=True)

    class Meta:
        verbose_name = "forsendelse"
        verbose_name_plural = "forsendelser"
        indexes = [
            models.Index(fields=["reference"], condition=~Q(reference=""), name="attempt_reference")
        ]

    def __str__(self) -> str:
        return f"Forsendelse {self.pk} af brev {self.letter_id}"


class ReceiptKind(models.TextChoices):
    ACCEPTED = "ACCEPTED", "Modtaget til forsendelse"
    AVAILABLE = "AVAILABLE", "Lagt i postkassen"
    REJECTED = "REJECTED", "Afvist"
    BOUNCED = "BOUNCED", "Kom retur"
    OPENED = "OPENED", "Åbnet"


class DeliveryReceipt(models.Model):
    """What a carrier or a mail server told us later about a letter. Told twice, it is kept once."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="receipts")
    source = models.CharField("hvem", max_length=12, choices=Channel)
    number = models.CharField("kvitteringens nr.", max_length=100)
    kind = models.CharField("hvad", max_length=10, choices=ReceiptKind)
    at = models.DateTimeField("hvornår")
    received_at = models.DateTimeField("modtaget her")
    detail = models.CharField("svar", max_length=300, blank=True)

    class Meta:
        verbose_name = "kvittering"
        verbose_name_plural = "kvitteringer"
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for brev {self.letter_id} (#{self.pk})"
