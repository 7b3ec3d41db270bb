"""All that an agenda or its minutes is written from; as many queries for 500 cases as for one.

What is read here is the whole; masking.py says what of it everybody may read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, F, Prefetch, Q, QuerySet, Sum

from pulje.enums import (
    AssessmentState,
    FundingStatus,
    LedgerKind,
    LineKind,
    MeetingState,
)
from pulje.models import (
    AgendaItem,
    AgendaPoint,
    Application,
    BudgetLine,
    Criterion,
    Decision,
    FrameRaise,
    ItemRuling,
    LedgerEntry,
    Meeting,
    PoolVersion,
    Recommendation,
    Score,
)
from pulje.queries.meeting.attendance import Attendance, attendance_of
from pulje.queries.meeting.attendance_told import secretaries_of
from pulje.queries.meeting.reported import unreported
from pulje.rules.budget import remaining
from pulje.states import CaseState

ZERO = Decimal("0.00")
FIRST = 2  # announcements and orientation stand before the pools
EARLIER = 3  # grants told of in an annex


@dataclass(frozen=True)
class CaseMaterial:
    """One case; ``points`` are (criterion, mean of those who gave); money in kr."""

    item: AgendaItem
    points: Sequence[tuple[str, Decimal]] = ()
    expense_kr: Decimal = ZERO
    income_kr: Decimal = ZERO
    earlier: Sequence[Application] = ()

    @property
    def case(self) -> Application:
        return self.item.application

    @property
    def number(self) -> str:
        return str(self.item.position)

    @property
    def requested_kr(self) -> Decimal:
        return self.case.requested_kr or ZERO

    @property
    def proposed_kr(self) -> Decimal:
        return self.item.amount_kr or ZERO

    @property
    def proposal(self) -> Recommendation | None:
        return next(iter(self.case.recommendations.all()), None)

    @property
    def rulings(self) -> Sequence[ItemRuling]:
        """The newest first."""
        return list(self.item.rulings.all())

    @property
    def ruling(self) -> ItemRuling | None:
        return next((row for row in self.rulings if row.is_current), None)


@dataclass(frozen=True)
class PointMaterial:
    """One pool at the meeting, kr. before it and at it; ``withdrawn`` is of its cases' rounds."""

    point: AgendaPoint
    number: str
    cases: Sequence[CaseMaterial]
    criteria: Sequence[Criterion]
    frame_kr: Decimal
    before_kr: Decimal
    raises: Sequence[FrameRaise]
    withdrawn: int
    asked: int

    @property
    def versions(self) -> list[PoolVersion]:
        """The rules the cases are judged by, the newest first."""
        found = {one.case.version_id: one.case.version for one in self.cases}
        return sorted(found.values(), key=lambda version: -version.number)

    @property
    def ids(self) -> list[int]:
        return [one.case.pk for one in self.cases]

    @property
    def items(self) -> list[AgendaItem]:
        return [one.item for one in self.cases]

    @property
    def requested_kr(self) -> Decimal:
        return sum((one.requested_kr for one in self.cases), ZERO)

    @property
    def proposed_kr(self) -> Decimal:
        return sum((one.proposed_kr for one in self.cases), ZERO)

    @property
    def granted(self) -> list[Decimal]:
        """Each amount the meeting granted."""
        amounts = (one.ruling.amount_kr if one.ruling else None for one in self.cases)
        return [amount_kr for amount_kr in amounts if amount_kr]

    @property
    def raised_kr(self) -> Decimal:
        return sum((row.amount_kr for row in self.raises), ZERO)

    @property
    def left_kr(self) -> Decimal:
        """After what the meeting came to."""
        return self.before_kr + self.raised_kr - sum(self.granted, ZERO)


@dataclass(frozen=True)
class Material:
    """A meeting as it stands ``at``, a held one as it stood when it was closed.

    ``told`` is what was decided since the last, ``headings`` are the committee's own.
    """

    meeting: Meeting
    at: datetime
    points: Sequence[PointMaterial]
    attendance: Attendance
    secretaries: Sequence[str]
    told: Sequence[Decision]
    headings: Sequence[tuple[str, str]] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.meeting.state == MeetingState.CLOSED


def material_of(meeting: Meeting, at: datetime) -> Material:
    """The meeting as it stands, or stood before it was held: the ledger is read up to its close."""
    points = list(meeting.points.select_related("pool").order_by("position"))
    items = list(_items(meeting))
    attendance = attendance_of(meeting, items)
    cases = [item.application for item in items]
    scores, sums, earlier = _points(cases), _sums(cases), _earlier(cases)
    made = [
        CaseMaterial(
            item,
            scores.get(item.application_id, []),
            *sums.get(item.application_id, (ZERO, ZERO)),
            earlier.get(item.application_id, []),
        )
        for item in items
    ]
    return Material(
        meeting=meeting,
        at=(meeting.closed_at or at) if meeting.state == MeetingState.CLOSED else at,
        points=_point_materials(meeting, points, made),
        attendance=attendance,
        secretaries=secretaries_of(attendance),
        told=list(_told(meeting, at)),
        headings=list(meeting.committee.headings.values_list("section", "title")),
    )


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    proposed = Recommendation.objects.filter(is_current=True)
    if meeting.state == MeetingState.CLOSED and meeting.closed_at:  # a case may be sent back since
        proposed = Recommendation.objects.filter(recommended_at__lte=meeting.closed_at)
    proposals = proposed.prefetch_related("grounds__criterion").order_by("-pk")
    rulings = ItemRuling.objects.select_related("alternative").order_by("-pk")
    rows = meeting.items.select_related(
        "application__applicant", "application__pool", "application__version", "application__round"
    )
    return rows.prefetch_related(
        Prefetch("application__recommendations", proposals),
        Prefetch("rulings", rulings),
        "alternatives",
        "application__partners",
        "application__applicant__members",
    ).order_by("position")


def _points(cases: Sequence[Application]) -> dict[int, list[tuple[str, Decimal]]]:
    """The mean on each criterion, in the criteria's order."""
    rows = Score.objects.filter(
        assessment__application__in=cases, assessment__state=AssessmentState.DONE
    )
    told: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    of_case = F("assessment__application")
    grouped = rows.values("criterion", case=of_case, name=F("criterion__name"))
    for row in grouped.annotate(mean=Avg("points")).order_by("case", "criterion__position"):
        told[row["case"]].append((row["name"], Decimal(row["mean"])))
    return told


def _sums(cases: Sequence[Application]) -> dict[int, tuple[Decimal, Decimal]]:
    """What each costs and what others pay; money that is refused pays nothing."""
    is_expense = Q(kind=LineKind.EXPENSE)
    rows = BudgetLine.objects.filter(application__in=cases).values("application")
    rows = rows.annotate(
        expense=Sum("amount_kr", filter=is_expense),
        income=Sum("amount_kr", filter=~is_expense & ~Q(funding_status=FundingStatus.REFUSED)),
    )
    return {
        row["application"]: (row["expense"] or ZERO, row["income"] or ZERO)
        for row in rows.order_by("application")
    }


def _earlier(cases: Sequence[Application]) -> dict[int, list[Application]]:
    """What the same applicants were granted before, newest first."""
    granted = Application.objects.filter(
        applicant__in={case.applicant_id for case in cases}, granted_kr__gt=0
    ).select_related("pool")
    by_applicant: dict[int, list[Application]] = defaultdict(list)
    for one in granted.order_by(F("submitted_at").desc(nulls_last=True), "-pk"):
        by_applicant[one.applicant_id].append(one)
    return {
        case.pk: [one for one in by_applicant[case.applicant_id] if one != case][:EARLIER]
        for case in cases
    }


def _point_materials(
    meeting: Meeting, points: Sequence[AgendaPoint], cases: Sequence[CaseMaterial]
) -> list[PointMaterial]:
    money, process = _money(meeting, points), _process(cases)
    rounds = {one.case.round_id: one.case.pool_id for one in cases}
    criteria = _criteria(cases)
    raises = list(
        FrameRaise.objects.filter(meeting=meeting, withdrawn_at=None)
        .select_related("source")
        .order_by("recorded_at", "pk")
    )
    made = []
    for point in points:
        mine = [one for one in cases if one.case.pool_id == point.pool_id]
        newest = max((one.case.version.number for one in mine), default=0)
        frame_kr, before_kr = money[point.pool_id]
        made.append(
            PointMaterial(
                point=point,
                number=str(point.position + FIRST),
                cases=mine,
                criteria=[
                    row
                    for row in criteria
                    if row.version.pool_id == point.pool_id and row.version.number == newest
                ],
                frame_kr=frame_kr,
                before_kr=before_kr,
                raises=[row for row in raises if row.pool_id == point.pool_id],
                withdrawn=sum(
                    process.withdrawn.get(pk, 0)
                    for pk, pool in rounds.items()
                    if pool == point.pool_id
                ),
                asked=len(process.asked & {one.case.pk for one in mine}),
            )
        )
    return made


@dataclass(frozen=True)
class Process:
    """Withdrawn cases by round (only rounds with an end), and the cases asked for more."""

    withdrawn: Mapping[int, int]
    asked: frozenset[int]


def _process(cases: Sequence[CaseMaterial]) -> Process:
    rounds = {one.case.round_id for one in cases if one.case.round.closes_at}
    gone: dict[int, int] = defaultdict(int)
    left = Application.objects.submitted().filter(round__in=rounds, state=CaseState.WITHDRAWN)
    for pk in left.values_list("round_id", flat=True):
        gone[pk] += 1
    asked = Application.objects.filter(
        pk__in=[one.case.pk for one in cases], information_requests__isnull=False
    )
    return Process(gone, frozenset(asked.values_list("pk", flat=True)))


def _criteria(cases: Sequence[CaseMaterial]) -> list[Criterion]:
    versions = {one.case.version_id for one in cases}
    rows = Criterion.objects.filter(version__in=versions).select_related("version")
    return list(rows.order_by("version", "position"))


def _money(meeting: Meeting, points: Sequence[AgendaPoint]) -> dict[int, tuple[Decimal, Decimal]]:
    """kr. of each pool before the meeting: its frame and what was left of it.

    A held meeting's papers say what was left before it was closed, whenever they are written.
    """
    pools = [point.pool_id for point in points]
    lines = LedgerEntry.objects.filter(pool__in=pools)
    if meeting.state == MeetingState.CLOSED and meeting.closed_at:
        lines = lines.filter(at__lt=meeting.closed_at)
    entries: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    summed = lines.values_list("pool", "kind").annotate(Sum("amount_kr"))
    for pool, kind, amount_kr in summed.order_by("pool", "kind"):
        entries[pool].append((kind, amount_kr))
    rules = PoolVersion.objects.filter(pool__in=pools).order_by("number")
    returns = dict(rules.values_list("pool", "recover_returns_to_frame"))
    return {
        pool: (
            sum((kr for kind, kr in entries[pool] if kind == LedgerKind.FRAME), ZERO),
            remaining(entries[pool], recover_returns=returns.get(pool, False)),
        )
        for pool in pools
    }


def _told(meeting: Meeting, at: datetime) -> Iterable[Decision]:
    """What is told at this meeting; while its agenda is not locked, what would be told now."""
    rows = Decision.objects.filter(reported_to=meeting)
    if meeting.state == MeetingState.PLANNED:
        rows = rows | Decision.objects.filter(pk__in=unreported(meeting, at).values("pk"))
    related = rows.select_related("application__applicant", "application__pool")
    people = ("application__applicant__members", "application__partners")
    return related.prefetch_related(*people).order_by("decided_at", "pk")
