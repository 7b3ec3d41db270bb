from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import LineKind, ReportState, Went
from pulje.models.fields import NOTHING, kr_field


class Report(models.Model):
    """What came of the money. A returned report is mended in place; its journal keeps the turns."""

    application = models.OneToOneField("Application", models.PROTECT, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    went = models.CharField(
        "blev det som håbet", max_length=10, choices=Went, blank=True, default=""
    )
    story = models.TextField("hvad skete der", blank=True)
    worked = models.TextField("hvad virkede", blank=True)
    learned = models.TextField("hvad lærte I", blank=True)
    participants = models.PositiveIntegerField("deltagere", null=True, blank=True)
    volunteers = models.PositiveIntegerField("frivillige", null=True, blank=True)
    may_publish = models.BooleanField("må vises", default=False)
    accepted_kr = kr_field(null=True)
    submitted_at = models.DateTimeField("sendt", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    missing = models.TextField("hvad mangler", blank=True)
    approved_at = models.DateTimeField("godkendt", null=True, blank=True)

    class Meta:
        verbose_name = "rapport"
        verbose_name_plural = "rapporter"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(submitted_at__isnull=False),
                name="report_submitted_has_time",
            )
        ]
        indexes = [
            # what the public may read of it, newest first
            models.Index(
                fields=["approved_at"],
                include=["application", "volunteers", "participants"],
                condition=Q(state=ReportState.APPROVED, may_publish=True),
                name="report_public",
            )
        ]

    def __str__(self) -> str:
        return f"Rapport i sag {self.application_id}"


class ReportLine(models.Model):
    """Accounts beside budget: what was planned and what it became, in kr."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("art", max_length=20, choices=LineKind)
    text = models.CharField("post", max_length=200)
    budget_kr = kr_field(default=NOTHING)
    actual_kr = kr_field(default=NOTHING)

    class Meta:
        verbose_name = "regnskabspost"
        verbose_name_plural = "regnskabsposter"
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="report_line_once"),
            models.CheckConstraint(condition=Q(actual_kr__gte=0), name="report_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.actual_kr} (#{self.pk})"
