"""The applicant's own list: what waits for them first, then every case in one line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import ClaimState, SignatureKind
from pulje.models import Application, BudgetLine, Membership, RepaymentClaim, Signature, User
from pulje.models.application import ApplicationQuerySet
from pulje.queries.applicant.applicant import (
    CONTROLLED,
    ONGOING,
    looked_up,
    my_cases,
    waits_for_applicant,
)
from pulje.queries.applicant.membership import boards_to_confirm
from pulje.queries.grant.control import controls_of
from pulje.states import CaseState
from workflow.told import Telling, shown_state, telling, with_telling, with_told_at

S = CaseState
PER_PAGE = 20
LONG_LIST = 10  # shorter ones need no search
MOST_TASKS = 50  # nobody looks through more at once
WAITS_FOR_REPORT = frozenset({S.PAID, S.REPORT_RETURNED})


@dataclass(frozen=True)
class Task:
    """One thing only the applicant can do, with the page where it is done."""

    what: str
    about: str
    due_on: date | None
    url: str
    button: str
    came_on: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One case as its applicant may see it now; ``state`` is the one that is told."""

    case: Application
    state: CaseState
    is_unopened: bool
    misses_report: bool
    step: int
    is_claimed_back: bool = False

    @property
    def is_ongoing(self) -> bool:
        return self.state in ONGOING

    @property
    def may_copy(self) -> bool:
        """What is not yet answered is no beginning for the next one."""
        return self.case.submitted_at is not None and not (self.is_ongoing or self.is_unopened)


@dataclass(frozen=True)
class Mine:
    """The page: tasks, then one page of rows under their two headings."""

    tasks: list[Task]
    page: Page[Application]
    rows: list[Row]
    words: str

    @property
    def ongoing(self) -> list[Row]:
        return [row for row in self.rows if row.is_ongoing or row.is_unopened]

    @property
    def answered(self) -> list[Row]:
        return [row for row in self.rows if not row.is_ongoing and not row.is_unopened]

    @property
    def is_empty(self) -> bool:
        return not self.page.paginator.count and not self.words and not self.tasks

    @property
    def has_search(self) -> bool:
        return bool(self.words) or self.page.paginator.count > LONG_LIST


def mine_of(user: User, *, words: str = "", page: str | None = None) -> Mine:
    """The person's page; the number of queries does not grow with the cases."""
    today = timezone.localdate()
    cases = with_telling(my_cases(user))
    found = Paginator(_in_order(looked_up(cases, words) if words else cases), PER_PAGE)
    shown = found.get_page(page)
    return Mine(
        tasks=[*_tasks(cases, today), *_controls(user), *_to_sign(user), *_boards(user, today)],
        page=shown,
        rows=[_row(case, today) for case in shown],
        words=words,
    )


def _in_order(cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """What is going on before what has got an answer, the newest first."""
    answered = Case(
        When(state__in=sorted(ONGOING), then=Value(0)),
        When(is_held=True, then=Value(0)),
        When(is_opened=False, state__in=[S.APPROVED, S.REJECTED], then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    lines = BudgetLine.objects.filter(application=OuterRef("pk"))
    light = cases.defer("learning", "answers")
    settled = RepaymentClaim.objects.filter(application=OuterRef("pk"), state=ClaimState.SETTLED)
    marked = light.annotate(answered=answered, has_lines=Exists(lines), has_claim=Exists(settled))
    return marked.order_by("answered", "-created_at", "-pk")


def _row(case: Application, today: date) -> Row:
    told = telling(case)
    state = shown_state(case)
    return Row(
        case=case,
        state=state,
        is_unopened=told == Telling.UNOPENED,
        misses_report=_misses_report(case, state, today),
        step=step_reached(case) if state == S.DRAFT else 0,
        is_claimed_back=getattr(case, "has_claim", False),
    )


def _misses_report(case: Application, state: CaseState, today: date) -> bool:
    is_over = case.ends_on is not None and case.ends_on < today
    return state == S.PAID or (state == S.ACCEPTED and is_over)


def step_reached(case: Application) -> int:
    """The first of a draft's five steps that lacks something; a look, not the whole check."""
    if not (case.contact_name and case.contact_email):
        return 1
    if not (case.title and case.summary and case.description and case.starts_on and case.ends_on):
        return 2
    if not (case.requested_kr and getattr(case, "has_lines", True)):
        return 3
    return 5


def _to_sign(user: User) -> list[Task]:
    """Drafts that another has signed and that wait for this person's name too."""
    signed = Signature.objects.filter(
        application=OuterRef("pk"), kind=SignatureKind.APPLICATION
    ).order_by()
    signing = Membership.objects.signing().filter(user=user).values("applicant")
    drafts = my_cases(user).filter(
        Exists(signed.exclude(user=user)),
        ~Exists(signed.filter(user=user)),
        state=S.DRAFT,
        applicant__two_must_sign=True,
        applicant__in=signing,
    )
    return [
        Task(
            _("Læs ansøgningen, og skriv under"),
            case.title,
            case.round.closes_at,
            reverse("applicant:draft_review", args=[case.pk]),
            _("Læs den"),
        )
        for case in drafts.order_by("pk")[:MOST_TASKS]
    ]


def _tasks(cases: ApplicationQuerySet, today: date) -> list[Task]:
    """A decision to open first, then the most urgent."""
    waiting = cases.filter(waits_for_applicant(today) | Q(state=S.REJECTED, is_opened=False))
    urgent = with_told_at(waiting).order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_TASKS]
    found = [task for case in urgent if (task := _task(case, today)) is not None]
    return sorted(found, key=lambda task: task.due_on is not None)


def _controls(user: User) -> list[Task]:
    """The vouchers we have asked to see, until some have come or the deadline has passed."""
    cases = my_cases(user).filter(state__in=sorted(CONTROLLED))
    return [
        Task(
            _("Send bilag til stikprøven"),
            found.case.title,
            found.due_on,
            reverse("applicant:case", args=[found.case.pk]) + "#stikproeve",
            _("Send bilag"),
        )
        for found in controls_of(cases)
        if found.waits
    ][:MOST_TASKS]


def _boards(user: User, today: date) -> list[Task]:
    """Once a year: are the right people still there?"""
    return [
        Task(
            _("Er I stadig den rigtige bestyrelse?"),
            applicant.name,
            None,
            reverse("applicant:account", args=[applicant.pk]),
            _("Se listen"),
        )
        for applicant in boards_to_confirm(user, today)
    ]


def _task(case: Application, today: date) -> Task | None:
    told, state = telling(case), shown_state(case)
    if told == Telling.HELD:
        return None
    one, here = case.applicant.is_one_person, reverse("applicant:case", args=[case.pk])
    if told == Telling.UNOPENED:
        came_on = getattr(case, "told_at", None)
        return Task(_("Der er en afgørelse"), case.title, None, here, _("Se sagen"), came_on)
    if state in WAITS_FOR_REPORT or _misses_report(case, state, today):
        what = _("Ret rapporten") if state == S.REPORT_RETURNED else _("Fortæl, hvordan det gik")
        report = reverse("applicant:report", args=[case.pk])
        return Task(what, case.title, case.due_on, report, _("Skriv rapport"))
    asked = {
        S.RETURNED: (_("Send det, vi mangler"), _("Svar nu")),
        S.IN_HEARING: (
            _("Skriv, hvad du mener") if one else _("Skriv, hvad I mener"),
            _("Svar nu"),
        ),
        S.APPROVED: (_("Sig ja eller nej til tilskuddet"), _("Se tilskuddet")),
        S.IN_RECOVERY: (_("Der skal betales penge tilbage"), _("Se sagen")),
    }
    if state not in asked:
        return None
    what, button = asked[state]
    return Task(what, case.title, case.due_on, here, button)
