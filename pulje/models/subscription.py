from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Subscription(models.Model):
    """A wish for a mail when pools of this code open; counts when confirmed by a mailed link."""

    code = models.CharField("puljens kode", max_length=6)
    email = models.EmailField("e-mail")
    created_at = models.DateTimeField("bedt om")
    confirmed_at = models.DateTimeField("bekræftet", null=True, blank=True)
    ended_at = models.DateTimeField("afmeldt", null=True, blank=True)

    class Meta:
        verbose_name = "abonnement"
        verbose_name_plural = "abonnementer"
        constraints = [
            models.UniqueConstraint(
                "code", Lower("email"), condition=Q(ended_at=None), name="subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"Abonnement på {self.code} (#{self.pk})"
