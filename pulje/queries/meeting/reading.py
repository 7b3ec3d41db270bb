"""What a member reads of one case of the agenda, and their own notes and marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from pulje.enums import Mark
from pulje.models import (
    AgendaItem,
    Application,
    CaseReading,
    Meeting,
    MemberNote,
    RecommendationLine,
    User,
)
from pulje.queries.application.questions import answered
from pulje.queries.casework.assessment import COLUMNS, Panel, panel_from
from pulje.queries.casework.case import Budget, budget_from
from pulje.queries.casework.page import CasePage, case_page_with


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
class MyMarks:
    """One person's marks on all cases of a meeting, by the item's key."""

    by_item: Mapping[int, MyMark]

    @property
    def read(self) -> int:
        """How many of the cases the person has opened."""
        return sum(mine.is_read for mine in self.by_item.values())

    @property
    def total(self) -> int:
        return len(self.by_item)


@dataclass(frozen=True)
class Share:
    """What is recommended of one line of the budget, in kr."""

    text: str
    amount_kr: Decimal
    budget_kr: Decimal


@dataclass(frozen=True)
class Reading:
    """One case as its readers have it before them; ``own`` is the reader's note, saved or not."""

    case: Application
    page: CasePage
    budget: Budget
    panel: Panel | None
    answers: Sequence[tuple[Any, str]]
    proposed: Sequence[Share]
    own: MemberNote
    read: int

    @property
    def base(self) -> str:
        return version_of(self.own) if self.own.pk else ""


def version_of(note: MemberNote) -> str:
    """What tells whether a note has been changed since it was read."""
    return f"{note.saved_at.timestamp():.6f}"


def reading_of(item: AgendaItem, user: User) -> Reading:
    """All that is read of a case, as ``user`` may: one query, and one for the pool's version.

    Whoever takes no part in the case must not be given it.
    """
    case = item.application
    page, row = case_page_with(case, COLUMNS | _own(item, user), most_notes=0)
    note = row["note"][0] if row["note"] else {}
    saved = {"saved_at": datetime.fromisoformat(note["saved_at"])} if note else {}
    return Reading(
        case=case,
        page=page,
        budget=budget_from(case, page.lines),
        panel=panel_from(case, user, row),
        answers=answered(page.questions, case.answers),
        proposed=[
            Share(line["text"], _kr(line["amount_kr"]), _kr(line["budget_kr"]))
            for line in row["proposed"]
        ],
        own=MemberNote(item=item, user=user, **note | saved),
        read=row["read"],
    )


def _kr(number: float) -> Decimal:
    """A number of JSON as whole øre."""
    return Decimal(str(number)).quantize(Decimal("0.01"))


def _own(item: AgendaItem, user: User) -> dict[str, Any]:
    """Columns of a case: the reader's note, how much they have read, what is recommended of it."""
    note = MemberNote.objects.filter(user=user, item=item)
    saved = JSONObject(**{name: name for name in ("pk", "text", "mark", "saved_at")})
    read = CaseReading.objects.filter(application__agenda_items__meeting=item.meeting_id, user=user)
    counted = read.order_by().values("user").annotate(cases=Count("application", distinct=True))
    lines = RecommendationLine.objects.filter(
        recommendation__application=OuterRef("pk"), recommendation__is_current=True
    )
    share = JSONObject(**{name: name for name in ("text", "amount_kr", "budget_kr")})
    return {
        "note": ArraySubquery(note.values(said=saved)),
        "read": Coalesce(Subquery(counted.values("cases"), output_field=IntegerField()), 0),
        "proposed": ArraySubquery(lines.order_by("position").values(said=share)),
    }


def marks_of(meeting: Meeting, user: User) -> MyMarks:
    """The person's own marks on a meeting's cases: one query.

    A case is read once its page has been opened.
    """
    own = MemberNote.objects.filter(user=user, item=OuterRef("pk"))
    opened = CaseReading.objects.filter(user=user, application=OuterRef("application"))
    rows = meeting.items.order_by("pk").values_list(
        "pk",
        Coalesce(Subquery(own.values("mark")[:1]), Value("")),
        Exists(own.exclude(text="")),
        Exists(opened),
    )
    return MyMarks({pk: MyMark(*said) for pk, *said in rows})
