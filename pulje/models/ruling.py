from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import ItemOutcome
from pulje.models.fields import kr_field


class AgendaAlternative(models.Model):
    """Another way the committee may decide a case: a, b, c with an amount in kr. and its words."""

    item = models.ForeignKey("AgendaItem", models.CASCADE, related_name="alternatives")
    letter = models.CharField("bogstav", max_length=1)
    amount_kr = kr_field()
    text = models.CharField("hvad det betyder", max_length=300)

    class Meta:
        verbose_name = "alternativ"
        verbose_name_plural = "alternativer"
        ordering = ("letter",)
        constraints = [
            models.UniqueConstraint(fields=["item", "letter"], name="alternative_once"),
            models.CheckConstraint(condition=Q(amount_kr__gte=0), name="alternative_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Alternativ {self.letter} (#{self.pk})"


class ItemRuling(models.Model):
    """What the meeting has come to in one case, as recorded; append-only, the newest is current.

    It becomes a Decision when the meeting closes. After that a correction says why
    (``correction``), until the minutes are approved.
    """

    item = models.ForeignKey("AgendaItem", models.PROTECT, related_name="rulings")
    outcome = models.CharField("udfald", max_length=10, choices=ItemOutcome)
    amount_kr = kr_field(null=True)
    reasons = models.TextField("udvalgets begrundelse", blank=True)
    alternative = models.ForeignKey(
        AgendaAlternative, models.PROTECT, related_name="+", null=True, blank=True
    )
    votes_for = models.PositiveSmallIntegerField("stemmer for", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("stemmer imod", null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField("stemte ikke", null=True, blank=True)
    dissent = models.TextField("mindretalsudtalelse", blank=True)
    correction = models.CharField("hvorfor rettet", max_length=300, blank=True)
    recorded_at = models.DateTimeField("ført til protokol")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_current = models.BooleanField("gælder", default=True)

    class Meta:
        verbose_name = "beslutning på mødet"
        verbose_name_plural = "beslutninger på mødet"
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(is_current=True), name="ruling_one_current"
            ),
            models.CheckConstraint(
                condition=Q(outcome=ItemOutcome.DECIDED, amount_kr__gte=0)
                | (Q(amount_kr=None) & ~Q(outcome=ItemOutcome.DECIDED)),
                name="ruling_amount_fits_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} i punkt {self.item_id} (#{self.pk})"


class FrameRaise(models.Model):
    """A pool's frame raised by the committee at a meeting, in kr.; enters the ledger at closing.

    ``source`` is the pool the money comes from, if any. Taken back, never deleted.
    """

    meeting = models.ForeignKey("Meeting", models.PROTECT, related_name="raises")
    pool = models.ForeignKey("Pool", models.PROTECT, related_name="+")
    source = models.ForeignKey("Pool", models.PROTECT, related_name="+", null=True, blank=True)
    amount_kr = kr_field()
    reason = models.CharField("beslutningen", max_length=300)
    recorded_at = models.DateTimeField("ført til protokol")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("taget tilbage", null=True, blank=True)

    class Meta:
        verbose_name = "forhøjelse af rammen"
        verbose_name_plural = "forhøjelser af rammen"
        constraints = [
            models.CheckConstraint(condition=Q(amount_kr__gt=0), name="raise_is_positive")
        ]

    def __str__(self) -> str:
        return f"Forhøjelse af pulje {self.pool_id} på møde {self.meeting_id} (#{self.pk})"


class ItemAbsence(models.Model):
    """A member who is at the meeting but not in the room for one case."""

    item = models.ForeignKey("AgendaItem", models.CASCADE, related_name="absences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("hvorfor", max_length=200, blank=True)

    class Meta:
        verbose_name = "fravær ved en sag"
        verbose_name_plural = "fravær ved sager"
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="absence_item_once")]

    def __str__(self) -> str:
        return f"{self.user_id} er ude ved {self.item_id}"


class Substitution(models.Model):
    """A substitute who stands in for a member: at the whole meeting, or for one case."""

    meeting = models.ForeignKey("Meeting", models.CASCADE, related_name="substitutions")
    item = models.ForeignKey(
        "AgendaItem", models.CASCADE, related_name="substitutions", null=True, blank=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stands_in_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "stedfortræder på mødet"
        verbose_name_plural = "stedfortrædere på mødet"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "item", "user"],
                name="substitution_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.stands_in_for_id} (#{self.pk})"


class ConflictQuestion(models.Model):
    """Somebody asks whether a member is disqualified in a case; the committee decides.

    Source: forvaltningsloven § 6, stk. 1-2 (who is in doubt must tell; the body decides).
    """

    meeting = models.ForeignKey("Meeting", models.PROTECT, related_name="conflict_questions")
    application = models.ForeignKey("Application", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("hvorfor", max_length=300)
    raised_at = models.DateTimeField("rejst")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_disqualified = models.BooleanField("inhabil", null=True, blank=True)
    settled_at = models.DateTimeField("afgjort", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "spørgsmål om habilitet"
        verbose_name_plural = "spørgsmål om habilitet"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person"],
                condition=Q(settled_at=None),
                name="conflict_question_one_open",
                violation_error_message="Spørgsmålet er allerede rejst.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, is_disqualified=None)
                | Q(settled_at__isnull=False, is_disqualified__isnull=False),
                name="conflict_question_settled_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"Er {self.person_id} inhabil i sag {self.application_id}? (#{self.pk})"
