"""How a case has gone between us and the applicant: the days of each, and what we have heard of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from pulje.enums import CameBy
from pulje.models import Application, JournalEntry, PartyHearing
from pulje.queries.casework.compare import flag_columns
from pulje.queries.casework.delegation import hindrance_of
from pulje.queries.casework.pace import Pace, answer_by, pace
from pulje.queries.grant.control import CONTROL_ANSWERED, moved_to
from pulje.queries.told import CONTROL_SELECTED
from pulje.states import OPEN

MOVE = JSONObject(at="at", from_state="from_state", to_state="to_state")
CONTROL = JSONObject(
    event="event", data="data", at="at", by="by__name", of="on_behalf_of", moved_to=moved_to()
)
HEARING = JSONObject(
    fact="fact",
    source="source",
    due_on="due_on",
    opened_at="opened_at",
    answer="answer",
    ended_at="ended_at",
    is_answered="is_answered",
)


@dataclass(frozen=True)
class Hearing:
    """A partshøring as the case page tells it; without ``ended_at`` it waits for the applicant."""

    fact: str
    source: str
    due_on: date
    opened_at: datetime
    answer: str
    ended_at: datetime | None
    is_answered: bool


@dataclass(frozen=True)
class Papers:
    """What came of a control on paper or by phone, and who has keyed it in."""

    of: str
    came_by: str
    came_on: date
    text: str
    keyed_by: str


@dataclass(frozen=True)
class Asked:
    """A stikprøve as the case page tells it; ``papers``: the newest first."""

    reason: str
    due_on: date
    asked_at: datetime
    asked_by: str
    papers: list[Papers]


@dataclass(frozen=True)
class Course:
    """The days until the decision, the last day for an answer by delegation, and the hearings.

    ``flags``: how many kinds of red flag the tab "Sammenlign" shows.
    """

    pace: Pace
    answer_by: date | None
    hearings: list[Hearing]
    controls: list[Asked]
    flags: int


def course_of(case: Application, today: date) -> Course:
    """The course of a case that was sent, read with its version: one query."""
    found, heard, picked, *flags = _rows(today).get(pk=case.pk)
    lines = [SimpleNamespace(**line | {"at": _moment(line["at"])}) for line in found]
    received_on = timezone.localdate(case.submitted_at) if case.submitted_at else None
    due_on = None
    if received_on and case.state in OPEN and hindrance_of(case, today) is None:
        days = case.version.answer_working_days
        due_on = answer_by(lines, today, received_on=received_on, working_days=days)
    return Course(
        pace=pace(lines, today, received_on=received_on),
        answer_by=due_on,
        hearings=[_hearing(**row) for row in heard],
        controls=_controls(picked),
        flags=sum(flags),
    )


@lru_cache(maxsize=2)
def _rows(today: date) -> QuerySet[Application, tuple[Any, ...]]:
    """The query but for the case: put together once a day, as in ``case_page``."""
    moves = JournalEntry.objects.filter(application=OuterRef("pk")).order_by("number")
    moves = moves.exclude(from_state=F("to_state"))
    hearings = PartyHearing.objects.filter(application=OuterRef("pk")).order_by("-pk")
    events = [CONTROL_SELECTED, CONTROL_ANSWERED]
    picked = JournalEntry.objects.filter(application=OuterRef("pk"), event__in=events)
    picked = picked.order_by("-number")
    return Application.objects.values_list(
        ArraySubquery(moves.values(said=MOVE)),
        ArraySubquery(hearings.values(said=HEARING)),
        ArraySubquery(picked.values(said=CONTROL)),
        *flag_columns(today),
    )


def _hearing(*, due_on: str, opened_at: str, ended_at: str | None, **said: object) -> Hearing:
    return Hearing(
        due_on=date.fromisoformat(due_on),
        opened_at=_moment(opened_at),
        ended_at=_moment(ended_at) if ended_at else None,
        **said,  # type: ignore[arg-type]  # as the database has them
    )


def _controls(lines: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """The controls of these journal lines, the newest first, each with what came after it."""
    found: list[Asked] = []
    papers: list[Papers] = []
    for line in lines:
        said = line["data"]
        if line["event"] == CONTROL_SELECTED:
            due_on = date.fromisoformat(line["moved_to"] or said["due_on"])
            found.append(Asked(said["reason"], due_on, _moment(line["at"]), line["by"], papers))
            papers = []
        else:
            came_on, how = date.fromisoformat(said["came_on"]), CameBy(said["came_by"]).label
            papers.append(Papers(line["of"], how, came_on, said["reason"], line["by"]))
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
