from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import SignatureKind


class Signature(models.Model):
    """A person has signed this very text. ``digest`` is of what was read; a change undoes it."""

    application = models.ForeignKey("Application", models.CASCADE, related_name="signatures")
    kind = models.CharField("hvad", max_length=12, choices=SignatureKind)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField("skrevet under")

    class Meta:
        verbose_name = "underskrift"
        verbose_name_plural = "underskrifter"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "user", "digest"], name="signature_once"
            )
        ]

    def __str__(self) -> str:
        return f"Underskrift i sag {self.application_id} (#{self.pk})"


class SignatureReturn(models.Model):
    """A second signer would not sign this, and says what should be mended."""

    application = models.ForeignKey("Application", models.CASCADE, related_name="signature_returns")
    kind = models.CharField("hvad", max_length=12, choices=SignatureKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comment = models.TextField("hvad skal rettes")
    returned_at = models.DateTimeField("sendt tilbage")

    class Meta:
        verbose_name = "tilbagesendt underskrift"
        verbose_name_plural = "tilbagesendte underskrifter"

    def __str__(self) -> str:
        return f"Ikke skrevet under i sag {self.application_id} (#{self.pk})"


class GuardianConsent(models.Model):
    """A guardian's yes to a 15-17-year-old's application; asked for and given by a mailed link."""

    application = models.ForeignKey("Application", models.CASCADE, related_name="guardian_consents")
    name = models.CharField("værgens navn", max_length=200)
    email = models.EmailField("værgens e-mail")
    asked_at = models.DateTimeField("bedt om samtykke")
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)
    is_given = models.BooleanField("givet", default=False)

    class Meta:
        verbose_name = "værges samtykke"
        verbose_name_plural = "værgers samtykker"
        constraints = [
            models.UniqueConstraint(fields=["application"], name="guardian_one"),
            models.CheckConstraint(
                condition=Q(is_given=False) | Q(answered_at__isnull=False),
                name="guardian_given_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Værges samtykke i sag {self.application_id} (#{self.pk})"
