"""What an applicant sees of the own cases; nothing of what others think before the decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from pulje.enums import AssessmentState, ClaimState, PaymentState
from pulje.models import (
    Applicant,
    Application,
    Attachment,
    Criterion,
    Decision,
    InformationRequest,
    Message,
    PartyHearing,
    Payment,
    RepaymentClaim,
    Report,
    ReportLine,
    Score,
    User,
)
from pulje.states import ENDED, OPEN, STATES, CaseState

S = CaseState
ANSWERABLE = frozenset({S.RETURNED, S.IN_HEARING, S.APPROVED, S.REPORT_RETURNED, S.PAID})
DECIDED_FROM = 3  # the milestone "Afgørelse"


@dataclass(frozen=True)
class MyCases:
    """The own cases: what waits for the applicant, what is going on, what has got an answer."""

    waiting: list[Application]
    ongoing: list[Application]
    answered: list[Application]

    @property
    def is_empty(self) -> bool:
        return not self.ongoing and not self.answered


@dataclass(frozen=True)
class CriterionScore:
    """What the reviewers gave on one criterion: the mean of their points, and their words."""

    criterion: Criterion
    points: Decimal
    words: list[str]


@dataclass(frozen=True)
class CaseFile:
    """Everything on the applicant's page of one case."""

    application: Application
    messages: list[Message]
    attachments: list[Attachment]
    request: InformationRequest | None
    hearing: PartyHearing | None
    decision: Decision | None
    scores: list[CriterionScore]
    payments: list[Payment]
    claim: RepaymentClaim | None


def my_cases(user: User, today: date) -> MyCases:
    """The cases of everybody the person belongs to, newest first; one query."""
    cases = list(
        Application.objects.of_person(user)
        .select_related("pool", "applicant", "round")
        .order_by("-created_at", "-pk")
    )
    ongoing = [case for case in cases if case.state == S.DRAFT or case.state in OPEN]
    return MyCases(
        waiting=sorted((c for c in cases if waits(c, today)), key=lambda c: c.due_on or date.max),
        ongoing=ongoing,
        answered=[case for case in cases if case not in ongoing],
    )


def waits(application: Application, today: date) -> bool:
    """True when the case cannot go on without the applicant."""
    if application.state == S.ACCEPTED:
        return application.ends_on is not None and application.ends_on < today
    return application.state in ANSWERABLE


def my_applicants(user: User) -> list[Applicant]:
    """Everybody the person may write applications for."""
    return list(
        Applicant.objects.filter(memberships__user=user, memberships__ended_on=None).order_by(
            "name", "pk"
        )
    )


def my_case(user: User, pk: int) -> Application | None:
    """The case when the person belongs to its applicant, else None."""
    return (
        Application.objects.of_person(user)
        .select_related("pool", "applicant", "version", "round", "caseworker")
        .filter(pk=pk)
        .first()
    )


def case_file(application: Application) -> CaseFile:
    """The case with all that the party may see now; the number of queries does not grow."""
    is_decided = STATES[CaseState(application.state)].milestone >= DECIDED_FROM
    may_see_decision = is_decided or application.state in ENDED
    return CaseFile(
        application=application,
        messages=list(
            application.messages.select_related("sender").order_by("-sent_at", "-pk")[:50]
        ),
        attachments=list(application.attachments.order_by("-uploaded_at", "-pk")),
        request=open_request(application),
        hearing=_open_hearing(application),
        decision=_decision(application) if may_see_decision else None,
        scores=_scores(application) if may_see_decision else [],
        payments=_payments(application) if may_see_decision else [],
        claim=_claim(application),
    )


def open_request(application: Application) -> InformationRequest | None:
    """What we wait for the applicant to answer; None when the case stands elsewhere."""
    if application.state != S.RETURNED:
        return None
    return application.information_requests.filter(answered_at=None).order_by("pk").last()


def _open_hearing(application: Application) -> PartyHearing | None:
    if application.state != S.IN_HEARING:
        return None
    return application.hearings.filter(ended_at=None).order_by("pk").last()


def _decision(application: Application) -> Decision | None:
    return (
        application.decisions.select_related("meeting__committee")
        .filter(is_current=True)
        .order_by("pk")
        .last()
    )


def _payments(application: Application) -> list[Payment]:
    return list(
        application.payments.exclude(state=PaymentState.CANCELLED).order_by("due_on", "number")
    )


def _claim(application: Application) -> RepaymentClaim | None:
    if application.state != S.IN_RECOVERY:
        return None
    return application.claims.filter(state=ClaimState.CLAIMED).order_by("pk").last()


def _scores(application: Application) -> list[CriterionScore]:
    scores = (
        Score.objects.filter(
            assessment__application=application, assessment__state=AssessmentState.DONE
        )
        .select_related("criterion")
        .order_by("criterion__position", "criterion_id", "assessment_id")
    )
    groups = groupby(scores, key=lambda score: score.criterion)
    return [_mean(criterion, list(given)) for criterion, given in groups]


def _mean(criterion: Criterion, given: Iterable[Score]) -> CriterionScore:
    scores = list(given)
    points = Decimal(sum(score.points for score in scores)) / len(scores)
    return CriterionScore(
        criterion=criterion,
        points=points.quantize(Decimal("0.1")) if points % 1 else points.quantize(Decimal(1)),
        words=[score.words for score in scores if score.words],
    )


@dataclass(frozen=True)
class ReportDraft:
    """The report so far, and the rows of its accounts: the saved ones, else the budget's."""

    report: Report | None
    lines: list[ReportLine]


def report_draft(application: Application) -> ReportDraft:
    """What the report form begins with; the accounts' rows keep their order."""
    report = Report.objects.filter(application=application).first()
    lines = list(report.lines.order_by("position")) if report else []
    if not lines:
        lines = [
            ReportLine(kind=line.kind, text=line.text, budget_kr=line.amount_kr)
            for line in application.budget_lines.order_by("position")
        ]
    return ReportDraft(report, lines)
