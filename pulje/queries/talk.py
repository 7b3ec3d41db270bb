"""What is written back and forth on a case: messages, and the applicant's answers to us."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, F, QuerySet, Value

from pulje.models import Application

MESSAGE, INFORMATION, HEARING = "message", "information", "hearing"


@dataclass(frozen=True)
class Line:
    """One thing said. An answer to a request or a hearing is the applicant's, whoever sent it."""

    sent_at: datetime
    text: str
    sender_id: int
    sender_name: str
    is_from_applicant: bool
    kind: str
    pk: int


def talk_of(case: Application, *, newest: int | None = None) -> list[Line]:
    """All that was said, oldest first; or the ``newest`` so many, newest first. One query."""
    messages = _rows(
        case.messages.all(),
        MESSAGE,
        sent=F("sent_at"),
        said=F("text"),
        who=F("sender_id"),
        name=F("sender__name"),
        theirs=F("is_from_applicant"),
    )
    answers = [
        _rows(
            rows,
            kind,
            sent=F(sent),
            said=F("answer"),
            who=Value(0),
            name=Value(""),
            theirs=Value(True, output_field=BooleanField()),
        )
        for rows, kind, sent in (
            (case.information_requests.exclude(answered_at=None), INFORMATION, "answered_at"),
            (case.hearings.filter(is_answered=True), HEARING, "ended_at"),
        )
    ]
    rows = messages.union(*(answer for answer in answers), all=True)
    if newest is None:
        return [Line(*row) for row in rows.order_by("sent", "kind", "row")]
    return [Line(*row) for row in rows.order_by("-sent", "-kind", "-row")[:newest]]


def _rows(rows: QuerySet, kind: str, **columns: object) -> QuerySet:
    """The rows in the one shape that a union needs: the same columns in the same order."""
    shaped = rows.order_by().annotate(**columns, kind=Value(kind), row=F("pk"))
    found: QuerySet = shaped.values_list(*columns, "kind", "row")
    return found
