"""Screening and assessment: accept for review, score, abstain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.casework.checklist import check_screened
from pulje.actions.deadline import handle_undecided
from pulje.actions.journal import note_down
from pulje.actions.state import lock, move, move_many, take_charge
from pulje.enums import AssessmentState
from pulje.errors import RuleBroken
from pulje.models import Application, Assessment, Criterion, JournalEntry, Score, User
from pulje.permissions import (
    check_impartial,
    check_may,
    check_not_disqualified,
    check_other,
    check_role,
)
from pulje.queries.casework.assessment import meets_rule
from pulje.rules.scoring import MAX_POINTS, average_of, missing
from pulje.rules.texts import is_blank
from pulje.states import STEPS, CaseState, Verb

HANDED_OVER = "assessment_handed_over"
LONGEST_DRAFT = 5000


@transaction.atomic
def accept_for_review(
    application: Application,
    *,
    by: User,
    at: datetime,
    reviewers: Sequence[User],
    rest_is_fine: bool = False,
) -> JournalEntry:
    """The screening is passed: one open assessment per reviewer.

    Raises RuleBroken for too few reviewers and for a point of the checklist that is not in order
    (``rest_is_fine`` marks those nobody has marked), NotAllowed for a disqualified reviewer
    (Source: forvaltningsloven §§ 3-6).
    """
    application = lock(application)
    check_may(by, Verb.ACCEPT_FOR_REVIEW, application)
    people = {person.pk: person for person in reviewers}
    if len(people) < application.version.reviewers:
        raise RuleBroken(
            _("Puljen kræver %d vurderinger. Vælg flere.") % application.version.reviewers
        )
    for person in people.values():
        check_role(person, STEPS[Verb.RECORD_ASSESSMENT].who)
        check_impartial(person, application)
    check_screened(application, by=by, at=at, rest_is_fine=rest_is_fine)
    take_charge(application, by)
    entry = move(
        application,
        Verb.ACCEPT_FOR_REVIEW,
        by=by,
        at=at,
        due_on=handle_undecided(application, at),
        data={"reviewers": sorted(people)},
    )
    Assessment.objects.bulk_create(
        Assessment(application=application, reviewer=person) for person in people.values()
    )
    return entry


@transaction.atomic
def record_assessment(
    application: Application,
    *,
    by: User,
    at: datetime,
    points: Mapping[int, int],
    words: Mapping[int, str] | None = None,
    comment: str = "",
    is_impartial: bool = False,
) -> JournalEntry:
    """One reviewer's scores ({criterion id: 0-3}) with words; the last one makes it REVIEWED.

    Raises RuleBroken when a criterion lacks points or has more than there are, and when the
    reviewer has not declared to have no interest in the case (Source: forvaltningsloven § 6).
    """
    application = lock(application)
    check_may(by, Verb.RECORD_ASSESSMENT, application)
    weights = _weights(application)
    lacks = missing(points, weights)
    if lacks:
        raise RuleBroken(_("Giv point på alle kriterier. Der mangler %d.") % len(lacks))
    if any(not 0 <= points[criterion] <= MAX_POINTS for criterion in weights):
        raise RuleBroken(_("Giv 0, 1, 2 eller 3 point på hvert kriterium."))
    if not is_impartial:
        raise RuleBroken(_("Sig, at du ikke har nogen interesse i sagen. Ellers meld dig inhabil."))
    assessment = application.assessments.get(reviewer=by)
    assessment.declared_at = at
    Score.objects.bulk_create(
        Score(
            assessment=assessment,
            criterion_id=criterion,
            points=points[criterion],
            words=(words or {}).get(criterion, ""),
        )
        for criterion in weights
    )
    return _move_on(application, assessment, by, at, AssessmentState.DONE, comment)


@transaction.atomic
def save_draft(
    application: Application, *, by: User, at: datetime, typed: Mapping[str, str]
) -> None:
    """Keep what a reviewer has typed so far, the form's fields as they are; nobody else reads it.

    A draft is no act in the case and is not in the journal.
    """
    application = lock(application)
    check_may(by, Verb.RECORD_ASSESSMENT, application)
    draft = {name: value[:LONGEST_DRAFT] for name, value in typed.items()}
    application.assessments.filter(reviewer=by).update(draft=draft)


@transaction.atomic
def abstain(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """A reviewer does not score, and says why. Raises RuleBroken without a reason."""
    application = lock(application)
    check_may(by, Verb.RECORD_ASSESSMENT, application)
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor du ikke vurderer sagen."))
    assessment = application.assessments.get(reviewer=by)
    return _move_on(application, assessment, by, at, AssessmentState.ABSTAINED, reason)


@transaction.atomic
def hand_over(
    application: Application, *, by: User, at: datetime, reviewer: User, to: User
) -> JournalEntry:
    """Give an open assessment to another reviewer, e.g. when the first is away or disqualified.

    Raises NotAllowed when ``by`` may not give cases away or ``to`` may not assess, RuleBroken when
    the assessment is made or ``to`` has one already (Source: forvaltningsloven §§ 3-6).
    """
    check_other(by, "assign")
    application = lock(application)
    check_not_disqualified(by, application)
    _check_takes_over(application, to)
    if not _give(application, reviewer, to):
        raise RuleBroken(_("Vurderingen er afgivet og kan ikke gives videre."))
    facts = {"from": reviewer.pk, "to": to.pk}
    return note_down(application, HANDED_OVER, by=by, at=at, data=facts)


def give_up(
    application: Application, *, by: User, at: datetime, person: User, to: User | None
) -> JournalEntry | None:
    """Take the open assessment from somebody disqualified: ``to`` has it, or nobody.

    The caller has locked the case and checked ``by``. Whoever has an assessment already is not
    given another. Nobody waits for an assessment that will
    never come: the last one out makes the case REVIEWED. None when there was none.
    """
    assessment = application.assessments.filter(reviewer=person, state=AssessmentState.OPEN).first()
    if assessment is None:
        return None
    if to is not None and not application.assessments.filter(reviewer=to).exists():
        _check_takes_over(application, to)
        _give(application, person, to)
        facts = {"from": person.pk, "to": to.pk}
        return note_down(application, HANDED_OVER, by=by, at=at, data=facts)
    _settle(assessment, AssessmentState.ABSTAINED, _("Inhabil."), at)
    waiting = application.assessments.filter(state=AssessmentState.OPEN).exists()
    if not waiting:
        application.points = _points(application)
    if application.state != CaseState.IN_REVIEW:  # with the applicant; it comes back reviewed
        application.save(update_fields=["points"])
        return None
    target = CaseState.IN_REVIEW if waiting else CaseState.REVIEWED
    (entry,) = move_many(
        [application],
        Verb.RECORD_ASSESSMENT,
        by=by,
        at=at,
        to=lambda _case: target,
        due_on=lambda case: case.due_on,
        clock_on=lambda _case: None,
        data=lambda _case: {"reviewer": person.pk},
    )
    return entry


def check_meets_rule(application: Application, amount_kr: Decimal) -> None:
    """Refuse money to a case that does not meet its pool's demand on points.

    Source: local: "mindst to af fire kategorier" (domain.md A1); the same for all in a round.
    """
    if not amount_kr or not application.version.needs_criteria:
        return
    rule = meets_rule(application)
    if rule and not rule.is_met:
        told = {"needed": rule.needed, "of": rule.of, "points": rule.points, "met": rule.met}
        raise RuleBroken(
            _(
                "Puljen kræver mindst %(points)d point i %(needed)d af %(of)d kriterier. Sagen har"
                " det i %(met)d, så der kan kun indstilles afslag."
            )
            % told
        )


def _check_takes_over(application: Application, to: User) -> None:
    check_role(to, STEPS[Verb.RECORD_ASSESSMENT].who)
    check_impartial(to, application)
    if application.assessments.filter(reviewer=to).exists():
        raise RuleBroken(_("%s har allerede en vurdering i sagen.") % to.name)


def _give(application: Application, reviewer: User, to: User) -> int:
    """Only an open one changes hands, and not what the first has typed."""
    mine = application.assessments.filter(reviewer=reviewer, state=AssessmentState.OPEN)
    return mine.update(reviewer=to, draft={})


def _move_on(
    application: Application,
    assessment: Assessment,
    by: User,
    at: datetime,
    state: AssessmentState,
    comment: str,
) -> JournalEntry:
    """Move first: the table lets only a reviewer with an open assessment do the verb."""
    others = application.assessments.filter(state=AssessmentState.OPEN).exclude(pk=assessment.pk)
    waiting = others.exists()
    if not waiting:
        application.points = _points(application)
    entry = move(
        application,
        Verb.RECORD_ASSESSMENT,
        by=by,
        at=at,
        to=CaseState.IN_REVIEW if waiting else CaseState.REVIEWED,
        due_on=application.due_on,
    )
    _settle(assessment, state, comment, at)
    return entry


def _settle(assessment: Assessment, state: AssessmentState, comment: str, at: datetime) -> None:
    assessment.state, assessment.comment, assessment.finished_at = state, comment, at
    assessment.draft = {}
    assessment.save(update_fields=["state", "comment", "finished_at", "declared_at", "draft"])


def _weights(application: Application) -> dict[int, int]:
    criteria = Criterion.objects.filter(version=application.version_id).order_by("position")
    return dict(criteria.values_list("pk", "weight"))


def _points(application: Application) -> int | None:
    scores: dict[int, dict[int, int]] = {}
    rows = Score.objects.filter(assessment__application=application).order_by("pk")
    for assessment, criterion, points in rows.values_list("assessment", "criterion", "points"):
        scores.setdefault(assessment, {})[criterion] = points
    if not scores:
        return None
    average = average_of(list(scores.values()))
    weighted = sum(
        (average[criterion] * weight for criterion, weight in _weights(application).items()),
        Decimal(0),
    )
    return int(weighted.quantize(Decimal(1), rounding=ROUND_HALF_UP))
