"""The inbox and the list of all cases: one folder, filters and an order, read by index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Func, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.expressions import OrderBy
from django.utils import timezone

from pulje.enums import Role
from pulje.models import (
    Application,
    Meeting,
    Pool,
    User,
)
from pulje.models.application import ApplicationQuerySet
from pulje.queries.casework.colleagues import colleagues
from pulje.queries.casework.folders import (
    APPEALS,
    ASKED,
    DECISIONS,
    FOLDERS,
    MINE,
    RARE,
    REVIEWS,
    absent_today,
    cases_in,
    reviews_of,
    waiting_of,
)
from pulje.queries.search import found, nearly_found
from pulje.states import CaseState

URGENT_DAYS = 7
NOBODY = "ingen"
MOST_STEPS = 1_000  # how far down a list "the next case" is known
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "frist": ("due_on", "pk"),
    "-frist": (F("due_on").desc(nulls_last=True), "-pk"),
    "sag": ("title", "pk"),
    "-sag": ("-title", "-pk"),
    "beloeb": (F("requested_kr").desc(nulls_last=True), "pk"),
    "-beloeb": ("requested_kr", "-pk"),
    "alder": ("submitted_at", "pk"),
    "nyeste": ("-submitted_at", "-pk"),
}
# where somebody waits for an answer, the deadline is the answer's
ANSWER_ORDERS: dict[str, tuple[str, ...]] = {
    "frist": ("answer_on", "pk"),
    "-frist": ("-answer_on", "-pk"),
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
    """What the address of a list says; empty means all. Without a folder it is all cases.

    ``worker`` is a person's key, or NOBODY.
    """

    folder: str = ""
    search: str = ""
    pool: int | None = None
    state: str = ""
    worker: str = ""
    is_urgent: bool = False
    order: str = "frist"

    @property
    def query(self) -> str:
        """The filters as the end of an address, the same for the same list."""
        said = {
            "vis": self.folder,
            "q": self.search,
            "pulje": self.pool or "",
            "status": self.state,
            "sagsbehandler": self.worker,
            "haster": "1" if self.is_urgent else "",
            "orden": self.order if self.order != _default_order(self.folder) else "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def folder_query(self) -> str:
        """The address of the whole folder, or of all cases."""
        return f"?{Filters(self.folder).query}"

    @property
    def is_narrowed(self) -> bool:
        """True when something of the folder may be left out."""
        return bool(self.search or self.pool or self.state or self.worker or self.is_urgent)


@dataclass(frozen=True)
class Found:
    """A list: how many cases, how many of them urgent, kr. in all, and whether it only is near."""

    cases: ApplicationQuerySet
    count: int = 0
    urgent: int = 0
    asked_kr: Decimal | None = None
    is_near: bool = False


@dataclass(frozen=True)
class Steps:
    """Where a case stands in a list; 0 when it is not there, e.g. because it has been done."""

    number: int
    total: int
    previous: int | None
    next: int | None

    @property
    def is_cut(self) -> bool:
        """True when the list is longer than was looked at."""
        return self.total == MOST_STEPS


def read_filters(said: Mapping[str, str], folder: str | None = None) -> Filters:
    """The filters an address asks for; what makes no sense in it is left out.

    ``folder`` stands in for the one that is said.
    """
    folder = said.get("vis", "") if folder is None else folder
    folder = folder if folder in FOLDERS else ""
    pool, worker, order = (said.get(name, "") for name in ("pulje", "sagsbehandler", "orden"))
    state = said.get("status", "")
    return Filters(
        folder=folder,
        search=said.get("q", "").replace("\x00", "").strip()[:100],
        pool=int(pool) if _is_key(pool) else None,
        state=state if state in CaseState.values else "",
        worker=worker if worker == NOBODY or _is_key(worker) else "",
        is_urgent=said.get("haster", "") == "1",
        order=order if order in ORDERS else _default_order(folder),
    )


def _default_order(folder: str) -> str:
    return "frist" if folder else "nyeste"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


# --- folders ---


def folder_counts(user: User) -> dict[str, int]:
    """How many cases each of this person's folders holds, in the order shown: one query."""
    names = [name for name in FOLDERS if name != DECISIONS or user.has_role(Role.LEADER)]
    counts = [_count_of(cases_in(name, user)) for name in names]
    row = User.objects.filter(pk=user.pk).values_list(*counts).get()
    found = dict(zip(names, row, strict=True))
    return {name: count for name, count in found.items() if count or name not in RARE}


def _count_of(cases: ApplicationQuerySet) -> Subquery:
    counted = cases.order_by().annotate(all=Func(F("pk"), function="COUNT")).values("all")
    return Subquery(counted)


def first_folder(counts: Mapping[str, int]) -> str:
    """Where the inbox opens: the first folder of one's own that holds something."""
    return next((name for name in (MINE, REVIEWS, DECISIONS) if counts.get(name)), MINE)


def listed(user: User, filters: Filters) -> ApplicationQuerySet:
    """The cases of a list in its order: of a folder, or every submitted case."""
    cases, _is_near = _searched(user, filters)
    return _ordered(cases, filters)


def found_in(user: User, filters: Filters) -> Found:
    """The list with its counts; when no case has the words, those that look like them."""
    cases, is_near = _searched(user, filters)
    numbers = _numbers(cases, timezone.localdate())
    related = _marked(cases, user, filters).select_related("pool", "applicant", "caseworker")
    light = related.defer("description", "learning", "answers", "summary")
    return Found(_ordered(light, filters), **numbers, is_near=is_near)


def _ordered(cases: ApplicationQuerySet, filters: Filters) -> ApplicationQuerySet:
    order = ORDERS[filters.order]
    if filters.folder in (APPEALS, ASKED) and filters.order in ANSWER_ORDERS:
        order = ANSWER_ORDERS[filters.order]
    return cases.order_by(*order)


def neighbours(user: User, filters: Filters, case: Application) -> Steps:
    """Where the case stands in the list one came from, and those beside them."""
    keys = list(listed(user, filters).values_list("pk", flat=True)[:MOST_STEPS])
    if case.pk not in keys:
        return Steps(0, len(keys), None, keys[0] if keys else None)
    at = keys.index(case.pk)
    before = keys[at - 1] if at else None
    after = keys[at + 1] if at + 1 < len(keys) else None
    return Steps(at + 1, len(keys), before, after)


def _narrowed(user: User, filters: Filters) -> ApplicationQuerySet:
    cases = Application.objects.submitted()
    if filters.folder:
        cases = cases_in(filters.folder, user)
    if filters.pool:
        cases = cases.filter(pool=filters.pool)
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.worker:
        cases = cases.filter(caseworker=None if filters.worker == NOBODY else int(filters.worker))
    if filters.is_urgent:
        cases = cases.filter(_is_urgent(timezone.localdate()))
    return cases


def _searched(user: User, filters: Filters) -> tuple[ApplicationQuerySet, bool]:
    """The cases, and whether they only look like what was searched for."""
    narrowed = _narrowed(user, filters)
    if not filters.search:
        return narrowed, False
    exact = found(narrowed, filters.search)
    return (exact, False) if exact.exists() else (nearly_found(narrowed, filters.search), True)


def _is_urgent(today: date) -> Q:
    return Q(due_on__lte=today + timedelta(days=URGENT_DAYS))


def _numbers(cases: ApplicationQuerySet, today: date) -> dict[str, Any]:
    return cases.order_by().aggregate(
        count=Count("pk"),
        urgent=Count("pk", filter=_is_urgent(today)),
        asked_kr=Sum("requested_kr"),
    )


def _marked(cases: ApplicationQuerySet, user: User, filters: Filters) -> ApplicationQuerySet:
    """With whose task it is, where that may be somebody who is away."""
    if filters.folder == MINE:
        return cases.annotate(task_of=F("caseworker"))
    if filters.folder == REVIEWS:
        own_first = Case(When(reviewer=user.pk, then=Value(0)), default=Value(1))
        open_ones = reviews_of(user).filter(application=OuterRef("pk"))
        reviewer = open_ones.order_by(own_first, "pk").values("reviewer")[:1]
        return cases.annotate(task_of=Subquery(reviewer))
    return cases


# --- what stands around the list ---


def colleagues_today(today: date) -> list[User]:
    """The case workers, with ``away_until`` and ``substitute_id`` of those who are away."""
    away = absent_today(today).filter(user=OuterRef("pk")).order_by("-until_on", "pk")
    return list(colleagues(today).annotate(substitute_id=Subquery(away.values("substitute")[:1])))


def absent_for(user: User, people: Sequence[User]) -> dict[int, str]:
    """The names of those whose tasks the person has while they are away, by their keys."""
    return {one.pk: one.name for one in people if getattr(one, "substitute_id", 0) == user.pk}


def pools_to_choose() -> list[Pool]:
    """The pools of the filter, newest year first."""
    return list(Pool.objects.order_by("-year", "name"))


def next_meeting(now: datetime) -> Meeting | None:
    """The next meeting of any committee, or None."""
    meetings = Meeting.objects.filter(held_at__gte=now).select_related("committee")
    return meetings.order_by("held_at", "pk").first()


def next_due(user: User) -> date | None:
    """The first deadline of what this person waits for, to show in an empty inbox."""
    waiting = waiting_of(user).filter(due_on__gte=timezone.localdate())
    return waiting.order_by("due_on", "pk").values_list("due_on", flat=True).first()
