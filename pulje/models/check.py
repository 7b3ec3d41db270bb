from django.conf import settings
from django.db import models


class CheckMark(models.Model):
    """One point of the screening: a section of the application, or one of the pool's gates.

    ``key`` is a section (queries/casework/checklist.py) or ``gate:<position>``.
    """

    application = models.ForeignKey("Application", models.CASCADE, related_name="check_marks")
    key = models.CharField("punkt", max_length=40)
    is_fine = models.BooleanField("i orden")
    note = models.CharField("bemærkning", max_length=300, blank=True)
    checked_at = models.DateTimeField("tjekket")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "punkt på tjeklisten"
        verbose_name_plural = "punkter på tjeklisten"
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="check_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} i sag {self.application_id} (#{self.pk})"


class CaseReading(models.Model):
    """Somebody of the house had the case open that day: once a person and day.

    Source: databeskyttelsesforordningen art. 32 (who has seen what); no part of the hash chain.
    """

    application = models.ForeignKey("Application", models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField("dag")
    first_at = models.DateTimeField("første gang")

    class Meta:
        verbose_name = "opslag i sagen"
        verbose_name_plural = "opslag i sager"
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "on"], name="case_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} så sag {self.application_id} {self.on}"


class Snapshot(models.Model):
    """The application as it was submitted, to mark what has changed since.

    ``said`` is {field: text} with the budget's and the partners' lines as texts of their own.
    """

    application = models.OneToOneField("Application", models.CASCADE, related_name="snapshot")
    taken_at = models.DateTimeField("taget")
    said = models.JSONField("det, der stod")

    class Meta:
        verbose_name = "ansøgningen, som den blev sendt"
        verbose_name_plural = "ansøgninger, som de blev sendt"

    def __str__(self) -> str:
        return f"Sag {self.application_id}, som den blev sendt"
