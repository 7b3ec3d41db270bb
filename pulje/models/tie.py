from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class TieQuerySet(models.QuerySet["Tie"]):
    def valid_on(self, day: date) -> "TieQuerySet":
        """Both days count."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class Tie(models.Model):
    """A post or a tie of somebody who handles cases, as they have told it; open ends are None.

    Source: forvaltningsloven § 3, stk. 1, and § 6 (the duty to tell).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ties")
    name = models.CharField("forening eller person", max_length=250)
    cvr = models.CharField("CVR-nr.", max_length=8, blank=True)
    relation = models.CharField("hvad er du der", max_length=200)
    since = models.DateField("fra", null=True, blank=True)
    until = models.DateField("til", null=True, blank=True)

    objects: ClassVar = TieQuerySet.as_manager()

    class Meta:
        verbose_name = "tilknytning"
        verbose_name_plural = "tilknytninger"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="tie_has_name"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="tie_ends_after_start",
                violation_error_message="Tilknytningen kan ikke slutte, før den begynder.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation}: {self.name} (#{self.pk})"


class ImpartialityStatement(models.Model):
    """A person with a tie to a case has said why it does not disqualify them.

    Being disqualified is a ConflictOfInterest; without either the case stays shut.
    """

    application = models.ForeignKey(
        "Application", models.PROTECT, related_name="impartiality_statements"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tie = models.CharField("tilknytning", max_length=300)
    reason = models.CharField("hvorfor ikke inhabil", max_length=300)
    stated_at = models.DateTimeField("erklæret")

    class Meta:
        verbose_name = "habilitetserklæring"
        verbose_name_plural = "habilitetserklæringer"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"], name="impartiality_statement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} er habil i sag {self.application_id} (#{self.pk})"
