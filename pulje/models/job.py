from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import JobState, LineState


class Job(models.Model):
    """One thing to be done to many cases. The lines are the queue; a worker takes them."""

    action = models.CharField("handling", max_length=40)
    facts = models.JSONField("oplysninger", default=dict)
    state = models.CharField("tilstand", max_length=10, choices=JobState, default=JobState.RUNNING)
    started_at = models.DateTimeField("begyndt")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    ended_at = models.DateTimeField("færdig", null=True, blank=True)

    class Meta:
        verbose_name = "samlet handling"
        verbose_name_plural = "samlede handlinger"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, ended_at=None)
                | (~Q(state=JobState.RUNNING) & Q(ended_at__isnull=False)),
                name="job_ended_has_time",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state=JobState.RUNNING), name="job_running")
        ]

    def __str__(self) -> str:
        return f"{self.action} (#{self.pk})"


class JobLine(models.Model):
    """One case of a job; done or refused with the sentence, and then never tried again by itself.

    ``facts`` is what is special to this case (an amount); the rest stands on the job.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    application = models.ForeignKey("Application", models.PROTECT, related_name="+")
    facts = models.JSONField("oplysninger", default=dict)
    state = models.CharField(
        "tilstand", max_length=10, choices=LineState, default=LineState.WAITING
    )
    sentence = models.CharField("hvorfor ikke", max_length=500, blank=True)

    class Meta:
        verbose_name = "sag i samlet handling"
        verbose_name_plural = "sager i samlet handling"
        constraints = [
            models.UniqueConstraint(fields=["job", "application"], name="job_line_once"),
            models.CheckConstraint(
                condition=~Q(state=LineState.REFUSED) | ~Q(sentence=""),
                name="job_line_refused_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["job", "id"],
                condition=Q(state=LineState.WAITING),
                name="job_line_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} i handling {self.job_id} (#{self.pk})"
