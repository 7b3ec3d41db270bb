"""A complaint over a decision: received, looked at again, answered by the body that decided."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from pulje.actions.deadline import anew
from pulje.actions.decision.competence import check_same_body
from pulje.actions.decision.decision import redecide
from pulje.actions.in_words import check_in_words
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import AppealState
from pulje.errors import RuleBroken, WrongState
from pulje.models import Appeal, Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.appeal import last_day_to_appeal, open_appeal
from pulje.rules.appeals import answer_by, is_better, is_too_late
from pulje.rules.texts import is_blank
from pulje.states import CaseState
from pulje.templatetags.words import dato_aar

RECEIVED, ASSESSED = "appeal_received", "appeal_assessed"
NO_AMOUNT = _lazy("Svaret giver ikke et nyt beløb. Tøm feltet, eller vælg ”Giv et højere beløb”.")
EVENTS = {
    AppealState.UPHELD: "appeal_upheld",
    AppealState.CHANGED: "appeal_changed",
    AppealState.REJECTED_AS_LATE: "appeal_late",
}


@transaction.atomic
def receive_appeal(
    application: Application,
    *,
    by: User,
    at: datetime,
    received_on: date,
    text: str,
    complainant: str = "",
) -> JournalEntry:
    """Take in a complaint over the current decision; its clock begins the day it came.

    Raises WrongState without a decision or while another complaint waits, RuleBroken without its
    text or for a day before the decision or after today.
    Source: rules/appeals.py (four weeks); forvaltningsloven § 7: whoever complains is guided.
    """
    application = lock(application)
    check_other(by, "receive_appeal")
    check_not_disqualified(by, application)
    decision = application.decisions.filter(is_current=True).first()
    if decision is None:
        raise WrongState(_("Der er ingen afgørelse i sagen at klage over."))
    if open_appeal(application) is not None:
        raise WrongState(_("Der er allerede en klage, som ikke er besvaret."))
    if is_blank(text):
        raise RuleBroken(_("Skriv klagen, som den er kommet ind."))
    if not timezone.localdate(decision.decided_at) <= received_on <= timezone.localdate(at):
        raise RuleBroken(_("Klagen kan ikke være kommet før afgørelsen eller efter i dag."))
    is_today, due_on = received_on == timezone.localdate(at), answer_by(received_on)
    appeal = Appeal.objects.create(
        decision=decision,
        text=text,
        received_at=at
        if is_today
        else timezone.make_aware(datetime.combine(received_on, time(12))),
        received_by=by,
        due_on=due_on,
    )
    told = {"appeal": appeal.pk, "answer_on": due_on.isoformat()}
    return note_down(application, RECEIVED, by=by, at=at, on_behalf_of=complainant, data=told)


@transaction.atomic
def assess_appeal(
    application: Application, *, by: User, at: datetime, assessment: str
) -> JournalEntry:
    """The case worker has looked at it all again, in words; the journal says who had recommended.

    Raises WrongState without a complaint that waits for it, RuleBroken without words.
    """
    application, appeal = _opened(application, by, "assess_appeal")
    if appeal.state != AppealState.RECEIVED:
        raise WrongState(_("Klagen er allerede genvurderet. Genvurderingen står på sagen."))
    if is_blank(assessment):
        raise RuleBroken(_("Skriv, hvad du har set på igen, og hvad du er kommet frem til."))
    appeal.state, appeal.assessment = AppealState.ASSESSED, assessment
    appeal.assessed_at, appeal.assessed_by = at, by
    appeal.save(update_fields=["state", "assessment", "assessed_at", "assessed_by"])
    told = {"appeal": appeal.pk, "by_recommender": appeal.decision.recommended_by_id == by.pk}
    return note_down(application, ASSESSED, by=by, at=at, data=told)


@transaction.atomic
def answer_appeal(
    application: Application,
    *,
    by: User,
    at: datetime,
    outcome: str,
    answer: str,
    amount_kr: Decimal | None = None,
) -> JournalEntry:
    """The body that decided answers: the decision stands, gives more, or the complaint was late.

    CHANGED is a new decision in the same transaction, with its ledger, letter and journal (see
    ``redecide`` for what it refuses). Raises NotAllowed for another body, WrongState without a
    complaint, RuleBroken without words or an assessment, for less money or the same, and for
    "too late" where no deadline was told or it was kept; for an amount where nothing changes.
    Source: rules/appeals.py; forvaltningsloven §§ 22-25.
    """
    application, appeal = _opened(application, by, "answer_appeal")
    check_same_body(appeal.decision, by)
    check_in_words(answer, _("Skriv begrundelsen. Ansøger læser den i svaret."))
    if amount_kr is not None and outcome != AppealState.CHANGED:
        raise RuleBroken(NO_AMOUNT)
    facts: dict[str, str] = {}
    if outcome == AppealState.REJECTED_AS_LATE:
        facts = {"last_day": _check_late(application, appeal).isoformat()}
    elif appeal.state != AppealState.ASSESSED:
        raise RuleBroken(_("Klagen skal genvurderes, før den kan besvares."))
    elif outcome == AppealState.CHANGED:
        return _changed(application, appeal, by, at, amount_kr or Decimal(0), answer)
    _close(appeal, outcome, answer, by, at)
    told = {"appeal": appeal.pk, **facts, **_time_to_answer(application, at)}
    return note_down(application, EVENTS[AppealState(outcome)], by=by, at=at, data=told)


def _opened(application: Application, by: User, verb: str) -> tuple[Application, Appeal]:
    application = lock(application)
    check_other(by, verb)
    check_not_disqualified(by, application)
    appeal = open_appeal(application)
    if appeal is None:
        raise WrongState(_("Der er ingen klage, der venter. En anden har måske svaret."))
    return application, appeal


def _check_late(application: Application, appeal: Appeal) -> date:
    """The last day to complain, which had passed when this complaint came."""
    last = last_day_to_appeal(application, appeal.decision)
    if last is None:
        raise RuleBroken(
            _("Ansøger har ikke fået en klagefrist i brevet, så klagen kan ikke være for sen.")
        )
    if not is_too_late(timezone.localdate(appeal.received_at), last):
        raise RuleBroken(_("Klagen kom i tide. Fristen var %s.") % dato_aar(last))
    return last


def _changed(
    application: Application,
    appeal: Appeal,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    answer: str,
) -> JournalEntry:
    if not is_better(application.granted_kr or Decimal(0), amount_kr):
        raise RuleBroken(
            _("En klage kan ikke give mindre eller det samme. Fasthold, eller skriv et højere tal.")
        )
    note_down(application, EVENTS[AppealState.CHANGED], by=by, at=at, data={"appeal": appeal.pk})
    entry = redecide(application, by=by, at=at, amount_kr=amount_kr, reasons=answer)
    appeal.new_decision_id = entry.data["decision"]
    _close(appeal, AppealState.CHANGED, answer, by, at)
    return entry


def _close(appeal: Appeal, outcome: str, answer: str, by: User, at: datetime) -> None:
    appeal.state, appeal.answer = outcome, answer
    appeal.answered_at, appeal.answered_by = at, by
    appeal.save(update_fields=["state", "answer", "answered_at", "answered_by", "new_decision"])


def _time_to_answer(application: Application, at: datetime) -> dict[str, str]:
    """An award that waited for our answer can be said yes to with all its days once more."""
    if application.state != CaseState.APPROVED:
        return {}
    time_left = anew(application, CaseState.APPROVED, at)
    application.due_on, application.clock_on = time_left.due_on, time_left.clock_on
    application.save(update_fields=["due_on", "clock_on"])
    return time_left.told
