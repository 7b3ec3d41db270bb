"""Decisions written on cases that the caller has locked and asked about, set-wise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import ACCEPT_WITHIN_DAYS, closing_day
from pulje.actions.in_words import few_words
from pulje.actions.ledger import commit, lock_pool
from pulje.actions.state import move_many
from pulje.enums import DecidedBy, Outcome
from pulje.errors import RuleBroken
from pulje.models import Application, Decision, JournalEntry, Meeting, Recommendation, User
from pulje.rules.texts import is_blank, says_nothing
from pulje.states import CaseState, Verb

ANSWER_REMINDED_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Ruling:
    """What is decided on one case: kr. (0 = refusal); empty reasons follow the recommendation."""

    application: Application
    amount_kr: Decimal
    reasons: str = ""


@dataclass(frozen=True)
class Maker:
    """Who makes a decision, for which body: at a meeting, or why it could not wait for one."""

    by: User
    body: DecidedBy
    meeting: Meeting | None = None
    urgency: str = ""


def enter_decisions(
    applications: Sequence[Application],
    proposals: Mapping[int, Recommendation],
    rulings: Mapping[int, Ruling],
    *,
    maker: Maker,
    at: datetime,
) -> list[JournalEntry]:
    """Write decision, ledger, state and journal of each case; queries do not grow with cases.

    The caller has locked the cases, asked who may and that a recommendation holds. Raises
    RuleBroken naming every case whose amount or reasons will not do, or when the frame does not
    hold them, and WrongState when one has moved.
    Source: forvaltningsloven §§ 2, 22-24; states.md (decide), decider is not the recommender.
    """
    _check_rulings(applications, proposals, rulings, maker)
    decisions = Decision.objects.bulk_create(
        _decision(application, rulings[application.pk], proposals[application.pk], maker, at)
        for application in applications
    )
    decided = {decision.application_id: decision for decision in decisions}
    _commit_all(decisions, applications, maker.by, at)
    for application in applications:
        application.granted_kr = rulings[application.pk].amount_kr or None
    return move_many(
        applications,
        Verb.DECIDE,
        by=maker.by,
        at=at,
        to=lambda case: state_after(decided[case.pk]),
        due_on=lambda case: answer_by(decided[case.pk], at),
        clock_on=lambda case: clock_after(case, decided[case.pk], at),
        data=lambda case: told(decided[case.pk], at),
    )


def proposals(applications: Sequence[Application]) -> Mapping[int, Recommendation]:
    """The recommendation in force of each case. Raises RuleBroken naming those without one."""
    rows = Recommendation.objects.filter(
        application__in=applications, is_current=True
    ).prefetch_related("grounds")
    found = {row.application_id: row for row in rows}
    bare = [a.number for a in applications if a.pk not in found]
    if bare:
        raise RuleBroken(_("Der er ingen gældende indstilling i %s.") % ", ".join(bare))
    return found


def _check_rulings(
    applications: Sequence[Application],
    proposals: Mapping[int, Recommendation],
    rulings: Mapping[int, Ruling],
    maker: Maker,
) -> None:
    refusals = []
    for application in applications:
        proposal, ruling = proposals[application.pk], rulings[application.pk]
        sentence = _refusal(application, proposal, ruling, maker)
        if sentence:
            refusals.append(f"{application.number}: {sentence}")
    if refusals:
        raise RuleBroken(" ".join(refusals))


def _refusal(
    application: Application, proposal: Recommendation, ruling: Ruling, maker: Maker
) -> str:
    if proposal.recommended_by_id == maker.by.pk:
        return _("den, der har indstillet, kan ikke også afgøre.")
    if not 0 <= ruling.amount_kr <= (application.requested_kr or 0):
        return _("beløbet skal være mellem 0 kr. og det, der er søgt om.")
    if ruling.amount_kr != proposal.amount_kr and is_blank(ruling.reasons):
        return _("skriv en begrundelse, når indstillingen ikke følges.")
    is_ours = maker.body != DecidedBy.COMMITTEE  # a committee's reasons are mended in its minutes
    is_full = outcome_of(application, ruling.amount_kr) == Outcome.GRANTED
    needs_reasons = not is_full or ruling.amount_kr != proposal.amount_kr
    if is_ours and needs_reasons and says_nothing(ruling.reasons or proposal.reasons):
        short = _("begrundelsen er for kort til, at ansøger kan læse hvorfor. %s")
        return short % few_words()
    return ""


def _decision(
    application: Application,
    ruling: Ruling,
    proposal: Recommendation,
    maker: Maker,
    at: datetime,
) -> Decision:
    return Decision(
        application=application,
        version=application.version,
        outcome=outcome_of(application, ruling.amount_kr),
        amount_kr=ruling.amount_kr,
        reasons=ruling.reasons or proposal.reasons,
        sections=", ".join(sorted({ground.section for ground in proposal.grounds.all()})),
        conditions=proposal.conditions,
        legal_basis=application.version.legal_basis,
        body=maker.body,
        meeting=maker.meeting,
        urgency=maker.urgency,
        decided_at=at,
        decided_by=maker.by,
        recommended_by_id=proposal.recommended_by_id,
    )


def outcome_of(application: Application, amount_kr: Decimal) -> Outcome:
    """Full, partial or rejected, from kr. granted against kr. applied for."""
    if amount_kr == 0:
        return Outcome.REJECTED
    full = amount_kr >= (application.requested_kr or 0)
    return Outcome.GRANTED if full else Outcome.PARTIALLY_GRANTED


def _commit_all(
    decisions: Iterable[Decision], applications: Sequence[Application], by: User, at: datetime
) -> None:
    pools = {a.pk: a.pool_id for a in applications}
    ordered = sorted(decisions, key=lambda d: (pools[d.application_id], d.application_id))
    for pool_id, group in groupby(ordered, key=lambda d: pools[d.application_id]):
        rows = [(d.application, d.amount_kr, f"decide:{d.pk}") for d in group]
        commit(lock_pool(pool_id), rows, by=by, at=at)


def state_after(decision: Decision) -> CaseState:
    """Where a case stands after the decision."""
    return CaseState.REJECTED if decision.outcome == Outcome.REJECTED else CaseState.APPROVED


def answer_by(decision: Decision, at: datetime) -> date | None:
    """When the applicant must have said yes or no; None after a refusal."""
    if decision.outcome == Outcome.REJECTED:
        return None
    return timezone.localdate(at) + timedelta(days=ACCEPT_WITHIN_DAYS)


def clock_after(application: Application, decision: Decision, at: datetime) -> date | None:
    """When the clock looks at the case again."""
    due_on = answer_by(decision, at)
    return due_on - ANSWER_REMINDED_BEFORE if due_on else closing_day(application, at)


def told(decision: Decision, at: datetime) -> dict[str, object]:
    """What the journal keeps of a decision."""
    due_on = answer_by(decision, at)
    return {
        "decision": decision.pk,
        "outcome": decision.outcome,
        "amount_kr": str(decision.amount_kr),
        **({"is_conditional": True} if decision.conditions.strip() else {}),
        **({"due_on": due_on.isoformat()} if due_on else {}),
    }
