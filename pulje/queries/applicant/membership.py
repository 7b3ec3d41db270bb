"""What an applicant's members see of it, whom to ask about the board, and how rights are proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from pulje.enums import ApplicantKind, RightProof
from pulje.models import (
    Applicant,
    Application,
    GuardianConsent,
    Invitation,
    Membership,
    Partner,
    User,
)
from pulje.rules.deadlines import add_months

HAS_BOARD = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)
MONTHS_BETWEEN = 12
LOOKS_BACK = timedelta(days=14)  # so long may the clock stand still, and nobody is forgotten


@dataclass(frozen=True)
class Account:
    """An applicant as one of its members sees it.

    A member whose place is only claimed sees their own place, invitations and cases.
    """

    applicant: Applicant
    own: Membership
    seats: list[Membership]
    invitations: list[Invitation]
    cases: QuerySet[Application]
    is_identified: bool

    @property
    def may_manage(self) -> bool:
        return self.own.may_decide and self.is_identified

    @property
    def others(self) -> list[Membership]:
        return [seat for seat in self.seats if seat.pk != self.own.pk]


def my_seats(user: User) -> list[Membership]:
    """The person's places with their applicants; ``people`` is how many are there: one query."""
    seats = Membership.objects.active().filter(user=user).select_related("applicant")
    active = Q(applicant__memberships__ended_on=None)
    counted = seats.annotate(people=Count("applicant__memberships", filter=active))
    return list(counted.order_by("applicant__name", "pk"))


def account(user: User, pk: int) -> Account | None:
    """The applicant when the person has a place there, else None; six queries.

    One that has been merged into another leads to it.
    """
    kept = Applicant.objects.filter(pk=pk).values(kept=Coalesce("merged_into", "pk"))
    own = (
        Membership.objects.active()
        .filter(user=user, applicant__in=kept)
        .select_related("applicant", "user", "confirmed_by")
        .first()
    )
    if own is None:
        return None
    seats, invitations = [own], own.applicant.invitations.waiting().select_related("invited_by")
    if own.confirmed_at is None:
        invitations = invitations.filter(invited_by=user)
    else:
        active = own.applicant.memberships.active().select_related("user", "confirmed_by")
        seats = list(active.order_by("started_on", "pk"))
    cases = Application.objects.of_person(user).filter(applicant=own.applicant_id)
    return Account(
        applicant=own.applicant,
        own=own,
        seats=seats,
        invitations=list(invitations.order_by("pk")),
        cases=cases.order_by("-created_at", "-pk"),
        is_identified=user.identities.exists(),
    )


@dataclass(frozen=True)
class Company:
    """Who writes along in a draft: its applicant's people, or those of the draft only."""

    own: Membership | None
    seats: list[Membership]
    waiting: list[Invitation]


def company_of(user: User, application: Application) -> Company:
    """The people of a draft as one of them may see them; two queries.

    Whose place is only claimed sees those who write in the draft, not the applicant's others.
    """
    applicant = application.applicant_id
    seats = Membership.objects.active().filter(applicant=applicant).select_related("user")
    known = list(seats.order_by("started_on", "pk"))
    own = next((seat for seat in known if seat.user_id == user.pk), None)
    asked = Invitation.objects.filter(applicant=applicant, revoked_at=None).order_by("pk")
    of_draft = [one for one in asked if one.application_id == application.pk]
    if own is None or own.confirmed_at is None:
        writers = {one.accepted_by_id for one in of_draft} | {user.pk, application.created_by_id}
        known = [seat for seat in known if seat.user_id in writers]
    return Company(own, known, [one for one in of_draft if one.accepted_at is None])


def boards_to_confirm(user: User, today: date) -> list[Applicant]:
    """The applicants whose board the person is asked to confirm now; one query."""
    mine = Membership.objects.deciding().filter(user=user)
    late = Applicant.objects.filter(board_confirmed_on__lte=a_year_before(today))
    asked = late.filter(kind__in=HAS_BOARD, pk__in=mine.values("applicant"))
    return list(asked.order_by("name", "pk"))


def boards_due(today: date) -> list[Membership]:
    """Whom to ask about the board today: who may sign where a year has just passed.

    Looks at the days of the last two weeks only, so the work follows what is due; that nobody is
    asked twice is the mail's own (one per person and confirmation).
    """
    year_ago = a_year_before(today)
    seats = Membership.objects.deciding().filter(
        applicant__board_confirmed_on__range=(year_ago - LOOKS_BACK, year_ago),
        applicant__kind__in=HAS_BOARD,
        user__is_active=True,
    )
    return list(seats.select_related("applicant", "user").order_by("applicant", "pk"))


def a_year_before(today: date) -> date:
    """A board confirmed on that day or before is asked again today."""
    return add_months(today, -MONTHS_BETWEEN)


def confirmed_signers(applicant: Applicant) -> list[User]:
    """Who can confirm somebody else's place."""
    seats = applicant.memberships.deciding().select_related("user")
    return [seat.user for seat in seats.order_by("pk") if seat.user.is_active]


@dataclass(frozen=True)
class Right:
    """How far it is proved that whoever sent the case may act for its applicant.

    ``seat``: pk, name, proof, confirmed_by, file, may_sign, ended_on; None without a place.
    ``partners`` and ``guardian`` are what others have answered.
    """

    seat: Mapping[str, Any] | None
    partners: list[dict[str, Any]]
    guardian: Mapping[str, Any] | None

    @property
    def is_proved(self) -> bool:
        return self.seat is not None and self.seat["proof"] != RightProof.NONE

    @property
    def proof(self) -> str:
        return str(RightProof(self.seat["proof"]).label) if self.seat else ""


SEAT = JSONObject(
    pk="pk",
    name="user__name",
    proof="proof",
    confirmed_by="confirmed_by__name",
    file="proof_name",
    may_sign="may_sign",
    ended_on="ended_on",
)
PARTNER = JSONObject(
    pk="pk",
    name="name",
    contribution="contribution",
    is_municipal="is_municipal",
    leader_email="leader_email",
    asked_at="asked_at",
    answered_at="answered_at",
    is_confirmed="is_confirmed",
    remark="remark",
)
GUARDIAN = JSONObject(name="name", answered_at="answered_at", is_given="is_given")
_HERE = {"application": OuterRef("pk")}
# what a query on Application must bring along for ``Right``: the place of whoever sent the case,
# the partners and the guardian
RIGHT = {
    "seat": Subquery(
        Membership.objects.filter(applicant=OuterRef("applicant"), user=OuterRef("submitted_by"))
        .order_by(F("ended_on").desc(nulls_first=True), "-pk")
        .values(said=SEAT)[:1]
    ),
    "partners": ArraySubquery(
        Partner.objects.filter(**_HERE).order_by("position").values(said=PARTNER)
    ),
    "guardian": Subquery(
        GuardianConsent.objects.filter(**_HERE).order_by("pk").values(said=GUARDIAN)[:1]
    ),
}
