"""The decision by delegation, and a decision made anew, with the ledger in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.deadline import anew, handle_by
from pulje.actions.decision.competence import check_leader, check_same_body
from pulje.actions.decision.deciding import (
    Maker,
    Ruling,
    answer_by,
    clock_after,
    enter_decisions,
    outcome_of,
    proposals,
    state_after,
    told,
)
from pulje.actions.grant.payment import cancel_open, restore_cancelled
from pulje.actions.in_words import check_in_words
from pulje.actions.ledger import commit, enter, lock_pool, outstanding_kr, paid_kr, release_rest
from pulje.actions.state import came_from, lock, lock_all, move
from pulje.enums import DecidedBy, LedgerKind
from pulje.errors import RuleBroken
from pulje.models import Application, Decision, JournalEntry, User
from pulje.permissions import check_may, check_may_many
from pulje.rules.texts import is_blank
from pulje.states import CaseState, Verb


@transaction.atomic
def decide(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reasons: str = "",
) -> JournalEntry:
    """Decide one case; see ``decide_many`` for what is refused."""
    (entry,) = decide_many([Ruling(application, amount_kr, reasons)], by=by, at=at)
    return entry


@transaction.atomic
def decide_many(rulings: Sequence[Ruling], *, by: User, at: datetime) -> list[JournalEntry]:
    """Decide all or nothing: decision, ledger, state and journal; queries do not grow with cases.

    The leader decides within the delegation; what a committee decides is recorded at its meeting
    (actions/meeting/ruling.py) and decided when that closes (closing.py). Raises NotAllowed,
    WrongState or RuleBroken naming every case that cannot be decided; then nothing is written.
    Source: forvaltningsloven §§ 2, 3-6, 22-24; states.md (decide), decider is not the recommender.
    """
    applications = lock_all([ruling.application for ruling in rulings])
    check_may_many(by, Verb.DECIDE, applications)
    recommended = proposals(applications)
    check_leader(applications, recommended, by)
    return enter_decisions(
        applications,
        recommended,
        {ruling.application.pk: ruling for ruling in rulings},
        maker=Maker(by, DecidedBy.DELEGATION),
        at=at,
    )


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
    check_in_words(reasons, _("Skriv begrundelsen."))
    decision = _own_decision(application, Decimal(0), reasons, section, by, at)
    return _moved(application, Verb.REJECT_FORMALLY, decision, by, at)


@transaction.atomic
def redecide(
    application: Application, *, by: User, at: datetime, amount_kr: Decimal, reasons: str
) -> JournalEntry:
    """A new decision replaces the old; both are kept, the ledger carries the difference.

    More money only within the frame; less than is paid is refused (claim repayment instead), and
    less than granted needs a hearing held after the decision. Only the body that decided may, and
    not while the minutes of its meeting can still be put right.
    Source: forvaltningsloven §§ 19, 22; states.md (redecide).
    """
    application = lock(application)
    check_may(by, Verb.REDECIDE, application)
    if is_blank(reasons):
        raise RuleBroken(_("Skriv, hvorfor sagen afgøres på ny."))
    old = application.decisions.select_related("meeting").get(is_current=True)
    check_same_body(old, by)
    if old.meeting is not None and old.meeting.minutes_approved_at is None:
        raise RuleBroken(_("Mødets referat er ikke godkendt endnu. Ret beslutningen i referatet."))
    if not 0 <= amount_kr <= (application.requested_kr or 0):
        raise RuleBroken(_("Beløbet skal være mellem 0 kr. og det, der er søgt om."))
    if amount_kr < paid_kr(application):
        raise RuleBroken(_("Der er udbetalt mere end det. Brug et tilbagebetalingskrav."))
    if (
        amount_kr < old.amount_kr
        and not application.hearings.filter(ended_at__gte=old.decided_at).exists()
    ):
        raise RuleBroken(_("Ansøgeren skal høres først, når der gives mindre (§ 19)."))
    return replace_decision(application, old, amount_kr=amount_kr, reasons=reasons, by=by, at=at)


def replace_decision(
    application: Application,
    old: Decision,
    *,
    amount_kr: Decimal,
    reasons: str,
    by: User,
    at: datetime,
    why: str = "",
    sections: str = "",
) -> JournalEntry:
    """Put a new decision in the old one's place; the caller has locked the case and asked.

    The ledger carries the difference, what was planned of payments is cancelled, ``why`` stands in
    the journal. ``sections``: of the guidelines; without, the new reasons must name one themselves
    before their letter leaves (letters/gate/words.py). Raises RuleBroken without reasons in words
    for what is not wholly met, when the frame does not hold it or money is on its way.
    Source: forvaltningsloven §§ 22-24.
    """
    if amount_kr < (application.requested_kr or 0) or old.conditions.strip():
        check_in_words(reasons, _("Skriv begrundelsen."))
    Decision.objects.filter(pk=old.pk).update(is_current=False)
    decision = _own_decision(application, amount_kr, reasons, sections, by, at, old)
    cancel_open(application)
    _enter_difference(application, amount_kr, f"redecide:{decision.pk}", by, at)
    application.granted_kr = amount_kr or None
    return _moved(application, Verb.REDECIDE, decision, by, at, why)


@transaction.atomic
def annul(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """The leader takes a decision back before payment; the money returns to the frame.

    It takes away what somebody was told, so its reason is in words (forvaltningsloven § 22).
    Raises RuleBroken without one or when money has been paid.
    """
    application = lock(application)
    check_may(by, Verb.ANNUL, application)
    if is_blank(reason) or paid_kr(application):
        raise RuleBroken(_("Skriv hvorfor. Når der er udbetalt, kan afgørelsen ikke annulleres."))
    check_in_words(reason, _("Skriv hvorfor. Ansøger læser det i brevet."))
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
        urgency=replaces.urgency if replaces else "",
        replaces=replaces,
    )


def _moved(
    application: Application,
    verb: Verb,
    decision: Decision,
    by: User,
    at: datetime,
    why: str = "",
) -> JournalEntry:
    state = state_after(decision)
    steps_to = None if verb == Verb.REJECT_FORMALLY else state
    return move(
        application,
        verb,
        by=by,
        at=at,
        to=steps_to,
        due_on=answer_by(decision, at),
        clock_on=clock_after(application, decision, at),
        data=told(decision, at) | ({"reason": why} if why else {}),
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
