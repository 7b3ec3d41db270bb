"""Who is disqualified at a meeting: a member tells, somebody asks, the committee decides."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.casework.tie import disqualify
from pulje.actions.decision.competence import check_day, check_quorate
from pulje.actions.journal import note_down
from pulje.actions.meeting.at_meeting import check_seat, lock_meeting, touch
from pulje.actions.state import lock
from pulje.enums import CommitteeRole
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import (
    Application,
    ConflictQuestion,
    ImpartialityStatement,
    ItemRuling,
    JournalEntry,
    Meeting,
    User,
)
from pulje.permissions import check_not_disqualified, check_other, disqualified, unresolved_ties
from pulje.queries.casework.impartiality import in_words
from pulje.rules.texts import is_blank

LONGEST = 300


@transaction.atomic
def declare_disqualified(
    application: Application, *, by: User, at: datetime, meeting: Meeting, reason: str
) -> JournalEntry | None:
    """Tell that one is disqualified in a case of the meeting; None when it is said already.

    Raises RuleBroken without a reason, WrongState when the case is not on the agenda.
    Source: forvaltningsloven § 6, stk. 1 (the duty to tell).
    """
    meeting = _on_agenda(meeting, application)
    said = _reason(reason)
    entry = disqualify(application, by=by, at=at, person=by, reason=said)
    touch(meeting)
    return entry


@transaction.atomic
def raise_conflict(
    application: Application, *, by: User, at: datetime, meeting: Meeting, person: User, reason: str
) -> JournalEntry | None:
    """Ask the committee whether a member is disqualified in a case; None when it is asked already.

    Until it answers, the member is kept from the case, and nothing is decided in it. So one asks
    about oneself: in doubt, or to take back a declaration made by mistake.

    Raises NotAllowed to others than the committee's members and its secretary, RuleBroken without
    a reason, about others than its members and substitutes, and about who is disqualified.
    Source: forvaltningsloven § 6, stk. 1-2.
    """
    check_other(by, "raise_conflict")
    meeting = _on_agenda(meeting, application)
    check_seat(meeting, by)
    said = _reason(reason)
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day).exclude(role=CommitteeRole.SECRETARY)
    if not seats.filter(user=person).exists():
        raise RuleBroken(_("%s er ikke medlem af udvalget.") % person.name)
    application = lock(application)
    if ConflictQuestion.objects.filter(
        application=application, person=person, settled_at=None
    ).exists():
        return None
    if disqualified([person], [application]):
        _check_may_take_back(application, by, person)
    ConflictQuestion.objects.create(
        meeting=meeting,
        application=application,
        person=person,
        reason=said,
        raised_at=at,
        raised_by=by,
    )
    touch(meeting)
    data = {"person": person.pk, "reason": f"{person.name}: {said}"}
    return note_down(application, "conflict_raised", by=by, at=at, data=data)


@transaction.atomic
def settle_conflict(
    application: Application,
    *,
    by: User,
    at: datetime,
    question: ConflictQuestion,
    is_disqualified: bool,
    reason: str,
) -> JournalEntry | None:
    """Record the committee's answer: disqualified, or not and with the case open again.

    Saying it again changes nothing (None). Raises NotAllowed to others than its chair and
    secretary and to the person concerned, RuleBroken when the committee cannot decide or the
    person is of the applicant's own, WrongState when it has answered otherwise.
    Source: forvaltningsloven § 6, stk. 2-3; § 3, stk. 2 (no disqualification where the interest
    cannot matter).
    """
    check_other(by, "settle_conflict")
    meeting = _on_agenda(question.meeting, application)
    check_seat(meeting, by)
    if by == question.person:
        raise NotAllowed(_("En anden fører udvalgets beslutning om din habilitet til protokol."))
    application = lock(application)
    if _is_answered(question, is_disqualified):
        return None
    check_not_disqualified(by, application)
    check_day(meeting, at)
    check_quorate(meeting)
    question.is_disqualified, question.settled_at, question.settled_by = is_disqualified, at, by
    question.save(update_fields=["is_disqualified", "settled_at", "settled_by"])
    person = question.person
    if is_disqualified:
        disqualify(application, by=by, at=at, person=person, reason=question.reason)
    else:
        _let_in(application, question, reason=reason, at=at)
    touch(meeting)
    answer = "er inhabil" if is_disqualified else "er ikke inhabil"
    told = f"{person.name} {answer}. {reason.strip()}".strip()
    data = {"person": person.pk, "reason": told}
    return note_down(application, "conflict_settled", by=by, at=at, data=data)


def _is_answered(question: ConflictQuestion, is_disqualified: bool) -> bool:
    question.refresh_from_db(fields=["settled_at", "is_disqualified"])
    if question.settled_at is None:
        return False
    if question.is_disqualified != is_disqualified:
        raise WrongState(_("Udvalget har allerede svaret. Rejs spørgsmålet igen."))
    return True


def _let_in(
    application: Application, question: ConflictQuestion, *, reason: str, at: datetime
) -> None:
    """The person is not disqualified: a declaration falls, and the committee's word stays."""
    person = question.person
    application.conflicts.filter(user=person).delete()
    if disqualified([person], [application]):
        raise RuleBroken(
            _("%s er med hos ansøgeren og er derfor altid inhabil i sagen.") % person.name
        )
    ties = unresolved_ties([person], [application]).get((person.pk, application.pk), ())
    said = {
        "tie": "; ".join(in_words(tie) for tie in ties)[:LONGEST] or question.reason,
        "reason": reason.strip()[:LONGEST] or _("Udvalgets beslutning."),
        "stated_at": at,
    }
    ImpartialityStatement.objects.update_or_create(
        application=application, user=person, defaults=said
    )


def _check_may_take_back(application: Application, by: User, person: User) -> None:
    """One's own declaration, and only before anything is recorded in the case."""
    told = application.conflicts.filter(user=person).first()
    if by != person or told is None or told.declared_by != person:
        raise RuleBroken(_("%s er allerede inhabil i sagen.") % person.name)
    if ItemRuling.objects.filter(item__application=application, is_current=True).exists():
        raise WrongState(_("Udvalget har behandlet sagen. Meldingen kan ikke tages tilbage."))


def _on_agenda(meeting: Meeting, application: Application) -> Meeting:
    meeting = lock_meeting(meeting)
    if not meeting.items.filter(application=application).exists():
        raise WrongState(_("Sagen er ikke på mødets dagsorden."))
    return meeting


def _reason(reason: str) -> str:
    if is_blank(reason):
        raise RuleBroken(_("Skriv kort hvorfor."))
    return reason.strip()[:LONGEST]
