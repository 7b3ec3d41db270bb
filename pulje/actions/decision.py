"""The decision: one or a whole meeting, with the ledger, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.competence import check_committee, check_leader, check_same_body
from pulje.actions.deadline import ACCEPT_WITHIN_DAYS, anew, closing_day, handle_by
from pulje.actions.ledger import commit, enter, lock_pool, outstanding_kr, paid_kr, release_rest
from pulje.actions.payment import cancel_open, restore_cancelled
from pulje.actions.state import came_from, lock, lock_all, move, move_many
from pulje.enums import DecidedBy, ItemOutcome, LedgerKind, Outcome
from pulje.errors import RuleBroken
from pulje.models import (
    AgendaItem,
    Application,
    Decision,
    JournalEntry,
    Meeting,
    Recommendation,
    User,
)
from pulje.permissions import check_may, check_may_many
from pulje.rules.texts import is_blank
from pulje.states import CaseState, Verb


@dataclass(frozen=True)
class Ruling:
    """What is decided on one case: kr. (0 = refusal); empty reasons follow the recommendation."""

    application: Application
    amount_kr: Decimal
    reasons: str = ""


@transaction.atomic
def decide(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reasons: str = "",
    meeting: Meeting | None = None,
) -> JournalEntry:
    """Decide one case; see ``decide_many`` for what is refused."""
    (entry,) = decide_many([Ruling(application, amount_kr, reasons)], by=by, at=at, meeting=meeting)
    return entry


@transaction.atomic
def decide_many(
    rulings: Sequence[Ruling], *, by: User, at: datetime, meeting: Meeting | None = None
) -> list[JournalEntry]:
    """Decide all or nothing: decision, ledger, state and journal; queries do not grow with cases.

    Without a meeting the leader decides within the delegation; with one the chair or secretary
    records what a quorate committee decided. Raises NotAllowed, WrongState or RuleBroken naming
    every case that cannot be decided; then nothing is written.
    Source: forvaltningsloven §§ 2, 3-6, 22-24; states.md (decide), decider is not the recommender.
    """
    by_pk = {ruling.application.pk: ruling for ruling in rulings}
    applications = lock_all([ruling.application for ruling in rulings])
    proposals = _proposals(applications)
    check_may_many(by, Verb.DECIDE, applications)
    _check_body(applications, proposals, by, meeting, at)
    _check_rulings(applications, proposals, by_pk, by)
    decisions = Decision.objects.bulk_create(
        _decision(application, by_pk[application.pk], proposals[application.pk], by, at, meeting)
        for application in applications
    )
    decided = {decision.application_id: decision for decision in decisions}
    _commit_all(decisions, applications, by, at)
    for application in applications:
        application.granted_kr = by_pk[application.pk].amount_kr or None
    entries = move_many(
        applications,
        Verb.DECIDE,
        by=by,
        at=at,
        to=lambda case: _state_after(decided[case.pk]),
        due_on=lambda case: _answer_by(decided[case.pk], at),
        clock_on=lambda case: _clock_after(case, decided[case.pk], at),
        data=lambda case: _told(decided[case.pk], at),
    )
    if meeting is not None:
        AgendaItem.objects.filter(meeting=meeting, application__in=applications).update(
            outcome=ItemOutcome.DECIDED
        )
    return entries


def _proposals(applications: Sequence[Application]) -> Mapping[int, Recommendation]:
    rows = Recommendation.objects.filter(
        application__in=applications, is_current=True
    ).prefetch_related("grounds")
    return {row.application_id: row for row in rows}


def _check_body(
    applications: Sequence[Application],
    proposals: Mapping[int, Recommendation],
    by: User,
    meeting: Meeting | None,
    at: datetime,
) -> None:
    bare = [a.number for a in applications if a.pk not in proposals]
    if bare:
        raise RuleBroken(_("Der er ingen gældende indstilling i %s.") % ", ".join(bare))
    if meeting is None:
        check_leader(applications, proposals, by)
    else:
        check_committee(applications, by, meeting, at)


def _check_rulings(
    applications: Sequence[Application],
    proposals: Mapping[int, Recommendation],
    rulings: Mapping[int, Ruling],
    by: User,
) -> None:
    refusals = []
    for application in applications:
        proposal, ruling = proposals[application.pk], rulings[application.pk]
        sentence = _refusal(application, proposal, ruling, by)
        if sentence:
            refusals.append(f"{application.number}: {sentence}")
    if refusals:
        raise RuleBroken(" ".join(refusals))


def _refusal(application: Application, proposal: Recommendation, ruling: Ruling, by: User) -> str:
    if proposal.recommended_by_id == by.pk:
        return _("den, der har indstillet, kan ikke også afgøre.")
    if not 0 <= ruling.amount_kr <= (application.requested_kr or 0):
        return _("beløbet skal være mellem 0 kr. og det, der er søgt om.")
    if ruling.amount_kr != proposal.amount_kr and is_blank(ruling.reasons):
        return _("skriv en begrundelse, når indstillingen ikke følges.")
    return ""


def _decision(
    application: Application,
    ruling: Ruling,
    proposal: Recommendation,
    by: User,
    at: datetime,
    meeting: Meeting | None,
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
        body=DecidedBy.COMMITTEE if meeting else DecidedBy.DELEGATION,
        meeting=meeting,
        decided_at=at,
        decided_by=by,
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


def _state_after(decision: Decision) -> CaseState:
    return CaseState.REJECTED if decision.outcome == Outcome.REJECTED else CaseState.APPROVED


def _answer_by(decision: Decision, at: datetime) -> date | None:
    if decision.outcome == Outcome.REJECTED:
        return None
    return timezone.localdate(at) + timedelta(days=ACCEPT_WITHIN_DAYS)


def _clock_after(application: Application, decision: Decision, at: datetime) -> date | None:
    answer_by = _answer_by(decision, at)
    return answer_by - timedelta(days=7) if answer_by else closing_day(application, at)


def _told(decision: Decision, at: datetime) -> dict[str, object]:
    answer_by = _answer_by(decision, at)
    return {
        "decision": decision.pk,
        "outcome": decision.outcome,
        "amount_kr": str(decision.amount_kr),
        **({"due_on": answer_by.isoformat()} if answer_by else {}),
    }


@transaction.atomic
def reject_formally(
    application: Application, *, by: User, at: datetime, reasons: str, section: str
) -> JournalEntry:
    """Refuse at screening what the pool's hard rules exclude, by delegation.

    Source: forvaltningsloven §§ 7 and 22 (guidance first, reasons always); domain.md B.
    Raises RuleBroken without reasons or the section of the guidelines.
    """
    application = lock(application)
    check_may(by, Verb.REJECT_FORMALLY, application)
    if is_blank(reasons) or is_blank(section):
        raise RuleBroken(_("Skriv begrundelsen, og hvilket afsnit i reglerne den står i."))
    decision = _own_decision(application, Decimal(0), reasons, section, by, at)
    return _moved(application, Verb.REJECT_FORMALLY, decision, by, at)


@transaction.atomic
def redecide(
    application: Application, *, by: User, at: datetime, amount_kr: Decimal, reasons: str
) -> JournalEntry:
    """A new decision replaces the old; both are kept, the ledger carries the difference.

    More money only within the frame; less than is paid is refused (claim repayment instead), and
    less than granted needs a hearing held after the decision. Only the body that decided may.
    Source: forvaltningsloven §§ 19, 22; states.md (redecide).
    """
    application = lock(application)
    check_may(by, Verb.REDECIDE, application)
    if is_blank(reasons):
        raise RuleBroken(_("Skriv, hvorfor sagen afgøres på ny."))
    old = application.decisions.get(is_current=True)
    check_same_body(old, by)
    if not 0 <= amount_kr <= (application.requested_kr or 0):
        raise RuleBroken(_("Beløbet skal være mellem 0 kr. og det, der er søgt om."))
    if amount_kr < paid_kr(application):
        raise RuleBroken(_("Der er udbetalt mere end det. Brug et tilbagebetalingskrav."))
    if (
        amount_kr < old.amount_kr
        and not application.hearings.filter(ended_at__gte=old.decided_at).exists()
    ):
        raise RuleBroken(_("Ansøgeren skal høres først, når der gives mindre (§ 19)."))
    Decision.objects.filter(pk=old.pk).update(is_current=False)
    decision = _own_decision(application, amount_kr, reasons, old.sections, by, at, old)
    cancel_open(application)
    _enter_difference(application, amount_kr, f"redecide:{decision.pk}", by, at)
    application.granted_kr = amount_kr or None
    return _moved(application, Verb.REDECIDE, decision, by, at)


@transaction.atomic
def annul(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """The leader takes a decision back before payment; the money returns to the frame.

    Raises RuleBroken without a reason or when money has been paid.
    """
    application = lock(application)
    check_may(by, Verb.ANNUL, application)
    if is_blank(reason) or paid_kr(application):
        raise RuleBroken(_("Skriv hvorfor. Når der er udbetalt, kan afgørelsen ikke annulleres."))
    application.decisions.filter(is_current=True).update(is_current=False)
    application.recommendations.filter(is_current=True).update(is_current=False)
    application.granted_kr = None
    entry = move(
        application, Verb.ANNUL, by=by, at=at, due_on=handle_by(at), data={"reason": reason}
    )
    release_rest(application, by=by, at=at, cause=f"annul:{entry.pk}")
    return entry


@transaction.atomic
def reopen(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """Take an ended case back to where it was, with all the days of that state once more.

    A lapsed or withdrawn grant is committed and its payments planned anew. Raises RuleBroken
    without a reason, when the frame no longer holds the money, or when a repayment is settled.
    """
    application = lock(application)
    check_may(by, Verb.REOPEN, application)
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor sagen genåbnes."))
    ended, state = application.state, came_from(application)
    if state == CaseState.IN_RECOVERY:
        raise RuleBroken(_("Tilbagebetalingen er gjort op, så sagen kan ikke genåbnes."))
    time = anew(application, state, at)
    entry = move(
        application,
        Verb.REOPEN,
        by=by,
        at=at,
        due_on=time.due_on,
        clock_on=time.clock_on,
        data={"reason": reason, **time.told},
    )
    if state == CaseState.RETURNED:
        application.information_requests.filter(answered_at=None).update(due_on=time.due_on)
    if state == CaseState.IN_HEARING:
        application.hearings.filter(ended_at=None).update(due_on=time.due_on)
    if ended != CaseState.CLOSED and application.granted_kr:
        _enter_difference(application, application.granted_kr, f"reopen:{entry.pk}", by, at)
        restore_cancelled(application)
    return entry


def _own_decision(
    application: Application,
    amount_kr: Decimal,
    reasons: str,
    sections: str,
    by: User,
    at: datetime,
    replaces: Decision | None = None,
) -> Decision:
    return Decision.objects.create(
        application=application,
        version=application.version,
        outcome=outcome_of(application, amount_kr),
        amount_kr=amount_kr,
        reasons=reasons,
        sections=sections,
        conditions=replaces.conditions if replaces else "",
        legal_basis=application.version.legal_basis,
        body=replaces.body if replaces else DecidedBy.DELEGATION,
        meeting=replaces.meeting if replaces else None,
        decided_at=at,
        decided_by=by,
        replaces=replaces,
    )


def _moved(
    application: Application, verb: Verb, decision: Decision, by: User, at: datetime
) -> JournalEntry:
    state = _state_after(decision)
    steps_to = None if verb == Verb.REJECT_FORMALLY else state
    return move(
        application,
        verb,
        by=by,
        at=at,
        to=steps_to,
        due_on=_answer_by(decision, at),
        clock_on=_clock_after(application, decision, at),
        data=_told(decision, at),
    )


def _enter_difference(
    application: Application, granted_kr: Decimal, cause: str, by: User, at: datetime
) -> None:
    """Bring what the ledger holds for the case to ``granted_kr``."""
    difference = granted_kr - outstanding_kr(application) - paid_kr(application)
    if difference > 0:
        pool = lock_pool(application.pool_id)
        commit(pool, [(application, difference, cause)], by=by, at=at)
    elif difference < 0:
        enter(application, LedgerKind.RELEASE, -difference, by=by, at=at, cause=cause)
