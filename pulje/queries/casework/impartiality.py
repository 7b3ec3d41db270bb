"""Who has told of a tie to a case, and what has been said about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from pulje.enums import AssessmentState, Role
from pulje.models import (
    Application,
    Assessment,
    ImpartialityStatement,
    Membership,
    Pool,
    Tie,
    User,
)
from pulje.permissions import PARTIES, shut_out, touching, unresolved_ties
from pulje.queries.casework.colleagues import colleagues

ROW = JSONObject(**{name: name for name in ("name", "cvr", "relation", "since", "until")})

STATEMENT = JSONObject(tie="tie", reason="reason", name="user__name")


def told_by(user: User) -> dict[str, ArraySubquery]:
    """Columns for a query on Application: the person's ties of today, and whom they may touch.

    No ties come along to a case about which the person has said that they are not disqualified.
    ``statement_rows`` are all such statements, for everybody on the case to see.
    """
    statements = ImpartialityStatement.objects.filter(application=OuterRef("pk")).order_by("pk")
    said = ImpartialityStatement.objects.filter(application=OuterRef(OuterRef("pk")), user=user)
    ties = Tie.objects.valid_on(timezone.localdate()).filter(~Exists(said), user=user)
    return PARTIES | {
        "tie_rows": ArraySubquery(ties.order_by("pk").values(said=ROW)),
        "statement_rows": ArraySubquery(statements.values(said=STATEMENT)),
    }


def touching_ties(case: Any) -> tuple[str, ...]:
    """The ties among ``told_by`` that touch the case, in words; no query."""
    if not case.tie_rows:
        return ()
    return tuple(in_words(tie) for tie in touching(_ties(case.tie_rows), case))


def _ties(rows: Iterable[dict[str, Any]]) -> list[Tie]:
    return [Tie(**row | _days(row)) for row in rows]


def _days(row: dict[str, Any]) -> dict[str, date | None]:
    days = {name: row[name] for name in ("since", "until")}
    return {name: date.fromisoformat(day) if day else None for name, day in days.items()}


def unresolved_tie(user: User, case: Application) -> tuple[Tie, ...]:
    """The ties of one person that touch one case and that nothing has been said about."""
    return unresolved_ties([user], [case]).get((user.pk, case.pk), ())


def in_words(tie: Tie) -> str:
    """Such as "Holte Kor: kasserer siden 2021"."""
    since = f" siden {tie.since.year}" if tie.since else ""
    return f"{tie.name}: {tie.relation}{since}"


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may be asked to assess a case; ``load`` is how many they have not given yet."""

    pk: int
    name: str
    load: int
    is_standing: bool


def reviewers_for(case: Application) -> list[Reviewer]:
    """Who may assess the case, by name; the pool's standing reviewers are marked.

    Left out are the disqualified, and whoever has yet to say what a tie to the case means. One
    query for a case from ``find_case``, else two.
    """
    person = {"user": OuterRef("pk")}
    said = ImpartialityStatement.objects.filter(application=case, user=OuterRef("user"))
    ties = Tie.objects.valid_on(timezone.localdate()).filter(~Exists(said), **person)
    seats = Membership.objects.active().filter(applicant=case.applicant_id, **person)
    standing = Pool.objects.filter(pk=case.pool_id, standing_reviewers=OuterRef("pk"))
    waiting = Assessment.objects.filter(reviewer=OuterRef("pk"), state=AssessmentState.OPEN)
    people = User.objects.filter(is_active=True, roles__contains=[Role.CASE_WORKER])
    people = people.exclude(conflicts__application=case).exclude(Exists(seats))
    found = people.order_by("name", "pk").values_list(
        "pk",
        "name",
        Coalesce(Subquery(waiting.order_by().values("reviewer").values(n=Count("pk"))), Value(0)),
        Exists(standing),
        ArraySubquery(ties.order_by("pk").values(said=ROW)),
    )
    parties = case if hasattr(case, "member_names") else None
    free = []
    for pk, name, load, is_standing, rows in found:
        if rows:
            parties = parties or Application.objects.annotate(**PARTIES).get(pk=case.pk)
        if not (rows and touching(_ties(rows), parties)):
            free.append(Reviewer(pk, name, load, is_standing))
    return free


def takers(case: Application, person: User) -> QuerySet[User]:
    """Who may take over from somebody disqualified: the other case workers that are free."""
    people = colleagues(timezone.localdate()).exclude(pk=person.pk)
    out = {user for user, _case in shut_out(list(people), [case])}
    return people.exclude(pk__in=out)


def has_open_assessment(case: Application, person: User) -> bool:
    """True when the person is to assess the case and has not done it."""
    mine = Assessment.objects.filter(application=case, state=AssessmentState.OPEN)
    return mine.filter(reviewer=person).exists()


def register(user: User | None, *, words: str = "", sort: str = "person") -> QuerySet[Tie]:
    """The register: one person's, or (None) everybody's that has all the words in it."""
    ties = Tie.objects.select_related("user")
    ties = ties if user is None else ties.filter(user=user)
    for word in words.split():
        ties = ties.filter(
            Q(name__icontains=word)
            | Q(relation__icontains=word)
            | Q(user__name__icontains=word)
            | Q(cvr__startswith=word)
        )
    return ties.order_by(*SORTS.get(sort, SORTS["person"]))


SORTS: dict[str, Sequence[Any]] = {
    "person": ("user__name", "name", "pk"),
    "forening": ("name", "user__name", "pk"),
    "fra": (F("since").desc(nulls_last=True), "pk"),
    "til": (F("until").asc(nulls_last=True), "pk"),
}
