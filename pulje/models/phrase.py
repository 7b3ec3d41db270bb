from django.db import models
from django.db.models import Q

from pulje.enums import PhraseKind


class Phrase(models.Model):
    """A text of the pool's library that a case worker picks and mends; versioned with the rules.

    ``days`` is the deadline that goes with it (None: the pool's own); a REASONS phrase belongs to
    an adopted ground, so that no reason is picked that the rules do not carry.
    """

    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="phrases")
    kind = models.CharField("bruges til", max_length=12, choices=PhraseKind)
    name = models.CharField("navn", max_length=80)
    text = models.TextField("tekst")
    days = models.PositiveSmallIntegerField("frist, dage", null=True, blank=True)
    ground = models.ForeignKey(
        "Ground", models.PROTECT, related_name="phrases", null=True, blank=True
    )

    class Meta:
        verbose_name = "standardtekst"
        verbose_name_plural = "standardtekster"
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "name"], name="phrase_once"),
            models.CheckConstraint(
                condition=~Q(kind=PhraseKind.REASONS) | Q(ground__isnull=False),
                name="phrase_reason_has_ground",
                violation_error_message="Vælg, hvilken af puljens begrundelser teksten hører til.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"
