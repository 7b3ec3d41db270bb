from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q

from letters.models.outbox import CLAIM_LASTS, case_path, message_id


class MailState(models.TextChoices):
    QUEUED = "QUEUED", "På vej"
    SENT = "SENT", "Sendt"
    FAILED = "FAILED", "Fejl"


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> "MailQuerySet":
        """Claimed by nobody who still lives."""
        return self.filter(state=MailState.QUEUED, next_attempt_at__lte=now).filter(
            Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
        )

    def stuck(self, now: datetime) -> "MailQuerySet":
        """Due for half an hour without having moved: a worker is missing."""
        return self.due(now - timedelta(minutes=30))

    def kept_too_long(self, limit: datetime) -> "MailQuerySet":
        """Done with before then, and still with an address."""
        return self.filter(queued_at__lt=limit).exclude(
            Q(state=MailState.QUEUED) | Q(recipient_email="")
        )

    def failed(self) -> "MailQuerySet":
        return self.filter(state=MailState.FAILED)


class Mail(models.Model):
    """A plain mail beside the letters: an invitation, a link, a notice. No proof, no paper.

    ``facts`` are what its text needs and the ids its links are made of; ``cause`` with ``kind``
    is unique: told once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("mailtype", max_length=40)
    cause = models.CharField("anledning", max_length=120)
    # a mail is a courtesy: it goes with its case and holds none back
    application = models.ForeignKey(
        "pulje.Application", models.CASCADE, related_name="mails", null=True, blank=True
    )
    recipient_email = models.EmailField("e-mail")
    facts = models.JSONField("oplysninger", default=dict)
    state = models.CharField("status", max_length=10, choices=MailState, default=MailState.QUEUED)
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    claimed_at = models.DateTimeField("på vej siden", null=True, blank=True)
    next_attempt_at = models.DateTimeField("tidligst")
    queued_at = models.DateTimeField("bestilt")
    sent_at = models.DateTimeField("sendt", null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "mails"
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="mail_once_per_cause"),
            models.CheckConstraint(
                condition=(Q(state=MailState.SENT) & Q(sent_at__isnull=False))
                | (~Q(state=MailState.SENT) & Q(sent_at=None)),
                name="mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.FAILED) | ~Q(failure=""), name="mail_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at", "id"],
                condition=~Q(state=MailState.SENT),
                name="mail_unsent",
            ),
            models.Index(
                fields=["queued_at"],
                condition=~(Q(state=MailState.QUEUED) | Q(recipient_email="")),
                name="mail_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"

    @property
    def case_path(self) -> str:
        return case_path(self.application_id)

    @property
    def message_id(self) -> str:
        return message_id("mail", self.uuid)
