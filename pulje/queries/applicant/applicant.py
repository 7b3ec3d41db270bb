"""What an applicant sees of the own cases; nothing of what others think before the decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Q

from pulje.enums import AssessmentState, ClaimState, PaymentState
from pulje.models import (
    Appeal,
    Applicant,
    Application,
    Attachment,
    ChangeRequest,
    Criterion,
    Decision,
    InformationRequest,
    Invitation,
    Membership,
    PartyHearing,
    Payment,
    RepaymentClaim,
    Score,
    User,
)
from pulje.models.application import ApplicationQuerySet
from pulje.queries.clock import CONTROLLABLE
from pulje.queries.grant.control import Control, control_of
from pulje.queries.talk import Line, talk_of
from pulje.states import OPEN, CaseState

S = CaseState
ANSWERABLE = frozenset(
    {S.RETURNED, S.IN_HEARING, S.APPROVED, S.REPORT_RETURNED, S.PAID, S.IN_RECOVERY}
)
ONGOING = OPEN | {S.DRAFT}
# money is out: what we asked to see of it, until the case is closed
CONTROLLED = frozenset({*CONTROLLABLE, S.IN_RECOVERY})
# a claim that was made, or is over
CLAIMED_BACK = frozenset({S.IN_RECOVERY, S.REPORTED, S.CLOSED})
BEFORE_DECISION = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED, S.WITHDRAWN})


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
    talk: list[Line]
    attachments: list[Attachment]
    request: InformationRequest | None
    hearing: PartyHearing | None
    decision: Decision | None
    scores: list[CriterionScore]
    payments: list[Payment]
    claim: RepaymentClaim | None
    change: ChangeRequest | None
    appeal: Appeal | None
    control: Control | None


def my_cases(user: User) -> ApplicationQuerySet:
    """The cases the person may follow, with what every page of theirs shows."""
    return Application.objects.of_person(user).select_related(
        "pool", "applicant", "version", "round", "caseworker"
    )


def waits_for_applicant(today: date) -> Q:
    """What cannot go on without the applicant; a report also when the project is over."""
    over = Q(state=S.ACCEPTED, ends_on__lt=today)
    return Q(state__in=sorted(ANSWERABLE)) | over


def looked_up(cases: ApplicationQuerySet, words: str) -> ApplicationQuerySet:
    """The cases whose title, number, pool or applicant holds the words."""
    return cases.filter(
        Q(title__icontains=words)
        | Q(number__icontains=words)
        | Q(pool__name__icontains=words)
        | Q(applicant__name__icontains=words)
    )


def my_applicants(user: User) -> list[Applicant]:
    """Everybody the person may write applications for."""
    return list(
        Applicant.objects.filter(memberships__user=user, memberships__ended_on=None).order_by(
            "name", "pk"
        )
    )


def my_case(user: User, pk: int) -> Application | None:
    """The case when the person belongs to its applicant, else None."""
    return my_cases(user).filter(pk=pk).first()


def left_case(user: User, pk: int) -> Application | None:
    """The case when the person could follow it once, but no longer has a place at its applicant."""
    case = Application.objects.filter(pk=pk).select_related("applicant").first()
    if case is None:
        return None
    places = Membership.objects.filter(user=user, applicant=case.applicant_id)
    is_left = places.exists() and not places.active().exists()
    followed = (
        places.filter(confirmed_at__isnull=False).exists()
        or case.created_by_id == user.pk
        or Invitation.objects.filter(accepted_by=user, application=case).exists()
    )
    return case if is_left and followed else None


def case_file(application: Application, *, may_see_decision: bool) -> CaseFile:
    """The case with all that the party may see now; the number of queries does not grow.

    ``may_see_decision``: the applicant has been told, and has opened it (workflow/told.py).
    """
    decision = _decision(application) if may_see_decision else None
    return CaseFile(
        application=application,
        talk=talk_of(application, newest=50),
        attachments=list(application.attachments.order_by("-uploaded_at", "-pk")),
        request=open_request(application),
        hearing=_open_hearing(application),
        decision=decision,
        scores=_scores(application) if decision else [],
        payments=_payments(application) if decision else [],
        claim=_claim(application),
        change=application.change_requests.order_by("pk").last() if decision else None,
        appeal=_appeal(application),
        control=control_of(application) if application.state in CONTROLLED else None,
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
        application.decisions.select_related("meeting__committee", "acceptance__answered_by")
        .filter(is_current=True)
        .order_by("pk")
        .last()
    )


def _payments(application: Application) -> list[Payment]:
    return list(
        application.payments.exclude(state=PaymentState.CANCELLED).order_by("due_on", "number")
    )


def _claim(application: Application) -> RepaymentClaim | None:
    """What must be paid back, or was: the newest claim that is more than proposed."""
    if application.state not in CLAIMED_BACK:
        return None
    made = application.claims.exclude(state=ClaimState.PROPOSED)
    return made.order_by("pk").last()


def _appeal(application: Application) -> Appeal | None:
    """The newest complaint; none before the first decision."""
    if application.state in BEFORE_DECISION:
        return None
    return Appeal.objects.filter(decision__application=application).order_by("pk").last()


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
        words=list(dict.fromkeys(score.words for score in scores if score.words)),
    )


def followers(application: Application) -> list[User]:
    """The people who may follow the case as applicant and can still log in, in a fixed order."""
    seats = Membership.objects.active().filter(applicant=application.applicant_id)
    invited = Invitation.objects.filter(application=application).values("accepted_by")
    own = Q(user=application.created_by_id) | Q(user__in=invited)
    places = seats.filter(Q(confirmed_at__isnull=False) | own, user__is_active=True)
    return [place.user for place in places.select_related("user").order_by("user_id")]
