"""What every import shares: rows already taken in, applicants, files of applications."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from pulje.actions.application.application import register_many, version_in_force
from pulje.actions.ledger import ZERO
from pulje.enums import ApplicantKind
from pulje.models import Applicant, Application, ImportedRow, JournalEntry, Round, User

BATCH = 2000


@dataclass(frozen=True)
class PastGrant:
    """One row of a register, clean. kr. of None is not known; ``identity`` is its lasting name."""

    identity: str
    applicant_key: str  # rows with the same key have the same applicant
    applicant_kind: ApplicantKind
    applicant_name: str
    cvr: str
    street: str
    postcode: str
    town: str
    email: str
    title: str
    description: str
    scheme: str
    applied_kr: Decimal | None
    awarded_kr: Decimal | None
    received_on: date | None
    decided_on: date | None
    starts_on: date | None
    ends_on: date | None
    year: int | None

    @property
    def grant_year(self) -> int | None:
        """The year the grant belongs to; None when the row does not say."""
        day = self.decided_on or self.received_on or self.starts_on
        return self.year or (day.year if day else None)

    @property
    def known_day(self) -> date | None:
        """The day of the decision, or the last day of a year that is all we know."""
        return self.decided_on or (date(self.grant_year, 12, 31) if self.grant_year else None)


@dataclass(frozen=True)
class Sums:
    """What the database holds of a source: cases, kr. applied for, kr. granted."""

    cases: int
    applied_kr: Decimal
    awarded_kr: Decimal


def lock_source(source: str) -> None:
    """Let one import of a source run at a time; the second waits and then finds the rows there."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"import:{source}"])


def already_there(source: str, identities: Iterable[str]) -> set[str]:
    """Which of the rows an earlier import has taken in: one query."""
    rows = ImportedRow.objects.filter(source=source, identity__in=list(identities))
    return set(rows.order_by("pk").values_list("identity", flat=True))


def sums_of(source: str) -> Sums:
    """The control totals as the database has them."""
    found = ImportedRow.objects.filter(source=source).aggregate(
        cases=Count("pk"),
        applied=Sum("application__requested_kr"),
        awarded=Sum("application__granted_kr"),
    )
    return Sums(found["cases"], found["applied"] or ZERO, found["awarded"] or ZERO)


@transaction.atomic
def register_submitted(
    grants: Sequence[PastGrant],
    *,
    source: str,
    round: Round,
    known: dict[str, Applicant],
    by: User,
    at: datetime,
) -> list[JournalEntry]:
    """Take in a file as SUBMITTED applications of the round, to be handled like any other.

    Every grant has an applied amount. What was awarded is not written anywhere.
    """
    applicants = applicants_for(grants, known)
    version = version_in_force(round.pool, timezone.localdate(at))
    drafts = [
        past_application(
            grant,
            pool=round.pool,
            round=round,
            version=version,
            applicant=applicants[grant.applicant_key],
            submitted_at=noon(grant.received_on) if grant.received_on else at,
            created_by=by,
        )
        for grant in grants
    ]
    entries = register_many(drafts, by=by, at=at)
    remember([entry.application for entry in entries], grants, source)
    return entries


def applicants_for(
    grants: Sequence[PastGrant], known: dict[str, Applicant]
) -> dict[str, Applicant]:
    """The applicant of every key: known, found by CVR, found by name (never a person), or new.

    ``known`` is filled in and returned.
    """
    wanted = {grant.applicant_key: grant for grant in grants if grant.applicant_key not in known}
    by_cvr = Applicant.objects.filter(cvr__in={g.cvr for g in wanted.values() if g.cvr}).order_by(
        "pk"
    )
    found = {applicant.cvr: applicant for applicant in by_cvr}
    by_name = (
        Applicant.objects.filter(cvr="", name__in={g.applicant_name for g in wanted.values()})
        .exclude(kind=ApplicantKind.INDIVIDUAL)
        .order_by("-pk")
    )
    named = {(applicant.kind, applicant.name): applicant for applicant in by_name}
    new: dict[str, Applicant] = {}
    for key, grant in wanted.items():
        there = (
            found.get(grant.cvr)
            if grant.cvr
            else named.get((grant.applicant_kind, grant.applicant_name))
        )
        if there is not None:
            known[key] = there
        else:
            new[key] = _applicant(grant)
    created = Applicant.objects.bulk_create(new.values(), batch_size=BATCH)
    known.update(zip(new, created, strict=True))
    return known


def _applicant(grant: PastGrant) -> Applicant:
    return Applicant(
        kind=grant.applicant_kind,
        name=grant.applicant_name,
        cvr=grant.cvr,
        street=grant.street,
        postcode=grant.postcode,
        town=grant.town,
        email=grant.email,
    )


def noon(day: date) -> datetime:
    """A day without a time of day, kept on the same day in every time zone near ours."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def past_application(grant: PastGrant, **facts: object) -> Application:
    """An unsaved case with the row's words and the applied amount."""
    return Application(
        title=grant.title,
        summary=grant.scheme,
        description=grant.description,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        requested_kr=grant.applied_kr or None,
        **facts,
    )


def remember(applications: Sequence[Application], grants: Sequence[PastGrant], source: str) -> None:
    """Write down which case each row became, so that no later run imports it again."""
    ImportedRow.objects.bulk_create(
        (
            ImportedRow(source=source, identity=grant.identity, application=application)
            for application, grant in zip(applications, grants, strict=True)
        ),
        batch_size=BATCH,
    )
