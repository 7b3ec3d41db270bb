from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import CommitteeRole, ItemOutcome, MeetingState
from pulje.models.fields import kr_field


class Committee(models.Model):
    """A body that decides. Which one decides a pool is data, never code."""

    name = models.CharField("navn", max_length=200, unique=True)
    short_name = models.CharField("kort navn", max_length=20)
    quorum = models.PositiveSmallIntegerField("beslutningsdygtig med")

    class Meta:
        verbose_name = "udvalg"
        verbose_name_plural = "udvalg"

    def __str__(self) -> str:
        return self.name


class CommitteeMemberQuerySet(models.QuerySet["CommitteeMember"]):
    def serving_on(self, day: date) -> "CommitteeMemberQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)

    def voting(self) -> "CommitteeMemberQuerySet":
        return self.exclude(role=CommitteeRole.SECRETARY)


class CommitteeMember(models.Model):
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    role = models.CharField("rolle", max_length=20, choices=CommitteeRole)
    started_on = models.DateField("fra")
    ended_on = models.DateField("til", null=True, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "udvalgsmedlem"
        verbose_name_plural = "udvalgsmedlemmer"
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user"], condition=Q(ended_on=None), name="seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} i udvalg {self.committee_id} (#{self.pk})"


class Meeting(models.Model):
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField("møde")
    place = models.CharField("sted", max_length=200, blank=True)
    state = models.CharField(
        "tilstand", max_length=10, choices=MeetingState, default=MeetingState.PLANNED
    )
    present = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="til stede"
    )

    class Meta:
        verbose_name = "møde"
        verbose_name_plural = "møder"
        constraints = [
            models.UniqueConstraint(fields=["committee", "held_at"], name="meeting_once")
        ]

    def __str__(self) -> str:
        return f"Møde {self.held_at:%d-%m-%Y} i udvalg {self.committee_id} (#{self.pk})"


class AgendaItem(models.Model):
    """A case on a meeting's agenda. Postponed and sent back live here, not on the case."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    application = models.ForeignKey("Application", models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("nr.")
    outcome = models.CharField(
        "udfald", max_length=10, choices=ItemOutcome, default=ItemOutcome.PENDING
    )
    amount_kr = kr_field(null=True)
    remark = models.CharField("bemærkning", max_length=500, blank=True)

    class Meta:
        verbose_name = "dagsordenspunkt"
        verbose_name_plural = "dagsordenspunkter"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.UniqueConstraint(fields=["meeting", "application"], name="agenda_case_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(outcome=ItemOutcome.PENDING),
                name="agenda_case_pending_once",
                violation_error_message="Sagen er allerede på en dagsorden.",
            ),
        ]

    def __str__(self) -> str:
        return f"Nr. {self.position} på møde {self.meeting_id} (#{self.pk})"


class ConflictOfInterest(models.Model):
    """A person who may neither read the assessment nor do any verb (forvaltningsloven §§ 3-6)."""

    application = models.ForeignKey("Application", models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    reason = models.CharField("hvorfor", max_length=300)
    declared_at = models.DateTimeField("meldt")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "inhabilitet"
        verbose_name_plural = "inhabiliteter"
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} er inhabil i sag {self.application_id}"
