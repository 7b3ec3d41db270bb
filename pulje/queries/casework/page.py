"""The application as the case page shows it: all its small lists in one query.

Each list is an array of JSON made by the database, so that the page costs the same however much
there is on the case, and leaves queries for what its state adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from pulje.models import Application, Attachment, BudgetLine, MemberQuestion, Note, Question
from pulje.queries.applicant.membership import RIGHT, Right
from pulje.queries.casework import checklist
from pulje.states import CaseState

MOST_EARLIER = 5
BESIDE = "beside_"
ROW = "row_"  # the columns of the query have names of their own


@dataclass(frozen=True)
class NoteLine:
    """An internal note as it is read."""

    text: str
    author: str
    written_at: datetime
    is_phone_call: bool


@dataclass(frozen=True)
class Grant:
    """What the same applicant was granted before, in kr."""

    pk: int
    title: str
    pool: str
    year: int
    state: CaseState
    granted_kr: Decimal


@dataclass(frozen=True)
class Asked:
    """A member's question to the administration with its answer, which may not have come yet."""

    id: int
    text: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class CasePage:
    """What the applicant has said, and what stands beside it.

    ``lines``, ``files`` and ``questions`` are rows with what is shown of them; they are not saved.
    """

    lines: list[BudgetLine]
    files: list[Attachment]
    questions: list[Question]
    right: Right
    points: list[checklist.Point]
    notes: list[NoteLine]
    earlier: list[Grant]
    asked: list[Asked]


def _json(*names: str, **others: str) -> JSONObject:
    return JSONObject(**{name: name for name in names}, **others)


LINE = _json("kind", "text", "amount_kr", "category", "funding_status")
FILE = _json(
    *("id", "kind", "name", "content_type", "size", "sha256", "uploaded_at"),
    *("review", "review_note"),
)
QUESTION = _json("id", "key", "kind", "label", "choices", "shown_if_id", "shown_if_answer")
NOTE = _json("text", "written_at", "is_phone_call", author="author__name")
ASKED = _json(
    *("id", "text", "asked_at", "answer", "answered_at"),
    asked_by="asked_by__name",
    answered_by="answered_by__name",
)
GRANT = _json("pk", "title", "state", "granted_kr", pool="pool__name", year="pool__year")


def case_page(case: Application, *, most_notes: int) -> CasePage:
    """The lists of one case, the newest notes first (one more than ``most_notes``): one query."""
    return case_page_with(case, {}, most_notes=most_notes)[0]


def case_page_with(
    case: Application, columns: Mapping[str, Any], *, most_notes: int
) -> tuple[CasePage, dict[str, Any]]:
    """``case_page``, and in the same query other columns of the case, as a row."""
    named = {f"{BESIDE}{name}": column for name, column in columns.items()}
    row = _rows(most_notes + 1).annotate(**named).filter(pk=case.pk).get()
    page = _page(case, {name.removeprefix(ROW): value for name, value in row.items()})
    return page, {name: row[f"{BESIDE}{name}"] for name in columns}


@cache
def _rows(notes: int) -> QuerySet[Application, dict[str, Any]]:
    """The query but for the case: put together once, since that costs more than to ask it."""
    mine = {"application": OuterRef("pk")}
    lists = {
        "lines": BudgetLine.objects.filter(**mine).order_by("position").values(said=LINE),
        "files": Attachment.objects.filter(**mine).order_by("uploaded_at", "pk").values(said=FILE),
        "questions": Question.objects.filter(version=OuterRef("version"))
        .order_by("position")
        .values(said=QUESTION),
        "notes": Note.objects.filter(**mine)
        .order_by("-written_at", "-pk")
        .values(said=NOTE)[:notes],
        "earlier": Application.objects.filter(applicant=OuterRef("applicant"), granted_kr__gt=0)
        .exclude(pk=OuterRef("pk"))
        .order_by(F("submitted_at").desc(nulls_last=True), "-pk")
        .values(said=GRANT)[:MOST_EARLIER],
        "asked": MemberQuestion.objects.filter(item__application=OuterRef("pk"))
        .order_by("asked_at", "pk")
        .values(said=ASKED),
    }
    columns: dict[str, Any] = {name: ArraySubquery(each) for name, each in lists.items()}
    columns |= RIGHT | checklist.COLUMNS
    named = {f"{ROW}{name}": column for name, column in columns.items()}
    query: QuerySet[Application, dict[str, Any]]
    query = Application.objects.annotate(**named).values(*named)
    return query


def _page(case: Application, row: dict[str, Any]) -> CasePage:
    return CasePage(
        lines=[BudgetLine(**one | _kr(one, "amount_kr")) for one in row["lines"]],
        files=[Attachment(**one | _moment(one, "uploaded_at")) for one in row["files"]],
        questions=[Question(**one) for one in row["questions"]],
        right=Right(*(row[name] for name in RIGHT)),
        points=checklist.points(case, **{name: row[name] for name in checklist.COLUMNS}),
        notes=[NoteLine(**one | _moment(one, "written_at")) for one in row["notes"]],
        earlier=[
            Grant(**one | _kr(one, "granted_kr") | {"state": CaseState(one["state"])})
            for one in row["earlier"]
        ],
        asked=[
            Asked(**one | _moment(one, "asked_at") | _moment(one, "answered_at"))
            for one in row["asked"]
        ],
    )


def _kr(row: dict[str, Any], name: str) -> dict[str, Decimal]:
    """A number of JSON as whole øre."""
    return {name: Decimal(str(row[name])).quantize(Decimal("0.01"))}


def _moment(row: dict[str, Any], name: str) -> dict[str, datetime | None]:
    return {name: datetime.fromisoformat(row[name]) if row[name] else None}
