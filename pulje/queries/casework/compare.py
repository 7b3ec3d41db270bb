"""A case beside others: earlier support, red flags, like cases, and the same project elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import log, log2
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Avg, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import Abs, Ln

from pulje.enums import AssessmentState
from pulje.models import (
    Applicant,
    Application,
    Decision,
    JournalEntry,
    Membership,
    Partner,
    RepaymentClaim,
    Score,
    User,
)
from pulje.models.application import ApplicationQuerySet
from pulje.permissions import hidden_from
from pulje.rules.scoring import MAX_POINTS
from pulje.states import CaseState, Verb

CONTACT = ("email", "phone", "account_string")
MOST_EARLIER, MOST_ELSEWHERE, MOST_NAMES, MOST_SAID = 30, 10, 10, 3
NEAR, MOST_LIKE = 40, 8
SAME_NAME, SAME_TITLE = 0.6, 0.4  # how alike two texts are, 0-1 (pg_trgm)
WIDEST = Decimal(2)  # a like case asked for between half and twice as much
S = CaseState
REPORTED = (S.REPORTED, S.CLOSED)
OWES_A_REPORT = (S.ACCEPTED, S.PAID, S.REPORT_RETURNED)


@dataclass(frozen=True)
class Earlier:
    """One of the applicant's other cases, and whether its conditions are met."""

    case: Application
    is_overdue: bool
    has_claim: bool
    has_lapsed: bool

    @property
    def is_met(self) -> bool:
        """The report is approved, and all of it has ended well."""
        return self.case.state in REPORTED and bool(self.case.granted_kr)


@dataclass(frozen=True)
class Flag:
    """Something to look at before the case goes on; nothing follows from it by itself."""

    text: str
    case: Application | None = None


@dataclass(frozen=True)
class Like:
    """A decided case much like this one: what it asked, got and scored, and why."""

    decision: Decision
    points: Mapping[str, Decimal]
    distance: float

    @property
    def percent(self) -> int:
        asked = self.decision.application.requested_kr
        return round(self.decision.amount_kr / asked * 100) if asked else 0


@dataclass(frozen=True)
class Comparison:
    """All of the page; every list has its own end."""

    earlier: list[Earlier]
    flags: list[Flag]
    likes: list[Like]
    own_points: Mapping[str, Decimal]
    elsewhere: list[Application]
    left_out: int = 0

    @property
    def granted_kr(self) -> Decimal:
        return sum((row.case.granted_kr or Decimal(0) for row in self.earlier), Decimal(0))

    @property
    def criteria(self) -> list[str]:
        """The criteria the likes are scored on: this case's own, else the nearest case's."""
        nearest = self.likes[0].points if self.likes else {}
        return list(self.own_points or nearest)

    @property
    def rows(self) -> list[tuple[Like, list[Decimal | None]]]:
        """Each like case with its points in the criteria's order."""
        return [(row, [row.points.get(name) for name in self.criteria]) for row in self.likes]

    @property
    def own_row(self) -> list[Decimal | None]:
        return [self.own_points.get(name) for name in self.criteria]

    @property
    def mean_percent(self) -> int:
        """What like cases were granted of all they asked for."""
        asked = sum((row.decision.application.requested_kr or Decimal(0)) for row in self.likes)
        given = sum((row.decision.amount_kr for row in self.likes), Decimal(0))
        return round(given / asked * 100) if asked else 0


def compare(case: Application, today: date) -> Comparison:
    """The case beside others; at most eight queries, whatever there is to find."""
    earlier = _earlier(case, today)
    seats = _seats_elsewhere(case)
    contacts = _same_contact(case)
    partners = _partners_as_applicants(case)
    likes, own_points = _likes(case)
    related = {case.applicant_id, *(seat.applicant_id for seat in seats)}
    related |= {applicant.pk for applicant in partners}
    return Comparison(
        earlier=earlier,
        flags=[*_flags_of_earlier(earlier), *_flags_of_others(case, seats, contacts, partners)],
        likes=likes,
        own_points=own_points,
        elsewhere=_elsewhere(case, related),
    )


def seen_by(user: User, found: Comparison) -> Comparison:
    """Without the cases this person is shut out of; ``left_out`` tells how many."""
    earlier, likes = found.earlier, found.likes
    beside = {row.case.pk: row.case for row in earlier} | {row.pk: row for row in found.elsewhere}
    beside |= {row.decision.application_id: row.decision.application for row in likes}
    out = hidden_from(user, beside.values())
    return replace(
        found,
        earlier=[row for row in earlier if row.case.pk not in out],
        likes=[row for row in likes if row.decision.application_id not in out],
        elsewhere=[row for row in found.elsewhere if row.pk not in out],
        left_out=len(out),
    )


def flag_columns(today: date) -> list[Exists]:
    """One column for each kind of red flag, to be read in a query for applications."""
    others = Application.objects.submitted().filter(applicant=OuterRef("applicant"))
    others = others.exclude(pk=OuterRef("pk"))
    of_others = {
        "application__applicant": OuterRef("applicant"),
        "application__submitted_at__isnull": False,
    }
    contact = {name: OuterRef(f"applicant__{name}") for name in CONTACT}
    applying = _named_as(OuterRef(OuterRef("applicant")), OuterRef("name"))
    applying = applying.filter(_applies_in(OuterRef(OuterRef(OuterRef("pool__year")))))
    return [
        Exists(_overdue(others, today)),
        *(
            Exists(rows.filter(**of_others).exclude(application=OuterRef("pk")))
            for rows in (RepaymentClaim.objects.all(), _lapses())
        ),
        Exists(_boards_of_round()),
        Exists(_with_contact(OuterRef("applicant"), contact)),
        Exists(Partner.objects.filter(Exists(applying), application=OuterRef("pk"))),
    ]


# --- the applicant's own cases ----------------------------------------------------------------


def _earlier(case: Application, today: date) -> list[Earlier]:
    mine = {"application": OuterRef("pk")}
    rows = (
        Application.objects.submitted()
        .filter(applicant=case.applicant_id)
        .exclude(pk=case.pk)
        .select_related("pool")
        .defer("description", "learning", "answers")
        .annotate(
            claimed=Exists(RepaymentClaim.objects.filter(**mine)),
            lapsed=Exists(_lapses().filter(**mine)),
        )
    )
    newest = rows.order_by("-submitted_at", "-pk")[:MOST_EARLIER]
    return [Earlier(row, _is_overdue(row, today), row.claimed, row.lapsed) for row in newest]


def _lapses() -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(event=Verb.LAPSE)


def _overdue(cases: ApplicationQuerySet, today: date) -> ApplicationQuerySet:
    return cases.filter(state__in=OWES_A_REPORT, due_on__lt=today)


def _is_overdue(case: Application, today: date) -> bool:
    return case.state in OWES_A_REPORT and case.due_on is not None and case.due_on < today


def _flags_of_earlier(earlier: Iterable[Earlier]) -> list[Flag]:
    found: dict[str, Flag] = {}
    for row in earlier:
        if row.is_overdue:
            found.setdefault("report", Flag("Mangler en rapport, der skulle være sendt.", row.case))
        if row.has_claim:
            found.setdefault("claim", Flag("Er blevet krævet penge tilbage.", row.case))
        if row.has_lapsed:
            found.setdefault("lapse", Flag("En sag er bortfaldet uden svar.", row.case))
    return list(found.values())


# --- others: people, addresses, partners ------------------------------------------------------


def _applies_in(year: Any) -> Exists:
    """The applicant has sent an application to a pool of the year."""
    return Exists(Application.objects.submitted().filter(applicant=OuterRef("pk"), pool__year=year))


def _seats_elsewhere(case: Application) -> list[Membership]:
    """Where this applicant's people also sit; first where it applies in the same round."""
    people = Membership.objects.active().filter(applicant=case.applicant_id).values("user")
    seats = Membership.objects.active().filter(user__in=people)
    in_round = Application.objects.submitted().filter(
        round=case.round_id, applicant=OuterRef("applicant")
    )
    rows = seats.exclude(applicant=case.applicant_id).select_related("user", "applicant")
    return list(rows.annotate(in_round=Exists(in_round)).order_by("-in_round", "pk")[:MOST_NAMES])


def _boards_of_round() -> QuerySet[Membership]:
    """The same of the case of the query around, as a fact alone."""
    mine, round = OuterRef(OuterRef("applicant")), OuterRef(OuterRef("round"))
    people = Membership.objects.active().filter(applicant=mine).values("user")
    applicants = Application.objects.submitted().filter(round=round).values("applicant")
    seats = Membership.objects.active().filter(user__in=people, applicant__in=applicants)
    return seats.exclude(applicant=OuterRef("applicant"))


def _with_contact(mine: Any, contact: Mapping[str, Any]) -> QuerySet[Applicant]:
    """Other applicants with the same e-mail, phone or account."""
    same = Q()
    for name, value in contact.items():
        same |= Q(**{name: value}) & ~Q(**{name: ""})
    return Applicant.objects.filter(same, merged_into=None).exclude(pk=mine)


def _same_contact(case: Application) -> list[Applicant]:
    contact = {name: getattr(case.applicant, name) for name in CONTACT}
    return list(_with_contact(case.applicant_id, contact).order_by("name", "pk")[:MOST_NAMES])


def _named_as(mine: Any, name: Any) -> QuerySet[Applicant]:
    """Other applicants whose name is nearly that one (index applicant_nearly)."""
    near = Applicant.objects.filter(name__trigram_similar=name, merged_into=None)
    near = near.annotate(likeness=TrigramSimilarity("name", name)).filter(likeness__gte=SAME_NAME)
    return near.exclude(pk=mine)


def _partners_as_applicants(case: Application) -> list[Applicant]:
    """The applicants that this case's partners are; ``applies``: this year too. Two queries."""
    names = list(Partner.objects.filter(application=case).values_list("name", flat=True))
    if not names:
        return []
    found = _named_as(case.applicant_id, names[0])
    for name in names[1:MOST_NAMES]:
        found = found.union(_named_as(case.applicant_id, name))
    pks = [row.pk for row in found]
    applies = _applies_in(case.pool.year)
    return list(Applicant.objects.filter(pk__in=pks).annotate(applies=applies).order_by("name"))


def _flags_of_others(
    case: Application,
    seats: Sequence[Membership],
    contacts: Sequence[Applicant],
    partners: Sequence[Applicant],
) -> list[Flag]:
    flags = []
    if sitting := [seat for seat in seats if getattr(seat, "in_round")]:  # noqa: B009
        who = _listed(f"{seat.user.name} ({seat.applicant.name})" for seat in sitting)
        flags.append(Flag(f"Sidder også hos en anden ansøger i samme runde: {who}."))
    if contacts:
        who = _listed(applicant.name for applicant in contacts)
        flags.append(Flag(f"Har samme {_shared(case.applicant, contacts)} som {who}."))
    if applying := [partner for partner in partners if getattr(partner, "applies")]:  # noqa: B009
        who = _listed(partner.name for partner in applying)
        flags.append(Flag(f"En partner søger selv i {case.pool.year}: {who}."))
    return flags


def _shared(mine: Applicant, others: Iterable[Applicant]) -> str:
    names = {"email": "e-mail", "phone": "telefon", "account_string": "kontostreng"}
    rows = list(others)
    shared = [
        said
        for name, said in names.items()
        if getattr(mine, name) and any(getattr(row, name) == getattr(mine, name) for row in rows)
    ]
    return " og ".join(shared)


def _listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    each = list(dict.fromkeys(names))
    more = len(each) - MOST_SAID
    said = ", ".join(each[:MOST_SAID])
    return (
        f"{said} og {more} mere" if more == 1 else f"{said} og {more} flere" if more > 0 else said
    )


# --- the same project elsewhere ---------------------------------------------------------------


def _elsewhere(case: Application, applicants: Iterable[int]) -> list[Application]:
    """Others of theirs with nearly the same title or in the same weeks, this year and last."""
    alike = Q(likeness__gte=SAME_TITLE)
    if case.starts_on and case.ends_on:
        alike |= Q(starts_on__lte=case.ends_on, ends_on__gte=case.starts_on)
    years = (case.pool.year, case.pool.year - 1)
    rows = Application.objects.submitted().filter(applicant__in=applicants, pool__year__in=years)
    rows = rows.exclude(pk=case.pk).select_related("pool", "applicant")
    found = rows.annotate(likeness=TrigramSimilarity("title", case.title)).filter(alike)
    light = found.defer("description", "learning", "answers")
    return list(light.order_by("-likeness", "-submitted_at", "-pk")[:MOST_ELSEWHERE])


# --- like cases -------------------------------------------------------------------------------


def _likes(case: Application) -> tuple[list[Like], dict[str, Decimal]]:
    """Decided cases of the same pool over the years, the nearest first; and this case's points.

    Near is: scored alike criterion by criterion, and asked for about as much.
    Source: lighedsgrundsætningen (domain.md B): like cases are treated alike.
    """
    if not case.requested_kr:
        return [], {}
    decisions = list(_near(case, case.requested_kr))
    points = _points([case.pk, *(row.application_id for row in decisions)])
    mine = points.get(case.pk, {})
    likes = [
        Like(row, points.get(row.application_id, {}), _distance(case, mine, row, points))
        for row in decisions
    ]
    likes.sort(key=lambda like: (like.distance, -like.decision.pk))
    return likes[:MOST_LIKE], mine


def _near(case: Application, asked_kr: Decimal) -> QuerySet[Decision]:
    """The candidates: those whose amount, and sum of points, is nearest."""
    mine = Q(
        application__pool__code=case.pool.code,
        application__pool__is_test=False,
        application__requested_kr__range=(asked_kr / WIDEST, asked_kr * WIDEST),
    )
    rows = Decision.objects.filter(mine, is_current=True).exclude(application=case.pk)
    amount = Abs(Ln(F("application__requested_kr")) - log(asked_kr))
    far: Expression = amount
    if case.points is not None:
        far = amount + Abs(F("application__points") - case.points) / float(case.points + 1)
    related = rows.select_related("application__pool", "application__applicant")
    return related.defer("application__description", "application__learning").order_by(
        OrderBy(far, nulls_last=True), "-pk"
    )[:NEAR]


def _points(cases: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """The mean of the points per criterion's name, of each case: one query."""
    rows = Score.objects.filter(
        assessment__application__in=cases, assessment__state=AssessmentState.DONE
    ).exclude(assessment__application__assessments__state=AssessmentState.OPEN)
    means = rows.values_list("assessment__application", "criterion__name").annotate(
        Avg("points"), place=Min("criterion__position")
    )
    found: dict[int, dict[str, Decimal]] = {}
    for pk, name, mean, _place in means.order_by("assessment__application", "place"):
        found.setdefault(pk, {})[name] = round(Decimal(mean), 1)
    return found


def _distance(
    case: Application,
    mine: Mapping[str, Decimal],
    decision: Decision,
    points: Mapping[int, Mapping[str, Decimal]],
) -> float:
    """0 is the same; 1 is as far as three points on every criterion, or twice the amount."""
    theirs = points.get(decision.application_id, {})
    shared = [float(abs(mine[name] - theirs[name])) for name in mine if name in theirs]
    asked = decision.application.requested_kr or Decimal(1)
    amount = abs(log2(float(asked) / float(case.requested_kr or 1)))
    apart = sum(shared) / len(shared) / MAX_POINTS if shared else float(bool(mine))
    return apart + amount
