from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LetterState(models.TextChoices):
    QUEUED = "QUEUED", "I kø"
    RENDERED = "RENDERED", "Klar"
    SENDING = "SENDING", "Sendes"
    SENT = "SENT", "Sendt"
    DELIVERED = "DELIVERED", "Fremme"
    FAILED = "FAILED", "Fejl"


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self) -> "LetterQuerySet":
        return self.exclude(state__in=[LetterState.SENT, LetterState.DELIVERED])

    def due_for_rendering(self, now: datetime) -> "LetterQuerySet":
        return self.filter(state=LetterState.QUEUED).filter(
            Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
        )

    def due_for_sending(self, now: datetime) -> "LetterQuerySet":
        """What may leave: rendered, read by a second person where that is asked for, and due."""
        return (
            self.filter(state__in=[LetterState.RENDERED, LetterState.SENDING])
            .filter(Q(needs_second_reader=False) | Q(approved_at__isnull=False))
            .filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
        )

    def stuck(self, since: datetime) -> "LetterQuerySet":
        """Letters nobody but us keeps back, queued before ``since``."""
        return self.filter(
            Q(state=LetterState.FAILED)
            | Q(
                Q(needs_second_reader=False) | Q(approved_at__isnull=False),
                state__in=[LetterState.QUEUED, LetterState.RENDERED, LetterState.SENDING],
                queued_at__lt=since,
            )
        )


class Letter(models.Model):
    """What we tell somebody, as it was said. The database refuses any change once it is sent.

    ``cause`` and ``kind`` together are unique: exactly one letter for one thing that happened.
    """

    application = models.ForeignKey("pulje.Application", models.PROTECT, related_name="letters")
    entry = models.ForeignKey(
        "pulje.JournalEntry", models.PROTECT, related_name="letters", null=True, blank=True
    )
    kind = models.CharField("art", max_length=40)
    cause = models.CharField("årsag", max_length=80)
    state = models.CharField(
        "tilstand", max_length=10, choices=LetterState, default=LetterState.QUEUED
    )
    title = models.CharField("titel", max_length=250)
    recipient_name = models.CharField("modtager", max_length=250)
    recipient_email = models.EmailField("e-mail", blank=True)
    facts = models.JSONField("oplysninger som sendt")
    template_version = models.CharField(max_length=16, blank=True)
    renderer = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    needs_second_reader = models.BooleanField("læses af to", default=False)
    approved_at = models.DateTimeField("læst", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    next_attempt_at = models.DateTimeField("næste forsøg", null=True, blank=True)
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)
    queued_at = models.DateTimeField("lagt i kø")
    rendered_at = models.DateTimeField("dannet", null=True, blank=True)
    sent_at = models.DateTimeField("sendt", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "brev"
        verbose_name_plural = "breve"
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind"], name="letter_once"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="letter_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LetterState.SENT, LetterState.DELIVERED])
                | (Q(sent_at__isnull=False) & ~Q(sha256="")),
                name="letter_sent_has_paper",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at", "id"],
                condition=~Q(state__in=[LetterState.SENT, LetterState.DELIVERED]),
                name="letter_unsent",
            ),
            models.Index(F("queued_at").desc(), F("id").desc(), name="letter_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.cause}, #{self.pk})"

    @property
    def filename(self) -> str:
        """A name that says nothing about anybody: the kind and our own number."""
        return f"{self.kind.lower()}-{self.pk}.pdf"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a receiver can fold two into one."""
        return f"<brev-{self.pk}-{self.sha256[:16]}@puljer>"


class Paper(models.Model):
    """The PDF of a letter, apart from the row so that no list ever loads it."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="paper", primary_key=True)
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"PDF til brev {self.letter_id}"


class DeliveryAttempt(models.Model):
    """One try to send a letter, kept whatever came of it."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="deliveries")
    channel = models.CharField("kanal", max_length=20)
    at = models.DateTimeField("tidspunkt")
    answer = models.CharField("svar", max_length=300, blank=True)
    is_delivered = models.BooleanField("lykkedes", default=False)

    class Meta:
        verbose_name = "forsendelse"
        verbose_name_plural = "forsendelser"

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%d-%m-%Y %H:%M} (#{self.pk})"
