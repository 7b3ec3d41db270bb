"""What a member reads of one case of the agenda, and their own notes and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from pulje.enums import Mark
from pulje.models import AgendaItem, CaseReading, Meeting, MemberNote, MemberQuestion, User
from pulje.queries.assessment import Panel, panel_of
from pulje.queries.case_page import CasePage, case_page
from pulje.queries.casework import Budget, budget_from
from pulje.queries.questions import answered

QUESTION = JSONObject(
    **{name: name for name in ("id", "text", "asked_at", "answer", "answered_at")},
    asked_by=F("asked_by__name"),
    answered_by=F("answered_by__name"),
)


@dataclass(frozen=True)
class Asked:
    """A member's question with its answer, which may not have come yet."""

    id: int
    text: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class MyMark:
    """What somebody has done with a case of the agenda; nobody else may see it."""

    mark: str
    has_note: bool
    is_read: bool

    @property
    def label(self) -> str:
        return str(Mark(self.mark).label) if self.mark else ""


@dataclass(frozen=True)
class Reading:
    """One case as its readers have it before them; ``own`` is the reader's note, saved or not."""

    item: AgendaItem
    page: CasePage
    budget: Budget
    panel: Panel | None
    answers: Sequence[tuple[Any, str]]
    asked: Sequence[Asked]
    own: MemberNote
    read: int

    @property
    def base(self) -> str:
        return version_of(self.own) if self.own.pk else ""


def version_of(note: MemberNote) -> str:
    """What tells whether a note has been changed since it was read."""
    return f"{note.saved_at.timestamp():.6f}"


def reading_of(item: AgendaItem, user: User) -> Reading:
    """All that is read of a case, as ``user`` may: three queries.

    Whoever takes no part in the case must not be given it.
    """
    row: Any = _rows(user).get(pk=item.pk)
    case = row.application
    page = case_page(case, most_notes=0)
    note = row.own[0] if row.own else {}
    own = MemberNote(item=item, user=user, **note | _moment(note, "saved_at"))
    return Reading(
        item=row,
        page=page,
        budget=budget_from(case, page.lines),
        panel=panel_of(case, user),
        answers=answered(page.questions, case.answers),
        asked=[
            Asked(**one | _moment(one, "asked_at") | _moment(one, "answered_at"))
            for one in row.asked
        ],
        own=own,
        read=row.read,
    )


def _rows(user: User) -> QuerySet[AgendaItem]:
    """Items with what is asked about their case in this committee, and what is the reader's own."""
    here = {"item__application": OuterRef("application")}
    asked = MemberQuestion.objects.filter(
        **here, item__meeting__committee=OuterRef("meeting__committee")
    )
    own = MemberNote.objects.filter(user=user, item=OuterRef("pk"))
    saved = JSONObject(**{name: name for name in ("pk", "text", "mark", "saved_at")})
    on_agenda = Q(application__agenda_items__meeting=OuterRef("meeting"))
    read = CaseReading.objects.filter(on_agenda, user=user).order_by().values("user")
    counted = read.annotate(cases=Count("application", distinct=True)).values("cases")
    related = AgendaItem.objects.select_related(
        "meeting", "application__applicant", "application__pool", "application__version"
    )
    return related.annotate(
        asked=ArraySubquery(asked.order_by("asked_at", "pk").values(said=QUESTION)),
        own=ArraySubquery(own.values(said=saved)),
        read=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    ).prefetch_related("alternatives")


def _moment(row: dict[str, Any], name: str) -> dict[str, datetime | None]:
    """A moment of JSON; nothing where there is none to read."""
    return {name: datetime.fromisoformat(row[name]) if row[name] else None} if name in row else {}


def marks_of(meeting: Meeting, user: User) -> dict[int, MyMark]:
    """The person's own marks on a meeting's cases, by the item's key: one query.

    A case is read once its page has been opened.
    """
    own = MemberNote.objects.filter(user=user, item=OuterRef("pk"))
    opened = CaseReading.objects.filter(user=user, application=OuterRef("application"))
    rows = meeting.items.order_by("pk").values_list(
        "pk",
        Coalesce(Subquery(own.values("mark")[:1]), ""),
        Exists(own.exclude(text="")),
        Exists(opened),
    )
    return {pk: MyMark(*said) for pk, *said in rows}
