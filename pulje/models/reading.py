from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import Mark


class MemberNote(models.Model):
    """A member's own note and mark on a case of the agenda. Nobody else ever sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    item = models.ForeignKey("AgendaItem", models.CASCADE, related_name="member_notes")
    text = models.TextField("note", blank=True)
    mark = models.CharField("mærke", max_length=10, choices=Mark, blank=True, default=Mark.NONE)
    saved_at = models.DateTimeField("gemt")

    class Meta:
        verbose_name = "medlemmets note"
        verbose_name_plural = "medlemmernes noter"
        constraints = [models.UniqueConstraint(fields=["user", "item"], name="member_note_once")]

    def __str__(self) -> str:
        return f"Note (#{self.pk})"


class MemberQuestion(models.Model):
    """A member asks the administration about a case before the meeting; all members may read it."""

    item = models.ForeignKey("AgendaItem", models.PROTECT, related_name="questions")
    text = models.TextField("spørgsmål")
    asked_at = models.DateTimeField("stillet")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField("svar", blank=True)
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "spørgsmål fra udvalget"
        verbose_name_plural = "spørgsmål fra udvalget"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="member_question_answered_has_words",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(answered_at=None), name="member_question_open"
            )
        ]

    def __str__(self) -> str:
        return f"Spørgsmål i punkt {self.item_id} (#{self.pk})"
