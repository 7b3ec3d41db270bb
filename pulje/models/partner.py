from django.db import models
from django.db.models import Q

# what the applicant writes; the rest is the leader's answer
TYPED = ("name", "contribution", "is_municipal", "leader_name", "leader_email")


class Partner(models.Model):
    """Somebody the applicant does it with. A municipal institution's leader confirms by mail."""

    application = models.ForeignKey("Application", models.CASCADE, related_name="partners")
    position = models.PositiveSmallIntegerField("rækkefølge")
    name = models.CharField("partner", max_length=200)
    contribution = models.CharField("bidrager med", max_length=300, blank=True)
    is_municipal = models.BooleanField("kommunal institution", default=False)
    leader_name = models.CharField("leder", max_length=200, blank=True)
    leader_email = models.EmailField("lederens e-mail", blank=True)
    asked_at = models.DateTimeField("bedt om at bekræfte", null=True, blank=True)
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)
    is_confirmed = models.BooleanField("bekræftet", default=False)
    remark = models.CharField("bemærkning", max_length=500, blank=True)

    class Meta:
        verbose_name = "samarbejdspartner"
        verbose_name_plural = "samarbejdspartnere"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "position"],
                name="partner_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | Q(answered_at__isnull=False),
                name="partner_confirmed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Partner i sag {self.application_id} (#{self.pk})"
