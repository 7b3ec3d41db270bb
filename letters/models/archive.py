from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from letters.models.outbox import CLAIM_LASTS


class ExportState(models.TextChoices):
    QUEUED = "QUEUED", "På vej"
    DONE = "DONE", "Afleveret"
    FAILED = "FAILED", "Fejl"


class CaseExportQuerySet(models.QuerySet["CaseExport"]):
    def due(self, now: datetime) -> "CaseExportQuerySet":
        """Claimed by nobody who still lives."""
        return self.filter(state=ExportState.QUEUED, next_attempt_at__lte=now).filter(
            Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
        )

    def failed(self) -> "CaseExportQuerySet":
        return self.filter(state=ExportState.FAILED)


class CaseExport(models.Model):
    """A case handed to the municipality's ESDH, once for each state of its journal.

    ``reference`` is what the ESDH calls it; ``sha256`` that of the zip it was given.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey("pulje.Application", models.PROTECT, related_name="exports")
    cause = models.CharField("anledning", max_length=80, unique=True)
    state = models.CharField(
        "status", max_length=10, choices=ExportState, default=ExportState.QUEUED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_at = models.DateTimeField("bestilt")
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    claimed_at = models.DateTimeField("på vej siden", null=True, blank=True)
    next_attempt_at = models.DateTimeField("tidligst")
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)
    done_at = models.DateTimeField("afleveret", null=True, blank=True)
    reference = models.CharField("ESDH-systemets nr.", max_length=200, blank=True)
    sha256 = models.CharField("pakkens fingeraftryk", max_length=64, blank=True)
    documents = models.PositiveIntegerField("dokumenter", default=0)

    objects: ClassVar = CaseExportQuerySet.as_manager()

    class Meta:
        verbose_name = "aflevering til ESDH"
        verbose_name_plural = "afleveringer til ESDH"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE)
                | (Q(done_at__isnull=False) & ~Q(reference="") & ~Q(sha256="")),
                name="export_done_has_proof",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.FAILED) | ~Q(failure=""),
                name="export_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state=ExportState.QUEUED),
                name="export_queued",
            )
        ]

    def __str__(self) -> str:
        return f"Aflevering af sag {self.application_id} (#{self.pk})"
