"""The decision: one or a whole meeting, with the ledger, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application import closing_day
from pulje.actions.ledger import commit, enter, lock_pool, outstanding_kr, paid_kr, release_rest
from pulje.actions.payment import cancel_open
from pulje.actions.state import lock, lock_all, move, move_many
from pulje.enums import DecidedBy, ItemOutcome, LedgerKind, Outcome, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import (
    AgendaItem,
    Application,
    ConflictOfInterest,
    Decision,
    JournalEntry,
    Meeting,
    Recommendation,
    User,
)
from pulje.permissions import check_may, check_may_many
from pulje.states import CaseState, Verb

ACCEPT_WITHIN_DAYS = 21


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
    _check_body(applications, proposals, by, meeting)
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
        data=lambda case: _told(decided[case.pk]),
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
) -> None:
    if meeting is None:
        if not by.has_role(Role.LEADER):
            raise NotAllowed(_("Uden for et møde er det kun lederen, der kan afgøre en sag."))
        beyond = [a.number for a in applications if not proposals[a.pk].is_delegated]
        if beyond:
            raise RuleBroken(_("Udvalget skal afgøre %s.") % ", ".join(beyond))
        return
    if not by.has_role(Role.SECRETARY):
        raise NotAllowed(_("Kun formand eller sekretær fører udvalgets beslutninger til protokol."))
    _check_agenda(applications, meeting)
    _check_quorum(applications, meeting)


def _check_agenda(applications: Sequence[Application], meeting: Meeting) -> None:
    items = AgendaItem.objects.filter(meeting=meeting, outcome=ItemOutcome.PENDING)
    on_agenda = set(items.values_list("application_id", flat=True))
    absent = [a.number for a in applications if a.pk not in on_agenda]
    if absent:
        raise RuleBroken(_("Ikke på dagsordenen: %s.") % ", ".join(absent))


def _check_quorum(applications: Sequence[Application], meeting: Meeting) -> None:
    """Refuse a case for which too few members without disqualification are present.

    Source: kommunestyrelsesloven on quorum and disqualification; domain.md A6.
    """
    day = timezone.localdate(meeting.held_at)
    voting = set(
        meeting.committee.seats.serving_on(day).voting().values_list("user_id", flat=True)
    ) & set(meeting.present.values_list("pk", flat=True))
    out: dict[int, set[int]] = {}
    rows = ConflictOfInterest.objects.filter(application__in=applications, user__in=voting)
    for case, person in rows.values_list("application_id", "user_id"):
        out.setdefault(case, set()).add(person)
    short = [
        a.number
        for a in applications
        if len(voting - out.get(a.pk, set())) < meeting.committee.quorum
    ]
    if short:
        raise RuleBroken(_("Udvalget er ikke beslutningsdygtigt i %s.") % ", ".join(short))


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
    if ruling.amount_kr != proposal.amount_kr and not ruling.reasons.strip():
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


def _clock_after(application: Application, decision: Decision, at: datetime) -> date:
    answer_by = _answer_by(decision, at)
    return answer_by - timedelta(days=7) if answer_by else closing_day(application, at)


def _told(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.pk,
        "outcome": decision.outcome,
        "amount_kr": str(decision.amount_kr),
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
    if not reasons.strip() or not section.strip():
        raise RuleBroken(_("Skriv begrundelsen, og hvilket afsnit i reglerne den står i."))
    decision = _own_decision(application, Decimal(0), reasons, section, by, at)
    return _moved(application, Verb.REJECT_FORMALLY, decision, by, at)


@transaction.atomic
def redecide(
    application: Application, *, by: User, at: datetime, amount_kr: Decimal, reasons: str
) -> JournalEntry:
    """A new decision replaces the old; both are kept, the ledger carries the difference.

    More money only within the frame; less than is paid is refused (claim repayment instead), and
    less than granted needs a hearing held after the decision.
    Source: forvaltningsloven §§ 19, 22; states.md (redecide).
    """
    application = lock(application)
    check_may(by, Verb.REDECIDE, application)
    if not reasons.strip():
        raise RuleBroken(_("Skriv, hvorfor sagen afgøres på ny."))
    old = application.decisions.get(is_current=True)
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
    _enter_difference(application, decision, by, at)
    application.granted_kr = amount_kr or None
    return _moved(application, Verb.REDECIDE, decision, by, at)


@transaction.atomic
def annul(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """The leader takes a decision back before payment; the money returns to the frame.

    Raises RuleBroken without a reason or when money has been paid.
    """
    application = lock(application)
    check_may(by, Verb.ANNUL, application)
    if not reason.strip() or paid_kr(application):
        raise RuleBroken(_("Skriv hvorfor. Når der er udbetalt, kan afgørelsen ikke annulleres."))
    application.decisions.filter(is_current=True).update(is_current=False)
    application.recommendations.filter(is_current=True).update(is_current=False)
    application.granted_kr = None
    entry = move(application, Verb.ANNUL, by=by, at=at, data={"reason": reason})
    release_rest(application, by=by, at=at, cause=f"annul:{entry.pk}")
    return entry


@transaction.atomic
def reopen(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """Take an ended case back to where it was; a lapsed or withdrawn grant is committed anew.

    Raises RuleBroken without a reason or when the frame no longer holds the money.
    """
    application = lock(application)
    if not reason.strip():
        raise RuleBroken(_("Skriv, hvorfor sagen genåbnes."))
    had_released = application.state in (CaseState.LAPSED, CaseState.WITHDRAWN)
    entry = move(application, Verb.REOPEN, by=by, at=at, data={"reason": reason})
    if had_released and application.granted_kr:
        pool = lock_pool(application.pool_id)
        commit(pool, [(application, application.granted_kr, f"reopen:{entry.pk}")], by=by, at=at)
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
        data=_told(decision),
    )


def _enter_difference(application: Application, decision: Decision, by: User, at: datetime) -> None:
    granted_now = outstanding_kr(application) + paid_kr(application)
    difference = decision.amount_kr - granted_now
    if difference > 0:
        pool = lock_pool(application.pool_id)
        commit(pool, [(application, difference, f"redecide:{decision.pk}")], by=by, at=at)
    elif difference < 0:
        enter(
            application,
            LedgerKind.RELEASE,
            -difference,
            by=by,
            at=at,
            cause=f"redecide:{decision.pk}",
        )
