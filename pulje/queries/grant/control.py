"""Stikprøve as both sides see it: what we asked to see, by when, and whether it has come."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from pulje.enums import AttachmentKind
from pulje.models import Application, Attachment, JournalEntry
from pulje.queries.told import CONTROL_SELECTED, COUNTED

CONTROL_ANSWERED = "control_answered"  # papers that came otherwise than on the case
# what a report is sent with is no answer to a control
OF_REPORT = (AttachmentKind.PICTURE, AttachmentKind.ACCOUNTS)


def moved_to() -> Subquery:
    """Of a control's journal line: the day its deadline moved to when its letter came late."""
    about = Cast(KeyTextTransform("entry", "data"), IntegerField())
    lines = JournalEntry.objects.annotate(about=about).filter(
        application=OuterRef("application"), event=COUNTED, about=OuterRef("number")
    )
    return Subquery(lines.order_by("-number").values("data__until")[:1])


@dataclass(frozen=True)
class Control:
    """The newest control of a case; ``came_at``: the first file after it was asked for."""

    case: Application
    number: int
    asked_at: datetime
    reason: str
    due_on: date
    came_at: datetime | None

    @property
    def waits(self) -> bool:
        """Nothing has come, and the deadline's day is not over."""
        return self.came_at is None and self.due_on >= timezone.localdate()


def controls_of(cases: QuerySet[Application]) -> list[Control]:
    """The newest control of each of the cases that has one: one query."""
    files = Attachment.objects.filter(
        application=OuterRef("application"), uploaded_at__gt=OuterRef("at")
    ).exclude(kind__in=OF_REPORT)
    came = Subquery(files.order_by("uploaded_at").values("uploaded_at")[:1])
    entries = (
        JournalEntry.objects.filter(event=CONTROL_SELECTED, application__in=cases.values("pk"))
        .select_related("application__pool", "application__applicant")
        .annotate(came_at=came, moved_to=moved_to())
        .order_by("application_id", "-number")
        .distinct("application_id")
    )
    return [
        Control(
            case=entry.application,
            number=entry.number,
            asked_at=entry.at,
            reason=entry.data["reason"],
            due_on=date.fromisoformat(entry.moved_to or entry.data["due_on"]),
            came_at=entry.came_at,
        )
        for entry in entries
    ]


def control_of(case: Application) -> Control | None:
    """The case's newest control, if it was ever picked out."""
    return next(iter(controls_of(Application.objects.filter(pk=case.pk))), None)
