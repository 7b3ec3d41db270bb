from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import AssessmentState
from pulje.models.fields import kr_field

if TYPE_CHECKING:
    from pulje.models.pool import Ground


class Assessment(models.Model):
    """One reviewer's view of a case. An OPEN row is a task; a finished one is never changed.

    ``draft`` is what the reviewer has typed so far, the fields of the form; nobody else reads it.
    """

    application = models.ForeignKey("Application", models.PROTECT, related_name="assessments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments"
    )
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.OPEN)
    comment = models.TextField("begrundelse", blank=True)
    draft = models.JSONField("kladde", default=dict, blank=True)
    declared_at = models.DateTimeField("erklæret sig habil", null=True, blank=True)
    finished_at = models.DateTimeField("afgivet", null=True, blank=True)

    class Meta:
        verbose_name = "vurdering"
        verbose_name_plural = "vurderinger"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="assessment_once_per_reviewer"
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.OPEN, finished_at=None)
                | (~Q(state=AssessmentState.OPEN) & Q(finished_at__isnull=False)),
                name="assessment_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssessmentState.ABSTAINED) | ~Q(comment=""),
                name="assessment_abstained_has_reason",
                violation_error_message="Skriv, hvorfor du ikke vurderer sagen.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reviewer", "application"],
                condition=Q(state=AssessmentState.OPEN),
                name="assessment_open",
            )
        ]

    def __str__(self) -> str:
        return f"Vurdering af sag {self.application_id} (#{self.pk})"


class Score(models.Model):
    """Points 0-3 on one criterion, with words."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("Criterion", models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField("point")
    words = models.TextField("hvorfor", blank=True)

    class Meta:
        verbose_name = "point"
        verbose_name_plural = "point"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__lte=3),
                name="score_0_to_3",
                violation_error_message="Giv 0, 1, 2 eller 3 point.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} point (#{self.pk})"


class Recommendation(models.Model):
    """What the administration proposes, in words the applicant will read."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="recommendations")
    amount_kr = kr_field()
    reasons = models.TextField("begrundelse")
    grounds: "models.ManyToManyField[Ground, Ground]" = models.ManyToManyField(
        "Ground", related_name="recommendations", blank=True
    )
    conditions = models.TextField("vilkår", blank=True)
    is_delegated = models.BooleanField("afgøres af forvaltningen", default=False)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField("indstillet")
    is_current = models.BooleanField("gælder", default=True)

    class Meta:
        verbose_name = "indstilling"
        verbose_name_plural = "indstillinger"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(is_current=True),
                name="recommendation_one_current",
            ),
            models.CheckConstraint(
                condition=Q(amount_kr__gte=0), name="recommendation_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(reasons=""),
                name="recommendation_has_reasons",
                violation_error_message="Skriv en begrundelse, som ansøgeren kan læse.",
            ),
        ]

    def __str__(self) -> str:
        return f"Indstilling {self.amount_kr} til sag {self.application_id} (#{self.pk})"


class RecommendationLine(models.Model):
    """One line of the applicant's budget as recommended, in kr.; the lines' sum is the amount.

    The text is a copy: the applicant's own lines may be rewritten when a case is sent back.
    """

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("rækkefølge")
    text = models.CharField("post", max_length=200)
    budget_kr = kr_field()
    amount_kr = kr_field()

    class Meta:
        verbose_name = "indstillet post"
        verbose_name_plural = "indstillede poster"
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "position"], name="recommendation_line_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_kr__gte=0, amount_kr__lte=models.F("budget_kr")),
                name="recommendation_line_within_budget",
                violation_error_message="En post kan højst få det, den er budgetteret til.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.amount_kr} (#{self.pk})"
