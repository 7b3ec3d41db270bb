from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from pulje.enums import AgendaSection, CommitteeRole, ItemOutcome, MeetingState
from pulje.models.fields import kr_field


class Committee(models.Model):
    """A body that decides. Which one decides a pool is data, never code."""

    name = models.CharField("navn", max_length=200, unique=True)
    short_name = models.CharField("kort navn", max_length=20)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    quorum = models.PositiveSmallIntegerField("beslutningsdygtig med")
    agenda_days = models.PositiveSmallIntegerField("dagsordenen låses, dage før mødet", default=7)
    proposer = models.CharField("hvem indstiller", max_length=80, default="Direktionen")
    place = models.CharField("fast mødested", max_length=200, blank=True)

    class Meta:
        verbose_name = "udvalg"
        verbose_name_plural = "udvalg"

    def __str__(self) -> str:
        return self.name


class CommitteeHeading(models.Model):
    """A section of each agenda item with the committee's own heading; none at all: the usual."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="headings")
    section = models.CharField("afsnit", max_length=20, choices=AgendaSection)
    title = models.CharField("overskrift", max_length=80)
    position = models.PositiveSmallIntegerField("nr.")

    class Meta:
        verbose_name = "overskrift"
        verbose_name_plural = "overskrifter"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["committee", "section"], name="heading_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"


OFFICES = (CommitteeRole.CHAIR, CommitteeRole.VICE_CHAIR)  # in the order in which they lead


class CommitteeMemberQuerySet(models.QuerySet["CommitteeMember"]):
    def serving_on(self, day: date) -> "CommitteeMemberQuerySet":
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)

    def voting(self) -> "CommitteeMemberQuerySet":
        """Who votes by their own seat; a substitute votes for the member they stand in for."""
        return self.exclude(role__in=[CommitteeRole.SECRETARY, CommitteeRole.SUBSTITUTE])

    def substitutes(self) -> "CommitteeMemberQuerySet":
        return self.filter(role=CommitteeRole.SUBSTITUTE)


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
    # its own for ever, made of the day it was planned for: "2027-01-14", "2027-01-14-2"
    address = models.SlugField("adresse", max_length=40)
    held_at = models.DateTimeField("møde")
    place = models.CharField("sted", max_length=200, blank=True)
    state = models.CharField(
        "tilstand", max_length=10, choices=MeetingState, default=MeetingState.PLANNED
    )
    present = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="til stede"
    )
    agenda_due_on = models.DateField("dagsordenen låses", null=True, blank=True)
    locked_at = models.DateTimeField("låst", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    current_item = models.ForeignKey(
        "AgendaItem", models.SET_NULL, related_name="+", null=True, blank=True
    )
    closed_at = models.DateTimeField("afsluttet", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    minutes_approved_at = models.DateTimeField("referat godkendt", null=True, blank=True)
    minutes_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    announcements = models.TextField("meddelelser", blank=True)
    # who took part in what, as it stood when the meeting was closed (queries/meeting/attendance.py)
    attendance_kept = models.JSONField("fremmøde ved mødets slutning", default=dict, blank=True)
    # counts every change anybody at the meeting should see; screens ask whether theirs is old
    changes = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField("ændret", default=timezone.now)
    # counts what a calendar shows: another time or place, or cancelled
    revision = models.PositiveIntegerField("kalenderens version", default=0)
    revised_at = models.DateTimeField("kalenderen ændret", default=timezone.now)

    class Meta:
        verbose_name = "møde"
        verbose_name_plural = "møder"
        constraints = [
            models.UniqueConstraint(fields=["committee", "held_at"], name="meeting_once"),
            models.UniqueConstraint(fields=["committee", "address"], name="meeting_address_once"),
            models.CheckConstraint(condition=~Q(address=""), name="meeting_has_address"),
            models.CheckConstraint(
                condition=Q(minutes_approved_at=None) | Q(state=MeetingState.CLOSED),
                name="meeting_minutes_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"Møde {self.held_at:%d-%m-%Y} i udvalg {self.committee_id} (#{self.pk})"


class AgendaPoint(models.Model):
    """A numbered item of the agenda: one pool's cases. ``texts``: {AgendaSection: own words}.

    A section without own words is written from the facts.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="points")
    pool = models.ForeignKey("Pool", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("nr.")
    title = models.CharField("overskrift", max_length=200, blank=True)
    is_closed = models.BooleanField("lukket punkt", default=False)
    texts = models.JSONField("tekster", default=dict, blank=True)

    class Meta:
        verbose_name = "punkt på dagsordenen"
        verbose_name_plural = "punkter på dagsordenen"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "pool"], name="point_pool_once"),
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="point_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"Punkt {self.position} på møde {self.meeting_id} (#{self.pk})"


class AgendaItem(models.Model):
    """A case on a meeting's agenda. Postponed and sent back live here, not on the case.

    ``outcome`` is what came of it when the meeting closed; until then it is PENDING, and what has
    been recorded so far is the current ``ItemRuling``. ``amount_kr`` is what is recommended.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    application = models.ForeignKey("Application", models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("nr.")
    outcome = models.CharField(
        "udfald", max_length=10, choices=ItemOutcome, default=ItemOutcome.PENDING
    )
    amount_kr = kr_field(null=True)
    note = models.CharField("bemærkning til udvalget", max_length=500, blank=True)
    is_late = models.BooleanField("tilføjet efter fristen", default=False)
    remark = models.CharField("bemærkning", max_length=500, blank=True)

    class Meta:
        verbose_name = "sag på dagsordenen"
        verbose_name_plural = "sager på dagsordenen"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="agenda_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
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
