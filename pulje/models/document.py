from django.conf import settings
from django.db import models


class Message(models.Model):
    """A line between applicant and case worker; part of the case, open to the party."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_from_applicant = models.BooleanField()
    text = models.TextField("besked")
    sent_at = models.DateTimeField("sendt")

    class Meta:
        verbose_name = "besked"
        verbose_name_plural = "beskeder"

    def __str__(self) -> str:
        return f"Besked i sag {self.application_id} (#{self.pk})"


class Note(models.Model):
    """An internal note (offentlighedsloven § 13); the applicant may get access to it."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField("note")
    is_phone_call = models.BooleanField("telefonnotat", default=False)
    written_at = models.DateTimeField("skrevet")

    class Meta:
        verbose_name = "notat"
        verbose_name_plural = "notater"

    def __str__(self) -> str:
        return f"Notat i sag {self.application_id} (#{self.pk})"
