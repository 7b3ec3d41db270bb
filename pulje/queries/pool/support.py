"""What the money made possible: sums of a year, and words from reports that may be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from pulje.enums import ApplicantKind, LedgerKind, ReportState
from pulje.models import Applicant, Application, LedgerEntry, Report
from pulje.queries.pool.public import PublicPool


@dataclass(frozen=True)
class Support:
    """A year's pools with the money granted from each, most first, and what came of it.

    ``volunteers`` and ``participants`` are what the reports approved that year tell.
    """

    year: int
    pools: tuple[tuple[str, Decimal], ...]
    ideas: int
    volunteers: int
    participants: int

    @property
    def granted_kr(self) -> Decimal:
        return sum((kr for _name, kr in self.pools), Decimal(0))


@dataclass(frozen=True)
class Voice:
    """A supported project in its own words; ``who`` is empty where the name is a person's."""

    case: Application
    kind: ApplicantKind
    who: str
    words: str


def support_years(pools: Iterable[PublicPool]) -> list[int]:
    """The years something was granted in, newest first; no query."""
    return sorted({shown.pool.year for shown in pools if shown.granted_kr > 0}, reverse=True)


def support_in(pools: Iterable[PublicPool], year: int) -> Support:
    """What the year's pools supported: two queries, whatever the number of cases."""
    chosen = [shown for shown in pools if shown.pool.year == year]
    money = [(shown.pool.name, shown.granted_kr) for shown in chosen if shown.granted_kr > 0]
    zone = timezone.get_default_timezone()
    first, after = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    reports = _public_reports().filter(approved_at__gte=first, approved_at__lt=after)
    told = reports.aggregate(people=Sum("volunteers"), guests=Sum("participants"))
    return Support(
        year=year,
        pools=tuple(sorted(money, key=lambda row: (-row[1], row[0]))),
        ideas=_ideas(chosen),
        volunteers=told["people"] or 0,
        participants=told["guests"] or 0,
    )


def voices(most: int, *, year: int | None = None, code: str = "") -> list[Voice]:
    """The newest approved reports that both applicant and report allow to be shown: two queries."""
    reports = _public_reports(year).filter(
        application__may_publish=True,
        application__granted_kr__gt=0,
        application__pool__is_public=True,
    )
    if code:
        reports = reports.filter(application__pool__code=code)
    reports = reports.select_related("application__applicant", "application__pool")
    newest = reports.prefetch_related("application__applicant__members")
    return [_voice(report) for report in newest.order_by("-approved_at", "-pk")[:most]]


def _public_reports(year: int | None = None) -> QuerySet[Report]:
    """Approved, and with the consent of those who wrote it; of the pools of a year, or of all."""
    reports = Report.objects.filter(
        state=ReportState.APPROVED, may_publish=True, application__pool__is_test=False
    )
    return reports if year is None else reports.filter(application__pool__year=year)


def _ideas(pools: Iterable[PublicPool]) -> int:
    """How many cases still have money of these pools: granted, and not all of it given back."""
    signed = Case(When(kind=LedgerKind.COMMIT, then=F("amount_kr")), default=-F("amount_kr"))
    rows = LedgerEntry.objects.filter(
        pool__in=[shown.pool.pk for shown in pools],
        kind__in=[LedgerKind.COMMIT, LedgerKind.RELEASE],
    )
    cases = rows.values("application").annotate(net_kr=Sum(signed)).filter(net_kr__gt=0)
    return cases.order_by().count()


def _voice(report: Report) -> Voice:
    case = report.application
    applicant = case.applicant
    return Voice(
        case=case,
        kind=ApplicantKind(applicant.kind),
        who="" if is_personal(applicant) else applicant.name,
        words=report.story or report.learned,
    )


def is_personal(applicant: Applicant) -> bool:
    """A person, or a network that goes by the name of one of its own."""
    if applicant.kind == ApplicantKind.INDIVIDUAL:
        return True
    if applicant.kind != ApplicantKind.INFORMAL_GROUP:
        return False
    name = applicant.name.casefold()
    return any(user.name and user.name.casefold() in name for user in applicant.members.all())
