"""The letters before and beside a decision: received, lacking, heard, ended, opened again."""

from letters import facts as f
from letters.facts import Facts, Material
from letters.kind import Kind, Reminder
from pulje.enums import ReminderKind
from pulje.models import JournalEntry
from pulje.queries.delegation import hindrance_of
from pulje.states import CaseState, Verb


class Receipt(Kind):
    """Kvittering: we have the application, here enclosed, and what happens now."""

    code = "RECEIPT"
    title = "Kvittering for ansøgning"
    template = "letters/receipt.html"
    tells_about = frozenset({Verb.SUBMIT, Verb.REGISTER_ON_BEHALF})
    needs = frozenset({"contents"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        a, committee = m.application, m.application.pool.committee
        is_small = hindrance_of(a, m.issued_on) is None
        return {
            "received_at": a.submitted_at.isoformat() if a.submitted_at else "",
            "requested_kr": f.kr(a.requested_kr),
            "committee": committee.name if committee and not is_small else "",
            "answer_on": f.iso(a.round.answer_on or a.due_on),
            "is_late": a.is_late,
        } | f.application(m)


class MissingInformation(Kind):
    """Anmodning om manglende oplysninger, with a deadline (forvaltningsloven § 7)."""

    code = "MISSING_INFORMATION"
    title = "Vi mangler oplysninger"
    template = "letters/missing_information.html"
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
    template = "letters/information_reminder.html"
    reminder = ReminderKind.INFORMATION
    needs = frozenset({"request"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.request is not None
        return {"missing": m.request.message, "due_on": m.entry.data["due_on"]}


class Hearing(Kind):
    """Partshøring: facts from others that speak against the applicant (forvaltningsloven § 19)."""

    code = "HEARING"
    title = "Partshøring"
    template = "letters/hearing.html"
    tells_about = frozenset({Verb.OPEN_HEARING})
    needs = frozenset({"hearing"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.hearing is not None
        h = m.hearing
        return {"fact": h.fact, "source": h.source, "due_on": f.iso(h.due_on)}


class Lapse(Kind):
    """Bortfald: nobody answered, and the case ends. A draft has no number and gets no letter."""

    code = "LAPSE"
    title = "Sagen er bortfaldet"
    template = "letters/lapse.html"
    tells_about = frozenset({Verb.LAPSE})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.from_state != CaseState.DRAFT

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return {"was": m.entry.from_state}


class Withdrawal(Kind):
    """Bekræftelse: the applicant has withdrawn. A draft that is thrown away gets no letter."""

    code = "WITHDRAWAL"
    title = "Ansøgning trukket tilbage"
    template = "letters/withdrawal.html"
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
    template = "letters/reopening.html"
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
            "answer_by": told.get("due_on", ""),
        }
