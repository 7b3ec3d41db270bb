from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import AppealState, DecidedBy, LegalBasis, Outcome
from pulje.models.fields import kr_field


class Decision(models.Model):
    """An afgørelse (forvaltningsloven § 2): decider, date, basis, text. Replaced, never changed."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="decisions")
    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="+")
    outcome = models.CharField("udfald", max_length=20, choices=Outcome)
    amount_kr = kr_field()
    reasons = models.TextField("begrundelse", blank=True)
    sections = models.CharField("afsnit i retningslinjerne", max_length=300, blank=True)
    conditions = models.TextField("vilkår", blank=True)
    legal_basis = models.CharField("retsgrundlag", max_length=10, choices=LegalBasis)
    body = models.CharField("besluttet af", max_length=20, choices=DecidedBy)
    meeting = models.ForeignKey(
        "Meeting", models.PROTECT, related_name="decisions", null=True, blank=True
    )
    decided_at = models.DateTimeField("besluttet")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_current = models.BooleanField("gælder", default=True)
    # made outside a meeting and told to the committee at this one (domain.md A5)
    reported_to = models.ForeignKey(
        "Meeting", models.PROTECT, related_name="reported", null=True, blank=True
    )
    urgency = models.CharField("hvorfor det hastede", max_length=300, blank=True)
    opened_at = models.DateTimeField("åbnet af ansøgeren", null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "afgørelse"
        verbose_name_plural = "afgørelser"
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(is_current=True), name="decision_one_current"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REJECTED, amount_kr=0)
                | (~Q(outcome=Outcome.REJECTED) & Q(amount_kr__gt=0)),
                name="decision_amount_fits_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.GRANTED) | ~Q(reasons=""),
                name="decision_not_full_has_reasons",
                violation_error_message=(
                    "Skriv en begrundelse, når der ikke gives det hele (forvaltningsloven § 22)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(recommended_by=None) | ~Q(decided_by=models.F("recommended_by")),
                name="decision_by_another_than_recommender",
            ),
            models.CheckConstraint(
                condition=~Q(body=DecidedBy.COMMITTEE) | Q(meeting__isnull=False),
                name="decision_committee_has_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(body=DecidedBy.CHAIR) | ~Q(urgency=""),
                name="decision_by_chair_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.amount_kr} i sag {self.application_id} (#{self.pk})"

    @property
    def is_of_meeting(self) -> bool:
        """Made at its meeting, or put right in the minutes before they were approved.

        What replaces it afterwards names the meeting, too, but was not made there.
        """
        if self.meeting is None:
            return False
        approved_at = self.meeting.minutes_approved_at
        return self.replaces_id is None or approved_at is None or self.decided_at < approved_at

    @property
    def is_anew(self) -> bool:
        """It replaces one that was told; minutes that are put right replace what was not."""
        return self.replaces_id is not None and not self.is_of_meeting


class AwardAcceptance(models.Model):
    """The grantee's yes to the conditions as shown, or no."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="acceptance")
    is_accepted = models.BooleanField("sagde ja")
    terms_version = models.PositiveSmallIntegerField("vilkårenes version")
    answered_at = models.DateTimeField("besvaret")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("hvorfor ikke", max_length=300, blank=True)

    class Meta:
        verbose_name = "svar på bevilling"
        verbose_name_plural = "svar på bevillinger"

    def __str__(self) -> str:
        return f"Svar på afgørelse {self.decision_id}"

    @property
    def said_by(self) -> str:
        """The applicant's person; nobody by name when a case worker keyed it in."""
        return "" if self.answered_by.is_internal else self.answered_by.name


class Appeal(models.Model):
    """A complaint over a decision; has its own small life beside the case."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    text = models.TextField("klage")
    received_at = models.DateTimeField("modtaget")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField("behandles senest", null=True, blank=True)
    state = models.CharField(max_length=20, choices=AppealState, default=AppealState.RECEIVED)
    assessment = models.TextField("genvurdering", blank=True)
    assessed_at = models.DateTimeField("genvurderet", null=True, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    new_decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="after_appeal", null=True, blank=True
    )
    answer = models.TextField("svar", blank=True)
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "klage"
        verbose_name_plural = "klager"
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(state__in=[AppealState.RECEIVED, AppealState.ASSESSED]),
                name="appeal_one_open",
                violation_error_message="Der er allerede en klage, som ikke er besvaret.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AppealState.RECEIVED, AppealState.ASSESSED])
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="appeal_answered_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(state=AppealState.CHANGED) | Q(new_decision__isnull=False),
                name="appeal_changed_has_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=[AppealState.RECEIVED, AppealState.ASSESSED]),
                name="appeal_open",
            )
        ]

    def __str__(self) -> str:
        return f"Klage over afgørelse {self.decision_id} (#{self.pk})"
