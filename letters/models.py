"""What we have told people, and how it reached them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

if TYPE_CHECKING:
    from pulje.models import Meeting

MAX_ATTEMPTS = 5
CLAIM_LASTS = timedelta(minutes=10)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 5, 25, 125 minutes."""
    return timedelta(minutes=5 ** max(attempts - 1, 0))


def message_id(what: str, uuid: UUID) -> str:
    """The same for every try, so that a receiver can fold two into one."""
    return f"<{what}.{uuid}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"


def case_path(application_id: int | None) -> str:
    """Where the house works on the case; this package does not know workflow's pages."""
    return f"/sag/{application_id}/"


class LetterState(models.TextChoices):
    QUEUED = "QUEUED", "Laves"
    RENDERED = "RENDERED", "Klar"
    SENT = "SENT", "Sendt"
    DELIVERED = "DELIVERED", "Modtaget"
    FAILED = "FAILED", "Fejl"
    SUPERSEDED = "SUPERSEDED", "Erstattet"  # never sent: another letter tells it as it is


class Channel(models.TextChoices):
    EMAIL = "EMAIL", "E-mail"
    PRINT = "PRINT", "Print og post"
    NOWHERE = "NOWHERE", "Prøvepulje: sendes ikke"


SENT_STATES = (LetterState.SENT, LetterState.DELIVERED)
DONE_STATES = (*SENT_STATES, LetterState.FAILED, LetterState.SUPERSEDED)
DECISION_KINDS = ("AWARD", "PARTIAL_AWARD", "REJECTION")
UNMADE_STATES = (LetterState.QUEUED, LetterState.FAILED, LetterState.SUPERSEDED)


class LetterQuerySet(models.QuerySet["Letter"]):
    def to_render(self, now: datetime) -> "LetterQuerySet":
        return self.filter(state=LetterState.QUEUED, next_attempt_at__lte=now)

    def to_deliver(self, now: datetime) -> "LetterQuerySet":
        """Rendered, read by a second person where one must, claimed by nobody who still lives."""
        return (
            self.filter(state=LetterState.RENDERED, next_attempt_at__lte=now)
            .filter(Q(needs_second_reader=False) | Q(approved_at__isnull=False))
            .filter(Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS))
        )

    def unsent(self) -> "LetterQuerySet":
        return self.exclude(state__in=[*SENT_STATES, LetterState.SUPERSEDED])

    def sent(self) -> "LetterQuerySet":
        return self.filter(state__in=SENT_STATES)

    def failed(self) -> "LetterQuerySet":
        return self.filter(state=LetterState.FAILED)

    def awaiting_reader(self) -> "LetterQuerySet":
        return self.filter(state=LetterState.RENDERED, needs_second_reader=True, approved_at=None)

    def on_their_way(self) -> "LetterQuerySet":
        """Nobody need do anything: a worker makes or sends them."""
        return self.filter(
            Q(state=LetterState.QUEUED)
            | Q(
                Q(needs_second_reader=False) | Q(approved_at__isnull=False),
                state=LetterState.RENDERED,
            )
        )

    def of_meeting(self, meeting: "Meeting") -> "LetterQuerySet":
        """About what was decided at the meeting, and neither replaced nor about another verb."""
        current = {
            "application__decisions__meeting": meeting,
            "application__decisions__is_current": True,
            "entry__at": F("application__decisions__decided_at"),
        }
        told = self.filter(kind__in=DECISION_KINDS, **current)
        return told.exclude(state=LetterState.SUPERSEDED)

    def by_stage(self) -> dict[str, int]:
        """How many a second person must read, are on their way, have left and have failed."""
        waiting = Q(state=LetterState.RENDERED, needs_second_reader=True, approved_at=None)
        counts: dict[str, int] = self.aggregate(
            waiting=Count("pk", filter=waiting),
            on_their_way=Count("pk", filter=~waiting & ~Q(state__in=DONE_STATES)),
            sent=Count("pk", filter=Q(state__in=SENT_STATES)),
            failed=Count("pk", filter=Q(state=LetterState.FAILED)),
        )
        return counts

    def stuck(self, now: datetime) -> "LetterQuerySet":
        """Due for half an hour without having moved: a worker is missing."""
        late = now - timedelta(minutes=30)
        return self.filter(Q(pk__in=self.to_render(late)) | Q(pk__in=self.to_deliver(late)))


class Letter(models.Model):
    """One letter to one applicant: facts as told, text's version, PDF's hash. Immutable once sent.

    ``cause`` is what made it (a journal entry); with ``kind`` it is unique: told once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey("pulje.Application", models.PROTECT, related_name="letters")
    entry = models.ForeignKey(
        "pulje.JournalEntry", models.PROTECT, related_name="letters", null=True, blank=True
    )
    kind = models.CharField("brevtype", max_length=40)
    cause = models.CharField("anledning", max_length=80)
    state = models.CharField(
        "status", max_length=10, choices=LetterState, default=LetterState.QUEUED
    )
    channel = models.CharField("kanal", max_length=10, choices=Channel)
    title = models.CharField(
        "titel", max_length=200, help_text="Kan stå på en offentlig postliste."
    )
    recipient_name = models.CharField("modtager", max_length=250)
    recipient_email = models.EmailField("e-mail", blank=True)

    facts = models.JSONField("oplysninger")
    facts_sha256 = models.CharField(max_length=64)
    template_version = models.CharField("tekstens version", max_length=16, blank=True)
    renderer = models.CharField("lavet med", max_length=40, blank=True)
    sha256 = models.CharField("PDF'ens fingeraftryk", max_length=64, blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    needs_second_reader = models.BooleanField("skal læses af en kollega", default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField("læst", null=True, blank=True)

    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)
    queued_at = models.DateTimeField("bestilt")
    rendered_at = models.DateTimeField("lavet", null=True, blank=True)
    claimed_at = models.DateTimeField("på vej siden", null=True, blank=True)
    next_attempt_at = models.DateTimeField("tidligst")
    sent_at = models.DateTimeField("sendt", null=True, blank=True)
    delivered_at = models.DateTimeField("modtaget", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "brev"
        verbose_name_plural = "breve"
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="letter_once_per_cause"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False) & Q(approved_by__isnull=False)),
                name="letter_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(author=None) | ~Q(approved_by=F("author")),
                name="letter_two_readers",
                violation_error_message="Brevet skal læses af en anden end forfatteren.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNMADE_STATES) | ~Q(sha256=""),
                name="letter_rendered_has_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SENT_STATES) | Q(sent_at__isnull=False),
                name="letter_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.FAILED) | ~Q(failure=""),
                name="letter_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at", "id"],
                condition=~Q(state__in=SENT_STATES),
                name="letter_unsent",
            ),
            models.Index(F("sent_at").desc(), F("id").desc(), name="letter_newest_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    @property
    def case_path(self) -> str:
        return case_path(self.application_id)

    @property
    def is_sent(self) -> bool:
        return self.state in SENT_STATES

    @property
    def message_id(self) -> str:
        return message_id("letter", self.uuid)


class Paper(models.Model):
    """The PDF, in the database and in a table of its own.

    In the database, because hash, state and bytes must be written, frozen and restored
    together; apart, because no list of letters should ever read them.
    """

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="paper", primary_key=True)
    pdf = models.BinaryField()

    class Meta:
        verbose_name = "brevets PDF"
        verbose_name_plural = "brevenes PDF'er"

    def __str__(self) -> str:
        return f"PDF af brev {self.letter_id}"


class Enclosure(models.Model):
    """A second PDF of a letter: the application as it was sent, with its receipt."""

    letter = models.OneToOneField(
        Letter, models.PROTECT, related_name="enclosure", primary_key=True
    )
    sha256 = models.CharField("PDF'ens fingeraftryk", max_length=64)
    pdf = models.BinaryField()

    class Meta:
        verbose_name = "brevets bilag"
        verbose_name_plural = "brevenes bilag"

    def __str__(self) -> str:
        return f"Bilag til brev {self.letter_id}"


class DeliveryAttempt(models.Model):
    """One try to get a letter out of the house. Without an end the process died under way."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="delivery_attempts")
    channel = models.CharField("kanal", max_length=10, choices=Channel)
    started_at = models.DateTimeField("begyndt")
    ended_at = models.DateTimeField("sluttet", null=True, blank=True)
    is_sent = models.BooleanField("sendt", default=False)
    detail = models.CharField("svar", max_length=300, blank=True)

    class Meta:
        verbose_name = "forsendelse"
        verbose_name_plural = "forsendelser"

    def __str__(self) -> str:
        return f"Forsendelse {self.pk} af brev {self.letter_id}"


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
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} (#{self.pk})"

    @property
    def case_path(self) -> str:
        return case_path(self.application_id)

    @property
    def message_id(self) -> str:
        return message_id("mail", self.uuid)
