from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import ChangeState


class ChangeRequest(models.Model):
    """The grantee asks to change dates, budget or purpose; the case worker answers.

    ``lines`` is the new budget as a list of {kind, text, amount_kr (str), category}; empty: as is.
    """

    application = models.ForeignKey("Application", models.PROTECT, related_name="change_requests")
    reason = models.TextField("hvad vil I ændre, og hvorfor")
    starts_on = models.DateField("ny begyndelse", null=True, blank=True)
    ends_on = models.DateField("ny slutning", null=True, blank=True)
    purpose = models.TextField("nyt formål", blank=True)
    lines = models.JSONField("nyt budget", default=list, blank=True)
    state = models.CharField(
        "tilstand", max_length=10, choices=ChangeState, default=ChangeState.REQUESTED
    )
    asked_at = models.DateTimeField("bedt om")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField("svar", blank=True)
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "ændringsanmodning"
        verbose_name_plural = "ændringsanmodninger"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=ChangeState.REQUESTED),
                name="change_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state=ChangeState.REQUESTED, answered_at=None)
                | (~Q(state=ChangeState.REQUESTED) & Q(answered_at__isnull=False)),
                name="change_request_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Ændring i sag {self.application_id} (#{self.pk})"
