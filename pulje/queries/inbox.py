"""The inbox and the list of all cases: one folder, filters and an order, read by index."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pulje.enums import AssessmentState, ChangeState, Role
from pulje.models import Application, Assessment, Meeting, Pool, User
from pulje.models.application import ApplicationQuerySet
from pulje.states import TODO, WAITING, CaseState

MINE, REVIEWS, DECISIONS = "mine", "vurder", "afgoer"
TEAM, UNASSIGNED, OTHERS = "team", "ledige", "venter"
CHANGES = "aendringer"
FOLDERS = {
    MINE: "Mine",
    REVIEWS: "Mine vurderinger",
    DECISIONS: "Afgør selv",
    TEAM: "Hele teamet",
    UNASSIGNED: "Uden sagsbehandler",
    CHANGES: "Ønsker om ændring",
    OTHERS: "Venter på andre",
}
ORDERS = {
    "frist": ("due_on", "pk"),
    "alder": ("submitted_at", "pk"),
    "beloeb": ("-requested_kr", "pk"),
    "nyeste": ("-submitted_at", "-pk"),
}
S = CaseState
TASKS: dict[CaseState, str] = {
    S.SUBMITTED: "Gennemgå ansøgningen",
    S.IN_REVIEW: "Følg vurderingen",
    S.REVIEWED: "Skriv indstilling",
    S.REPORT_SUBMITTED: "Gennemgå rapporten",
    S.RETURNED: "Venter på oplysninger",
    S.IN_HEARING: "Venter på høringssvar",
    S.RECOMMENDED: "Venter på afgørelse",
    S.APPROVED: "Venter på ja eller nej",
    S.ACCEPTED: "Udbetal",
    S.PAID: "Venter på rapport",
    S.REPORT_RETURNED: "Venter på ny rapport",
    S.REPORTED: "Afslut eller udbetal resten",
    S.IN_RECOVERY: "Følg tilbagebetalingen",
}


@dataclass(frozen=True)
class Filters:
    """What the address of a list says; empty means all."""

    folder: str = ""
    search: str = ""
    pool: int | None = None
    state: str = ""
    order: str = "frist"


def folder_counts(user: User) -> dict[str, int]:
    """How many cases each of this person's folders holds, in the order shown."""
    todo = dict(
        Application.objects.filter(state__in=sorted(TODO))
        .values_list("caseworker")
        .annotate(Count("pk"))
        .order_by("caseworker")
    )
    counts = {MINE: todo.get(user.pk, 0), REVIEWS: _reviews_of(user).count()}
    if user.has_role(Role.LEADER):
        counts[DECISIONS] = _folder(DECISIONS, user).count()
    counts |= {TEAM: sum(todo.values()), UNASSIGNED: todo.get(None, 0)}
    if changes := _folder(CHANGES, user).count():
        counts[CHANGES] = changes
    return counts | {OTHERS: _folder(OTHERS, user).count()}


def first_folder(counts: dict[str, int]) -> str:
    """Where the inbox opens: the first folder of one's own that holds something."""
    return next((name for name in (MINE, REVIEWS, DECISIONS) if counts.get(name)), MINE)


def inbox(user: User, filters: Filters) -> ApplicationQuerySet:
    """The cases of one folder, late first unless another order is asked for."""
    return _shown(_folder(filters.folder, user), filters)


def all_cases(filters: Filters) -> ApplicationQuerySet:
    """Every submitted case, and drafts of nobody."""
    return _shown(Application.objects.submitted(), filters)


def pools_to_choose() -> list[Pool]:
    """The pools of the filter, newest year first."""
    return list(Pool.objects.order_by("-year", "name"))


def next_meeting(now: datetime) -> Meeting | None:
    """The next meeting of any committee, or None."""
    meetings = Meeting.objects.filter(held_at__gte=now).select_related("committee")
    return meetings.order_by("held_at", "pk").first()


def next_due(user: User) -> date | None:
    """The first deadline of what this person waits for, to show in an empty inbox."""
    waiting = _folder(OTHERS, user).filter(due_on__gte=timezone.localdate())
    return waiting.order_by("due_on", "pk").values_list("due_on", flat=True).first()


def _folder(name: str, user: User) -> ApplicationQuerySet:
    cases = Application.objects.all()
    if name == REVIEWS:
        return cases.filter(pk__in=_reviews_of(user).values("application"))
    if name == DECISIONS:
        return cases.filter(
            state=CaseState.RECOMMENDED,
            recommendations__is_current=True,
            recommendations__is_delegated=True,
        )
    if name == CHANGES:
        return cases.filter(change_requests__state=ChangeState.REQUESTED)
    if name == OTHERS:
        waiting = cases.filter(state__in=sorted(WAITING))
        return waiting.filter(caseworker=user) if user.has_role(Role.CASE_WORKER) else waiting
    todo = cases.filter(state__in=sorted(TODO))
    if name == MINE:
        return todo.filter(caseworker=user)
    return todo.filter(caseworker=None) if name == UNASSIGNED else todo


def _reviews_of(user: User) -> QuerySet[Assessment]:
    mine = Assessment.objects.filter(reviewer=user, state=AssessmentState.OPEN)
    return mine.filter(application__state=CaseState.IN_REVIEW)


def _shown(cases: ApplicationQuerySet, filters: Filters) -> ApplicationQuerySet:
    if filters.pool:
        cases = cases.filter(pool=filters.pool)
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.search:
        cases = cases.filter(
            Q(number__istartswith=filters.search)
            | Q(title__icontains=filters.search)
            | Q(applicant__name__icontains=filters.search)
        )
    related = cases.select_related("pool", "applicant", "caseworker")
    light = related.defer("description", "learning")
    return light.order_by(*ORDERS[filters.order])
