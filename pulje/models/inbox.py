from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SavedView(models.Model):
    """A list as one person likes to see it: the address' query under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField("navn", max_length=60)
    path = models.CharField("side", max_length=100)
    query = models.CharField("filtre", max_length=500)

    class Meta:
        verbose_name = "gemt visning"
        verbose_name_plural = "gemte visninger"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_view_once",
                violation_error_message="Du har allerede en visning med det navn.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class Absence(models.Model):
    """A case worker is away; the substitute sees that person's tasks among their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutes_for"
    )
    from_on = models.DateField("fra og med")
    until_on = models.DateField("til og med")

    class Meta:
        verbose_name = "fravær"
        verbose_name_plural = "fravær"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="absence_ends_after_start",
                violation_error_message="Den sidste dag skal ligge efter den første.",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("substitute")),
                name="absence_another_person",
                violation_error_message="Vælg en anden end dig selv som stedfortræder.",
            ),
        ]
        indexes = [models.Index(fields=["substitute", "until_on"], name="absence_substitute")]

    def __str__(self) -> str:
        return f"{self.user_id} væk {self.from_on} - {self.until_on} (#{self.pk})"
