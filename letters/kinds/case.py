"""The letters before and beside a decision: received, lacking, heard, ended, opened again."""

from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from letters.facts import base as f
from letters.facts import contents
from letters.facts import grant as g
from letters.facts.base import Facts, Material
from letters.facts.pronouns import words
from letters.kinds.kind import Kind, Reminder
from letters.vocabulary import base as t
from letters.vocabulary import grant as v
from pulje.actions.casework.clarification import DEADLINE_EXTENDED
from pulje.actions.meeting.closing import POSTPONED
from pulje.enums import ReminderKind
from pulje.models import Application, JournalEntry
from pulje.queries.casework.delegation import hindrance_of
from pulje.queries.clock import EXTENDABLE
from pulje.states import GRANTED, CaseState, Verb

# money may be asked back: another hearing is about that (kinds/grant.py)
MAY_OWE = (
    CaseState.PAID,
    CaseState.REPORT_SUBMITTED,
    CaseState.REPORT_RETURNED,
    CaseState.REPORTED,
)


def _ahead(day: date | None, today: date) -> date | None:
    return day if day and day > today else None


def _screened_by(a: Application, today: date, answer_on: date | None) -> date | None:
    """Our own deadline at the first step, where the answer comes later than that."""
    day = _ahead(a.due_on, today) if a.state == CaseState.SUBMITTED else None
    return None if day and answer_on and day >= answer_on else day


class Receipt(Kind):
    """Kvittering: we have the application, here enclosed, and what happens now."""

    code = "RECEIPT"
    title = "Kvittering for ansøgning"
    fields = t.RECEIPT
    tells_about = frozenset({Verb.SUBMIT, Verb.REGISTER_ON_BEHALF})
    needs = frozenset({"contents", "meeting"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        a, committee = m.application, m.application.pool.committee
        is_small = hindrance_of(a, m.issued_on) is None
        answer_on = _ahead(a.round.answer_on or (a.due_on if is_small else None), m.issued_on)
        return {
            "is_keyed_in": m.entry.event == Verb.REGISTER_ON_BEHALF,
            "received_at": a.submitted_at.isoformat() if a.submitted_at else "",
            "requested_kr": f.kr(a.requested_kr),
            "committee": committee.name if committee and not is_small else "",
            "meeting_on": "" if is_small else f.iso(m.meeting_on),
            "answer_on": f.iso(answer_on),
            "screened_by": f.iso(_screened_by(a, m.issued_on, answer_on)),
            "is_late": a.is_late,
            "enclosure": contents.contents_of(a, words(one=a.applicant.is_one_person)),
        }


class MissingInformation(Kind):
    """Anmodning om manglende oplysninger, with a deadline (forvaltningsloven § 7)."""

    code = "MISSING_INFORMATION"
    title = "Vi mangler oplysninger"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.RETURNED})
    fields = t.INFORMATION
    demands = ("mangler", "svarfrist", "forsinket")
    tells_about = frozenset({Verb.ASK_FOR_INFORMATION})
    needs = frozenset({"request"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.request is not None
        return {"missing": m.request.message, "due_on": f.iso(m.request.due_on)}


class InformationReminder(Reminder):
    """Påmindelse: what we asked for has not come."""

    code = "INFORMATION_REMINDER"
    title = "Påmindelse: vi mangler oplysninger"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.RETURNED})
    fields = t.INFORMATION
    demands = ("mangler", "svarfrist", "forsinket")
    reminder = ReminderKind.INFORMATION
    needs = frozenset({"request"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.request is not None
        return {"missing": m.request.message, "due_on": m.due_on}


class Hearing(Kind):
    """Partshøring: facts from others that speak against the applicant (forvaltningsloven § 19).

    After the decision it says what may become of that, and of the money that has been paid.
    """

    code = "HEARING"
    title = "Partshøring"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.IN_HEARING})
    fields = v.HEARING
    demands = ("oplysninger", "svarfrist", "forsinket")
    has_questions = True
    tells_about = frozenset({Verb.OPEN_HEARING})
    needs = frozenset({"hearing", "decision", "payments"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.from_state not in MAY_OWE

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        if m.decision is None or m.entry.from_state not in GRANTED:
            return f.heard(m) | {"decided_on": ""}
        told = f.heard(m) | g.paid(m) | {"decided_on": f.iso(localdate(m.decision.decided_at))}
        return told if Decimal(told["paid_kr"]) else told | {"paid_kr": ""}


class Extension(Kind):
    """Fristforlængelse: more time to answer, or to report (forvaltningsloven § 7)."""

    code = "EXTENSION"
    title = "Mere tid"
    asks_by = "due_on"
    waits_in = frozenset(EXTENDABLE)
    fields = v.EXTENSION
    demands = ("svarfrist", "begrundelse", "forsinket")
    tells_about = frozenset({DEADLINE_EXTENDED})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        told = m.entry.data
        return {
            "due_on": m.due_on,
            "old_due_on": told["old"],
            "reason": told["reason"],
            "state": m.entry.from_state,
        }


class Postponed(Kind):
    """Udsættelse: the committee has not decided yet, and why."""

    code = "POSTPONED"
    title = "Sagen er udsat"
    fields = v.POSTPONED
    tells_about = frozenset({POSTPONED})
    needs = frozenset({"next_meeting"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        """The promised day only where the meeting that is planned can keep it."""
        told, committee = m.entry.data, m.application.pool.committee
        answer_on = _ahead(m.application.round.answer_on, m.issued_on)
        if answer_on and m.meeting_on and m.meeting_on > answer_on:
            answer_on = None
        return {
            "reason": told["reason"],
            "meeting_on": told["meeting_on"],
            "decider": committee.name if committee else "",
            "answer_on": f.iso(answer_on),
            "new_meeting_on": f.iso(m.meeting_on) if m.is_on_agenda else "",
            "next_meeting_on": f.iso(m.meeting_on),
        }


class Lapse(Kind):
    """Bortfald: nobody answered, and the case ends. A draft has no number and gets no letter.

    It ends what was applied for or granted: a decision (forvaltningsloven §§ 22-25).
    """

    code = "LAPSE"
    title = "Sagen er bortfaldet"
    fields = v.LAPSE
    demands = ("retsgrundlag",)
    tells_about = frozenset({Verb.LAPSE})
    needs = frozenset({"decision", "guidance"})
    needs_guidance = True

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.from_state != CaseState.DRAFT

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        missed = {"was": m.entry.from_state, "missed_on": m.entry.data.get("missed_on", "")}
        return g.taken_away(m) | missed


class Withdrawal(Kind):
    """Bekræftelse: the applicant has withdrawn. A draft that is thrown away gets no letter."""

    code = "WITHDRAWAL"
    title = "Ansøgning trukket tilbage"
    fields = t.WITHDRAWAL
    tells_about = frozenset({Verb.WITHDRAW})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.from_state != CaseState.DRAFT

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return {"had_grant": bool(m.application.granted_kr)}


class Reopening(Kind):
    """Genåbning: the case goes on where it was, and with what deadline, if the applicant has it."""

    code = "REOPENING"
    title = "Sagen er genåbnet"
    asks_by = "answer_by"
    fields = t.REOPENING
    demands = ("begrundelse",)
    has_questions = True
    tells_about = frozenset({Verb.REOPEN})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.to_state != CaseState.DRAFT

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        told = m.entry.data
        return {
            "reason": told["reason"],
            "state": m.entry.to_state,
            "answer_by": m.due_on,
        }
