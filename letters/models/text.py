from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from pulje.enums import LegalBasis


class TextQuerySet(models.QuerySet["LetterText"]):
    def in_force(self, day: date) -> "TextQuerySet":
        """Of each kind and basis the newest approved that has begun; none when it has expired."""
        begun = Q(approved_at__isnull=False, valid_from__lte=day)
        newer = LetterText.objects.filter(
            begun,
            kind=OuterRef("kind"),
            legal_basis=OuterRef("legal_basis"),
            version__gt=OuterRef("version"),
        )
        lasts = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.filter(begun, lasts, ~Exists(newer))


class LetterText(models.Model):
    """A version of what a kind of letter says, or of a part that several say; frozen once approved.

    ``kind`` is a letter's code (kinds.py) or a part's (texts/parts.py). A text for a legal basis
    goes before the one for all (``legal_basis`` empty). Nothing is sent with an unapproved text.
    """

    kind = models.CharField("brev", max_length=40)
    legal_basis = models.CharField("retsgrundlag", max_length=10, choices=LegalBasis, blank=True)
    version = models.PositiveSmallIntegerField("version")
    heading = models.CharField("overskrift", max_length=300, blank=True)
    body = models.TextField("tekst", blank=True)
    english = models.TextField("kort på engelsk", blank=True)
    note = models.CharField("hvad er ændret", max_length=200, blank=True)
    valid_from = models.DateField("gælder fra")
    valid_until = models.DateField("gælder til og med", null=True, blank=True)
    # nobody: the text that came with the system
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    written_at = models.DateTimeField("skrevet")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField("godkendt", null=True, blank=True)

    objects: ClassVar = TextQuerySet.as_manager()

    class Meta:
        verbose_name = "brevtekst"
        verbose_name_plural = "brevtekster"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "legal_basis", "version"], name="letter_text_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="letter_text_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(written_by=None)
                | ~Q(approved_by=F("written_by")),
                name="letter_text_two_people",
                violation_error_message="En anden end den, der har skrevet, skal godkende.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="letter_text_ends_after_start",
                violation_error_message="Teksten kan ikke udløbe, før den gælder.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} version {self.version} (#{self.pk})"


class TypedText(models.Model):
    """What somebody is writing in the editor, just as typed, until it is a draft; theirs alone.

    ``typed``: the form's fields by name. One row a person, kind and legal basis.
    """

    kind = models.CharField("brev", max_length=40)
    legal_basis = models.CharField("retsgrundlag", max_length=10, choices=LegalBasis, blank=True)
    # goes with the person: nobody else has seen it, and nothing builds on it
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    typed = models.JSONField("skrevet")
    kept_at = models.DateTimeField("gemt")

    class Meta:
        verbose_name = "tekst under arbejde"
        verbose_name_plural = "tekster under arbejde"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "legal_basis", "written_by"], name="typed_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.legal_basis} (#{self.pk})"
