"""What a member reads of one case of the agenda, and their own notes and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from pulje.enums import Mark
from pulje.models import AgendaItem, CaseReading, Meeting, MemberNote, User
from pulje.queries.assessment import Panel, panel_of
from pulje.queries.case_page import CasePage, case_page
from pulje.queries.casework import Budget, budget_from
from pulje.queries.questions import answered


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
    saved = {"saved_at": datetime.fromisoformat(note["saved_at"])} if note else {}
    own = MemberNote(item=item, user=user, **note | saved)
    return Reading(
        item=row,
        page=page,
        budget=budget_from(case, page.lines),
        panel=panel_of(case, user),
        answers=answered(page.questions, case.answers),
        own=own,
        read=row.read,
    )


def _rows(user: User) -> QuerySet[AgendaItem]:
    """Items with what is the reader's own."""
    own = MemberNote.objects.filter(user=user, item=OuterRef("pk"))
    saved = JSONObject(**{name: name for name in ("pk", "text", "mark", "saved_at")})
    on_agenda = Q(application__agenda_items__meeting=OuterRef("meeting"))
    read = CaseReading.objects.filter(on_agenda, user=user).order_by().values("user")
    counted = read.annotate(cases=Count("application", distinct=True)).values("cases")
    related = AgendaItem.objects.select_related(
        "meeting", "application__applicant", "application__pool", "application__version"
    )
    return related.annotate(
        own=ArraySubquery(own.values(said=saved)),
        read=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    ).prefetch_related("alternatives")


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
