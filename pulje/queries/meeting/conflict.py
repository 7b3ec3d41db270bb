"""A meeting's cases on one line each, to say in which of them one is disqualified."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from pulje.models import (
    AgendaItem,
    ConflictOfInterest,
    ImpartialityStatement,
    Meeting,
    Tie,
    User,
)
from pulje.permissions import disqualified, unresolved_ties
from pulje.queries.meeting.attendance import open_questions


@dataclass(frozen=True)
class ConflictRow:
    """One case: what the register says, and what is said of this person already.

    ``is_own``: declared by the person, who may ask to take it back.
    """

    item: AgendaItem
    ties: Sequence[Tie]
    is_out: bool
    is_asked: bool
    is_own: bool

    @property
    def matches(self) -> list[str]:
        """Such as "Du er registreret som kasserer i Holte Kor siden 2021."."""
        return [_registered(tie) for tie in self.ties]


def conflict_rows(meeting: Meeting, user: User) -> list[ConflictRow]:
    """Every case of the meeting as it touches one person: six queries, eight with ties."""
    related = meeting.items.select_related("application__applicant", "application__pool")
    items = list(related.order_by("position"))
    cases = [item.application for item in items]
    out, ties = disqualified([user], cases), unresolved_ties([user], cases)
    asked = {one.application_id for one in open_questions(meeting) if one.person_id == user.pk}
    told = ConflictOfInterest.objects.filter(user=user, declared_by=user, application__in=cases)
    own = set(told.values_list("application_id", flat=True))
    return [
        ConflictRow(
            item=item,
            ties=ties.get((user.pk, item.application_id), ()),
            is_out=(user.pk, item.application_id) in out,
            is_asked=item.application_id in asked,
            is_own=item.application_id in own,
        )
        for item in items
    ]


def statements(meeting: Meeting) -> list[dict[str, Any]]:
    """What members with a tie to a case have said: that it does not disqualify them. One query."""
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day)
    said = ImpartialityStatement.objects.filter(
        application__agenda_items__meeting=meeting, user__in=seats.values("user")
    )
    left = said.exclude(user__conflicts__application=F("application"))
    number = F("application__agenda_items__position")
    rows = left.order_by("application__agenda_items__position", "pk").values(
        *("application_id", "user_id", "tie", "reason"),
        number=number,
        name=F("user__name"),
        applicant=F("application__applicant__name"),
    )
    return list(rows)


def _registered(tie: Tie) -> str:
    where = f" i {tie.name}" if tie.cvr else f", {tie.name}"
    since = f" siden {tie.since.year}" if tie.since else ""
    return f"Du er registreret som {tie.relation}{where}{since}."
