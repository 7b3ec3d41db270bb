from django.conf import settings
from django.db import models
from django.db.models import Q


class JournalEntry(models.Model):
    """One thing that happened to a case. Append-only; each entry carries the hash of the last."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="journal")
    number = models.PositiveIntegerField("nr.")
    event = models.CharField("hændelse", max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField("tidspunkt")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    on_behalf_of = models.CharField("på vegne af", max_length=200, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "journallinje"
        verbose_name_plural = "journal"
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="journal_number_once")
        ]
        indexes = [
            # a case that was moved is found by its old number (queries/search.py)
            models.Index(
                fields=["application"], condition=Q(event="pool_moved"), name="journal_pool_moved"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} (nr. {self.number} i sag {self.application_id})"
