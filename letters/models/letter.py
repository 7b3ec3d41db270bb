from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from letters.models.outbox import CLAIM_LASTS, case_path, message_id

if TYPE_CHECKING:
    from pulje.models import Meeting


class LetterState(models.TextChoices):
    QUEUED = "QUEUED", "Laves"
    RENDERED = "RENDERED", "Klar"  # a person must read it and let it go
    APPROVED = "APPROVED", "På vej"  # read, or needs nobody: a worker sends it
    SENT = "SENT", "Sendt"  # the carrier has it
    AVAILABLE = "AVAILABLE", "Fremme"  # the recipient can read it: deadlines count from here
    OPENED = "OPENED", "Åbnet"
    FAILED = "FAILED", "Fejl"
    SUPERSEDED = "SUPERSEDED", "Erstattet"  # not sent (again): another tells it as it is


class Channel(models.TextChoices):
    DIGITAL_POST = "DIGITAL_POST", "Digital Post"
    EMAIL = "EMAIL", "På sagen, besked på mail"
    PORTAL = "PORTAL", "På sagen"
    PRINT = "PRINT", "Print og post"
    NOWHERE = "NOWHERE", "Prøvepulje: sendes ikke"


SENT_STATES = (LetterState.SENT, LetterState.AVAILABLE, LetterState.OPENED)
DECISION_KINDS = ("AWARD", "AWARD_CONDITIONS", "PARTIAL_AWARD", "REJECTION")
UNMADE_STATES = (LetterState.QUEUED, LetterState.FAILED, LetterState.SUPERSEDED)


class LetterQuerySet(models.QuerySet["Letter"]):
    def to_render(self, now: datetime) -> "LetterQuerySet":
        return self.filter(state=LetterState.QUEUED, next_attempt_at__lte=now)

    def to_deliver(self, now: datetime) -> "LetterQuerySet":
        """Approved, not in a batch that somebody has paused, claimed by nobody who still lives."""
        return (
            self.filter(state=LetterState.APPROVED, next_attempt_at__lte=now)
            .filter(Q(batch=None) | Q(batch__paused_at=None))
            .filter(Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS))
        )

    def unsent(self) -> "LetterQuerySet":
        return self.exclude(state__in=[*SENT_STATES, LetterState.SUPERSEDED])

    def sent(self) -> "LetterQuerySet":
        return self.filter(state__in=SENT_STATES)

    def never_sent(self) -> "LetterQuerySet":
        """Nobody outside has seen it."""
        return self.filter(sent_at=None).exclude(state=LetterState.SUPERSEDED)

    def on_the_case(self) -> "LetterQuerySet":
        """Its people can read it there, also when a carrier could not bring it."""
        return self.filter(sent_at__isnull=False)

    def arrives(self, now: datetime) -> "LetterQuerySet":
        """Sent, and the day has come when the post has brought it."""
        return self.filter(state=LetterState.SENT, available_at__lte=now)

    def untold(self, since: datetime) -> "LetterQuerySet":
        """Sent before that, and the carrier has not said what became of it."""
        return self.filter(state=LetterState.SENT, available_at=None, sent_at__lt=since)

    def failed(self) -> "LetterQuerySet":
        return self.filter(state=LetterState.FAILED)

    def on_their_way(self) -> "LetterQuerySet":
        """Nobody need do anything: a worker makes or sends them."""
        return self.filter(state__in=[LetterState.QUEUED, LetterState.APPROVED])

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
        """How many a person must let go, are on their way, have left and have failed."""
        moving = Q(state__in=[LetterState.QUEUED, LetterState.APPROVED])
        counts: dict[str, int] = self.aggregate(
            waiting=Count("pk", filter=Q(state=LetterState.RENDERED)),
            on_their_way=Count("pk", filter=moving),
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
    channel = models.CharField("kanal", max_length=12, choices=Channel)
    channel_reason = models.CharField("hvorfor den kanal", max_length=200, blank=True)
    batch = models.ForeignKey(
        "LetterBatch", models.PROTECT, related_name="letters", null=True, blank=True
    )
    title = models.CharField(
        "titel", max_length=200, help_text="Kan stå på en offentlig postliste."
    )
    recipient_name = models.CharField("modtager", max_length=250)
    recipient_email = models.EmailField("e-mail", blank=True)

    facts = models.JSONField("oplysninger")
    facts_sha256 = models.CharField(max_length=64)
    text = models.ForeignKey(
        "LetterText", models.PROTECT, related_name="letters", null=True, blank=True
    )
    parts = models.JSONField("afsnittenes tekster", default=list, blank=True)  # pks of LetterText
    template_version = models.CharField("tekstens version", max_length=80, blank=True)
    renderer = models.CharField("lavet med", max_length=40, blank=True)
    sha256 = models.CharField("PDF'ens fingeraftryk", max_length=64, blank=True)
    unsealed_sha256 = models.CharField("før seglet", max_length=64, blank=True)

    gate = models.JSONField("tjekket ved godkendelsen", default=list)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    words_by = models.ForeignKey(  # who wrote the paragraph that was added, as it stands
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
    available_at = models.DateTimeField("fremme", null=True, blank=True)
    opened_at = models.DateTimeField("åbnet", null=True, blank=True)

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
                condition=Q(approved_by=None) | Q(words_by=None) | ~Q(approved_by=F("words_by")),
                name="letter_words_two_readers",
                violation_error_message="Det, der er føjet til brevet, skal læses af en anden.",
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
            models.CheckConstraint(
                condition=~Q(state=LetterState.AVAILABLE) | Q(available_at__isnull=False),
                name="letter_available_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.OPENED)
                | Q(available_at__isnull=False, opened_at__isnull=False),
                name="letter_opened_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at", "id"],
                condition=~Q(state__in=SENT_STATES),
                name="letter_unsent",
            ),
            models.Index(F("sent_at").desc(), F("id").desc(), name="letter_newest_sent"),
            # the carrier has it and has not said that it arrived (delivery/)
            models.Index(
                fields=["sent_at"], condition=Q(state=LetterState.SENT), name="letter_under_way"
            ),
            # "is this letter from us?" (the verify page)
            models.Index(fields=["sha256"], condition=~Q(sha256=""), name="letter_fingerprint"),
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
    def writers(self) -> set[int]:
        """Who may not be its second reader: its author, and who added words of their own."""
        return {pk for pk in (self.author_id, self.words_by_id) if pk is not None}

    @property
    def message_id(self) -> str:
        return message_id("letter", self.uuid)


class LetterBatch(models.Model):
    """Letters that one person let go together; ``paused_at`` keeps back those not yet sent.

    ``size``: how many it was made of. Who takes a letter out again, or has it made anew, makes
    ``letters`` fewer.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("navn", max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("sendt af sted")
    size = models.PositiveSmallIntegerField("breve", default=0)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    paused_at = models.DateTimeField("sat på pause", null=True, blank=True)

    class Meta:
        verbose_name = "forsendelse af breve"
        verbose_name_plural = "forsendelser af breve"
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by=None)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
                name="batch_paused_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


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
