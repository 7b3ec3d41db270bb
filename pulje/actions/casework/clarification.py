"""Asking the applicant: missing information, the hearing of the party, and more time for both."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import REPORT_IS_DUE, Time, anew, check_deadline, handle_undecided
from pulje.actions.journal import note_down
from pulje.actions.on_behalf import OnBehalf, came_at
from pulje.actions.state import came_from, lock, move, take_charge
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, InformationRequest, JournalEntry, User
from pulje.permissions import check_may, check_not_disqualified, check_other
from pulje.queries.clock import EXTENDABLE, LADDERS, original_due_on
from pulje.queries.told import waits_for_letter
from pulje.rules.deadlines import information_ladder, next_clock
from pulje.rules.hearing import blocks_decision, must_hear
from pulje.rules.texts import is_blank
from pulje.states import OPEN, CaseState, Verb
from pulje.templatetags.words import dato_aar

PARTS = {
    "idea": "Idéen",
    "budget": "Budgettet",
    "dates": "Datoerne",
    "attachments": "Bilagene",
    "contact": "Kontaktoplysningerne",
}
DEADLINE_EXTENDED = "deadline_extended"


@transaction.atomic
def ask_for_information(
    application: Application,
    *,
    by: User,
    at: datetime,
    parts: Sequence[str],
    message: str,
    due_on: date,
) -> JournalEntry:
    """Ask for what is missing, name the parts to re-open, with a deadline.

    Source: forvaltningsloven § 7 (guidance before a rejection on form; domain.md B).
    Raises RuleBroken without a part, a message or a deadline ahead.
    """
    application = lock(application)
    check_may(by, Verb.ASK_FOR_INFORMATION, application)
    unknown = set(parts) - set(PARTS)
    if not parts or unknown or is_blank(message):
        raise RuleBroken(_("Vælg, hvad der mangler, og skriv det, så ansøgeren kan forstå det."))
    check_deadline(due_on, at)
    take_charge(application, by)
    request = InformationRequest.objects.create(
        application=application,
        parts=list(parts),
        message=message,
        due_on=due_on,
        asked_at=at,
        asked_by=by,
    )
    return move(
        application,
        Verb.ASK_FOR_INFORMATION,
        by=by,
        at=at,
        due_on=due_on,
        clock_on=next_clock(information_ladder(due_on), frozenset()),
        data={"parts": list(parts), "due_on": due_on.isoformat(), "request": request.pk},
    )


@transaction.atomic
def answer_information(
    application: Application,
    *,
    by: User,
    at: datetime,
    answer: str,
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    """The applicant has mended the named parts; the case goes back to where it was.

    Our own time counts from the day the answer came, also when it is ``keyed`` in later.
    """
    application = lock(application)
    entry = move(
        application,
        Verb.ANSWER_INFORMATION,
        by=by,
        at=at,
        keyed=keyed,
        due_on=handle_undecided(application, came_at(keyed, at)),
    )
    application.information_requests.filter(answered_at=None).update(answered_at=at, answer=answer)
    return entry


@transaction.atomic
def open_hearing(
    application: Application,
    *,
    by: User,
    at: datetime,
    fact: str,
    source: str,
    due_on: date,
    against: bool,
    essential: bool,
    unknown: bool,
) -> JournalEntry:
    """Put a fact from others to the applicant (partshøring, forvaltningsloven § 19).

    Before the decision, and after it: less money or a claim asks for a hearing of its own. Raises
    RuleBroken without the fact and its source, when § 19 does not ask for it (naming what is
    lacking), or the deadline is not ahead.
    """
    application = lock(application)
    check_may(by, Verb.OPEN_HEARING, application)
    if is_blank(fact) or is_blank(source):
        raise RuleBroken(_("Skriv oplysningen, og hvor den kommer fra."))
    if not must_hear(from_others=True, against=against, essential=essential, unknown=unknown):
        raise RuleBroken(_not_for_hearing(against, essential, unknown))
    check_deadline(due_on, at)
    hearing = application.hearings.create(
        fact=fact, source=source, due_on=due_on, opened_at=at, opened_by=by
    )
    return move(
        application,
        Verb.OPEN_HEARING,
        by=by,
        at=at,
        due_on=due_on,
        clock_on=due_on + timedelta(days=1),
        data={"due_on": due_on.isoformat(), "hearing": hearing.pk},
    )


def _not_for_hearing(against: bool, essential: bool, unknown: bool) -> str:
    """What is lacking for a hearing, and what to do instead."""
    lacking = [
        sentence
        for is_there, sentence in (
            (against, _("den ikke taler imod ansøgeren")),
            (essential, _("den ikke er væsentlig for afgørelsen")),
            (unknown, _("ansøgeren allerede kender den")),
        )
        if not is_there
    ]
    return _(
        "Oplysningen skal ikke i partshøring, når %(lacking)s (§ 19). Skriv den som en note på"
        " sagen, eller sæt de kryds, der mangler."
    ) % {"lacking": _(" og ").join(lacking)}


@transaction.atomic
def answer_hearing(
    application: Application,
    *,
    by: User,
    at: datetime,
    answer: str,
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    """The applicant's remarks are in; the case goes back to where it was."""
    verb = Verb.ANSWER_HEARING
    return _end_hearing(application, verb, by=by, at=at, answer=answer, keyed=keyed)


@transaction.atomic
def expire_hearing(
    application: Application, *, by: User | None = None, at: datetime
) -> JournalEntry:
    """The hearing's deadline has passed unanswered; the case goes on. Raises RuleBroken before.

    Source: forvaltningsloven § 19; letter E3 says the case is decided on what we have.
    """
    return _end_hearing(application, Verb.EXPIRE_HEARING, by=by, at=at, answer="")


def _end_hearing(
    application: Application,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    answer: str,
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    application = lock(application)
    check_may(by, verb, application)
    _check_may_end(application, verb, at)
    time = _time_after(application, at, came_at(keyed, at))
    entry = move(
        application,
        verb,
        by=by,
        at=at,
        due_on=time.due_on,
        clock_on=time.clock_on,
        keyed=keyed,
        data=time.told,
    )
    application.hearings.filter(ended_at=None).update(
        ended_at=at, answer=answer, is_answered=verb == Verb.ANSWER_HEARING
    )
    return entry


def _check_may_end(application: Application, verb: Verb, at: datetime) -> None:
    """The clock waits until the whole day of the deadline has passed (forvaltningsloven § 19)."""
    due_on = application.hearings.get(ended_at=None).due_on
    if verb == Verb.EXPIRE_HEARING and blocks_decision(
        due_on=due_on, answered_on=None, today=timezone.localdate(at)
    ):
        raise RuleBroken(_("Ansøgeren har stadig tid til at svare på partshøringen."))


def _time_after(application: Application, at: datetime, answered_at: datetime) -> Time:
    """A report keeps its own deadline through a hearing, and the clock looks at once."""
    state = came_from(application)
    if state in REPORT_IS_DUE:
        return Time(original_due_on(application, state), timezone.localdate(at))
    if state in OPEN:
        return Time(handle_undecided(application, answered_at), None)
    return anew(application, state, at)


@transaction.atomic
def extend(
    application: Application, *, by: User, at: datetime, until: date, reason: str
) -> JournalEntry:
    """Give the applicant more time to answer, or to report; the ladder of reminders begins anew.

    A claim's or a control's day is no such deadline. Raises WrongState where neither is waited
    for, or the award's letter is not there yet; RuleBroken without a reason, for a deadline that is
    not later than the one that stands, and for a yes after the project's end.
    Source: forvaltningsloven § 7 (vejledning); letters E2 and E8: "har I brug for mere tid".
    """
    application = lock(application)
    check_other(by, "extend_deadline")
    check_not_disqualified(by, application)
    state = CaseState(application.state)
    if state not in EXTENDABLE or application.due_on is None:
        raise WrongState(_("Kun en frist for at svare eller sende rapporten kan forlænges."))
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor fristen bliver forlænget."))
    check_deadline(until, at, stands=application.due_on)
    if until <= application.due_on:
        raise RuleBroken(
            _("Fristen er allerede %s. Vælg en senere dag.") % dato_aar(application.due_on)
        )
    if state == CaseState.APPROVED:
        _check_yes_can_wait(application, until)
    old = application.due_on
    application.due_on, application.clock_on = until, _looked_at(state, until)
    application.save(update_fields=["due_on", "clock_on"])
    application.information_requests.filter(answered_at=None).update(due_on=until)
    application.hearings.filter(ended_at=None).update(due_on=until)
    told = {"due_on": until.isoformat(), "old": old.isoformat(), "reason": reason}
    return note_down(application, DEADLINE_EXTENDED, by=by, at=at, data=told)


def _check_yes_can_wait(application: Application, until: date) -> None:
    if waits_for_letter(application):
        raise WrongState(_("Ansøgeren har ikke fået afgørelsen endnu. Vent, til brevet er fremme."))
    if application.ends_on and until > application.ends_on:
        sentence = _("Projektet slutter %s. Ansøgeren skal have svaret inden da.")
        raise RuleBroken(sentence % dato_aar(application.ends_on))


def _looked_at(state: CaseState, until: date) -> date | None:
    """When the clock looks next at a case that waits until then."""
    if state == CaseState.IN_HEARING:
        return until + timedelta(days=1)
    ladder, _kind = LADDERS[state]
    return next_clock(ladder(until), frozenset())
