"""The folders of the inbox: what each holds for whom."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from pulje.enums import AppealState, AssessmentState, ChangeState, DecidedBy, Role
from pulje.models import (
    Absence,
    Appeal,
    Application,
    Assessment,
    ConflictOfInterest,
    MemberQuestion,
    Membership,
    User,
)
from pulje.models.application import ApplicationQuerySet
from pulje.states import TODO, WAITING, CaseState

MINE, REVIEWS, DECISIONS = "mine", "vurder", "afgoer"
TEAM, UNASSIGNED, OTHERS = "team", "ledige", "venter"
CHANGES, APPEALS, ASKED = "aendringer", "klager", "udvalg"
FOLDERS = {
    MINE: "Mine",
    REVIEWS: "Mine vurderinger",
    DECISIONS: "Afgør selv",
    TEAM: "Hele teamet",
    UNASSIGNED: "Uden sagsbehandler",
    CHANGES: "Ønsker om ændring",
    ASKED: "Spørgsmål fra udvalget",
    APPEALS: "Klager",
    OTHERS: "Venter på andre",
}
RARE = frozenset({CHANGES, APPEALS, ASKED})  # shown only with something in them


def cases_in(folder: str, user: User) -> ApplicationQuerySet:
    """The cases of one of this person's folders."""
    return FILLED[folder](user)


def _todo(user: User) -> ApplicationQuerySet:
    return Application.objects.filter(state__in=sorted(TODO))


def _mine(user: User) -> ApplicationQuerySet:
    return _todo(user).filter(caseworker__in=_people(user))


def _to_review(user: User) -> ApplicationQuerySet:
    return Application.objects.filter(pk__in=reviews_of(user).values("application"))


def _to_decide(user: User) -> ApplicationQuerySet:
    return Application.objects.filter(
        state=CaseState.RECOMMENDED,
        recommendations__is_current=True,
        recommendations__is_delegated=True,
    )


def _team(user: User) -> ApplicationQuerySet:
    return _impartial(user, _todo(user))


def _impartial(user: User, cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """Without what the person is disqualified in, and so can neither take nor give."""
    seats = Membership.objects.active().filter(user=user).values("applicant")
    declared = ConflictOfInterest.objects.filter(user=user).values("application")
    return cases.exclude(applicant__in=seats).exclude(pk__in=declared)


def _unassigned(user: User) -> ApplicationQuerySet:
    return _team(user).filter(caseworker=None)


def _changes(user: User) -> ApplicationQuerySet:
    return Application.objects.filter(change_requests__state=ChangeState.REQUESTED)


def _appeals(user: User) -> ApplicationQuerySet:
    """``answer_on``: the complaint's own deadline, which is the one that matters here."""
    theirs = _to_answer(user).filter(decision__application=OuterRef("pk")).order_by("due_on", "pk")
    cases = Application.objects.filter(pk__in=_to_answer(user).values("decision__application"))
    return cases.annotate(answer_on=Subquery(theirs.values("due_on")[:1]))


def _asked(user: User) -> ApplicationQuerySet:
    """Where the committee waits for an answer: one's own, those nobody has; a leader's are all.

    ``answer_on``: the day of the meeting.
    """
    open_ones = MemberQuestion.objects.filter(answered_at=None)
    if not user.has_role(Role.LEADER):
        mine = Q(item__application__caseworker=None)
        mine |= Q(item__application__caseworker__in=_people(user))
        open_ones = open_ones.filter(mine)
    theirs = open_ones.filter(item__application=OuterRef("pk")).order_by("item__meeting__held_at")
    cases = _impartial(
        user, Application.objects.filter(pk__in=open_ones.values("item__application"))
    )
    return cases.annotate(answer_on=Subquery(theirs.values("item__meeting__held_at__date")[:1]))


def _to_answer(user: User) -> QuerySet[Appeal]:
    """Case workers assess what has come; the leader answers where the leader has decided."""
    wanted = Q(pk=None)
    if user.has_role(Role.CASE_WORKER):
        wanted |= Q(state=AppealState.RECEIVED)
    if user.has_role(Role.LEADER):
        wanted |= Q(state=AppealState.ASSESSED) & Q(decision__body=DecidedBy.DELEGATION)
    return Appeal.objects.filter(wanted)


def waiting_of(user: User) -> ApplicationQuerySet:
    """What somebody else is to do, complaints that somebody else is to answer as well."""
    of_others = Appeal.objects.filter(state__in=[AppealState.RECEIVED, AppealState.ASSESSED])
    of_others = of_others.exclude(pk__in=_to_answer(user).values("pk"))
    complained = Q(pk__in=of_others.values("decision__application"))
    waiting = Application.objects.filter(Q(state__in=sorted(WAITING)) | complained)
    return waiting.filter(caseworker=user) if user.has_role(Role.CASE_WORKER) else waiting


FILLED = {
    MINE: _mine,
    REVIEWS: _to_review,
    DECISIONS: _to_decide,
    TEAM: _team,
    UNASSIGNED: _unassigned,
    CHANGES: _changes,
    ASKED: _asked,
    APPEALS: _appeals,
    OTHERS: waiting_of,
}


def reviews_of(user: User) -> QuerySet[Assessment]:
    """The assessments this person is to give, or to take over from somebody who is away."""
    theirs = Assessment.objects.filter(reviewer__in=_people(user), state=AssessmentState.OPEN)
    return theirs.filter(application__state=CaseState.IN_REVIEW)


def _people(user: User) -> Any:
    """The keys of the person and of all whose substitute the person is today."""
    away = absent_today(timezone.localdate()).filter(substitute=user)
    own = User.objects.filter(pk=user.pk)
    return own.values("pk").union(away.values("user"), all=True)


def absent_today(today: date) -> QuerySet[Absence]:
    """Those who are away today."""
    return Absence.objects.filter(from_on__lte=today, until_on__gte=today)
