from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import PacketFormat, PacketKind, PacketState


class Packet(models.Model):
    """A version of a meeting's agenda or minutes: what stood in it, open and closed, and its files.

    The row is the queue: a worker makes the files. ``facts``: {"open": Paper, "closed": Paper} as
    plain values (queries/meeting); ``changes``: sentences on what is new since the last version.
    """

    meeting = models.ForeignKey("Meeting", models.PROTECT, related_name="packets")
    kind = models.CharField("slags", max_length=10, choices=PacketKind)
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField(
        "status", max_length=10, choices=PacketState, default=PacketState.QUEUED
    )
    facts = models.JSONField("indhold", default=dict)
    changes = models.JSONField("ændringer", default=list)
    steps_done = models.PositiveIntegerField("trin udført", default=0)
    steps = models.PositiveIntegerField("trin i alt", default=0)
    failure = models.CharField("hvorfor ikke", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("forsøg", default=0)
    asked_at = models.DateTimeField("bestilt")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    claimed_at = models.DateTimeField("i hånden siden", null=True, blank=True)
    ready_at = models.DateTimeField("klar", null=True, blank=True)

    class Meta:
        verbose_name = "mødepakke"
        verbose_name_plural = "mødepakker"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "number"], name="packet_once"),
            models.CheckConstraint(
                condition=~Q(state=PacketState.FAILED) | ~Q(failure=""),
                name="packet_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=[PacketState.QUEUED, PacketState.MAKING]),
                name="packet_unmade",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} til møde {self.meeting_id} (#{self.pk})"


class PacketFile(models.Model):
    """One file of a packet; the open one has no personal data."""

    packet = models.ForeignKey(Packet, models.CASCADE, related_name="files")
    is_open = models.BooleanField("åben")
    format = models.CharField("format", max_length=5, choices=PacketFormat)
    sha256 = models.CharField("fingeraftryk", max_length=64)
    pages = models.PositiveIntegerField("sider", default=0)
    content = models.BinaryField()

    class Meta:
        verbose_name = "fil i mødepakke"
        verbose_name_plural = "filer i mødepakker"
        constraints = [
            models.UniqueConstraint(fields=["packet", "is_open", "format"], name="packet_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.format} af pakke {self.packet_id} (#{self.pk})"
