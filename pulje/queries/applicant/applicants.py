"""Who applies, as the house sees them: the list, one with its cases, and what may be doubles.

``queries/applicant/applicant.py`` is what an applicant sees of its own.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from pulje.enums import ApplicantKind
from pulje.models import Applicant, Application, Membership, User
from pulje.models.application import ApplicationQuerySet
from pulje.permissions import hidden_from
from pulje.queries.search import applicants as found_applicants
from pulje.states import CaseState

S = CaseState
ORDERS: Mapping[str, tuple[str | OrderBy, ...]] = {
    "navn": ("name", "pk"),
    "-navn": ("-name", "-pk"),
    "by": ("town", "name", "pk"),
    "-by": ("-town", "name", "pk"),
    "sager": ("-case_count", "name", "pk"),
    "-sager": ("case_count", "name", "pk"),
    "bevilget": ("-granted", "name", "pk"),
    "-bevilget": ("granted", "name", "pk"),
}
SUMMED = frozenset({"sager", "-sager", "bevilget", "-bevilget"})
REPORT_OWED = (S.PAID, S.REPORT_RETURNED)
NEARLY_THE_SAME = "0.6"  # of the groups of three letters in two names
MOST_DOUBLES = 10


@dataclass(frozen=True)
class Filters:
    """What the address of the list says."""

    search: str = ""
    kind: str = ""
    order: str = "navn"

    @property
    def query(self) -> str:
        said = {"q": self.search, "type": self.kind}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Double:
    """Somebody who may be the same, and why one may think so."""

    applicant: Applicant
    reason: str


@dataclass(frozen=True)
class Year:
    """What an applicant asked for and was granted of the pools of a year."""

    year: int
    cases: int
    requested_kr: Decimal
    granted_kr: Decimal


def read_filters(said: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what makes no sense in it is left out."""
    kind, order = said.get("type", ""), said.get("orden", "")
    return Filters(
        search=said.get("q", "").replace("\x00", "").strip()[:100],
        kind=kind if kind in ApplicantKind.values else "",
        order=order if order in ORDERS else "navn",
    )


def listed(filters: Filters) -> QuerySet[Applicant]:
    """The applicants in the order asked for; those merged into another are not shown."""
    people = found_applicants(filters.search) if filters.search else Applicant.objects.all()
    people = people.filter(merged_into=None)
    if filters.kind:
        people = people.filter(kind=filters.kind)
    if filters.order in SUMMED:
        people = _with_sums(people)
    return people.order_by(*ORDERS[filters.order])


def _with_sums(people: QuerySet[Applicant]) -> QuerySet[Applicant]:
    submitted = Q(applications__submitted_at__isnull=False)
    return people.annotate(
        case_count=Count("applications", filter=submitted),
        granted=Coalesce(Sum("applications__granted_kr"), Decimal(0)),
    )


def with_numbers(people: Sequence[Applicant], user: User) -> list[tuple[Applicant, int, Decimal]]:
    """Each with how many cases it has sent and what it has been granted, of a page.

    What was granted in cases ``user`` is shut out of is left out.
    """
    cases = Application.objects.submitted().filter(applicant__in=people)
    seen = ~Q(pk__in=hidden_from(user, cases))
    rows = cases.values("applicant").annotate(
        n=Count("pk"), kr=Coalesce(Sum("granted_kr", filter=seen), Decimal(0))
    )
    sums = {row["applicant"]: (row["n"], row["kr"]) for row in rows.order_by("applicant")}
    return [(one, *sums.get(one.pk, (0, Decimal(0)))) for one in people]


def cases_of(applicant: Applicant) -> ApplicationQuerySet:
    """All that was sent in, the newest first."""
    cases = applicant.applications.submitted().select_related("pool", "caseworker")
    return cases.defer("description", "learning", "answers").order_by("-submitted_at", "-pk")


def years_of(applicant: Applicant, *, hidden: Set[int] = frozenset()) -> list[Year]:
    """What was asked for and granted year by year, the newest first: one query.

    What was granted in the ``hidden`` cases is left out.
    """
    cases = applicant.applications.submitted().values("pool__year")
    rows = cases.annotate(
        n=Count("pk"),
        asked=Coalesce(Sum("requested_kr"), Decimal(0)),
        kr=Coalesce(Sum("granted_kr", filter=~Q(pk__in=hidden)), Decimal(0)),
    )
    return [
        Year(row["pool__year"], row["n"], row["asked"], row["kr"])
        for row in rows.order_by("-pool__year")
    ]


def reports_owed(applicant: Applicant) -> list[Application]:
    """The cases in which we wait for a report, the first deadline first."""
    cases = applicant.applications.filter(state__in=REPORT_OWED).select_related("pool")
    return list(cases.order_by("due_on", "pk")[:MOST_DOUBLES])


def seats_of(applicant: Applicant) -> list[Membership]:
    """Who is with the applicant, and who was."""
    seats = applicant.memberships.select_related("user")
    return list(seats.order_by(F("ended_on").desc(nulls_first=True), "started_on", "pk"))


def doubles_of(applicant: Applicant) -> list[Double]:
    """Others of the same sort with the same e-mail or nearly the same name; three queries.

    A CVR number cannot be there twice (a constraint), so it is none of the reasons.
    """
    others = Applicant.objects.filter(merged_into=None).exclude(pk=applicant.pk)
    is_person = applicant.kind == ApplicantKind.INDIVIDUAL
    person = Q(kind=ApplicantKind.INDIVIDUAL)
    others = others.filter(person if is_person else ~person)
    if applicant.cvr:  # two numbers are two applicants
        others = others.filter(cvr="")
    found = [Double(one, "Nærved samme navn") for one in _named_nearly(others, applicant.name)]
    if applicant.email:
        named = {double.applicant.pk for double in found}
        same = others.filter(email__iexact=applicant.email).order_by("name", "pk")[:MOST_DOUBLES]
        found += [Double(one, "Samme e-mail") for one in same if one.pk not in named]
    return found


def _named_nearly(others: QuerySet[Applicant], name: str) -> list[Applicant]:
    with connection.cursor() as cursor:  # the operator's limit is a setting, the same everywhere
        cursor.execute(
            "select set_config('pg_trgm.similarity_threshold', %s, false)", [NEARLY_THE_SAME]
        )
    near = others.filter(name__trigram_similar=name)
    return list(near.order_by(TrigramSimilarity("name", name).desc(), "pk")[:MOST_DOUBLES])


def what_moves(applicant: Applicant) -> dict[str, int]:
    """How many cases, people and waiting invitations go along when it is merged: one query."""
    here = {"applicant": OuterRef("pk")}
    counts = {
        "cases": Application.objects.filter(**here),
        "people": Membership.objects.active().filter(**here),
        "invitations": applicant.invitations.model.objects.waiting().filter(**here),
    }
    counted = [
        Coalesce(
            Subquery(rows.order_by().values("applicant").annotate(n=Count("pk")).values("n")),
            0,
            output_field=IntegerField(),
        )
        for rows in counts.values()
    ]
    row = Applicant.objects.filter(pk=applicant.pk).values_list(*counted).get()
    return dict(zip(counts, row, strict=True))
