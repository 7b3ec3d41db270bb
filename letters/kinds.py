"""One class per letter: what it tells about, the facts it needs, its template.

A new letter: a class here, a template, facts in facts.py, a snapshot in tests/letters/.
"""

from datetime import date
from typing import ClassVar

from django.utils.timezone import localdate

from letters import facts as f
from letters.appeals import AppealLate, AppealReceipt, AppealUpheld
from letters.facts import Facts, Material
from letters.kind import Kind
from pulje.enums import Outcome, ReminderKind
from pulje.models import JournalEntry
from pulje.queries.delegation import hindrance_of
from pulje.states import CaseState, Verb

REMINDED = "reminded"  # the journal's word for a reminder made by the clock
PAYMENT_CONFIRMED = "payment_confirmed"  # an instalment that is not the last


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


class Reminder(Kind):
    """A reminder made by the clock; the kind and number stand in the journal."""

    tells_about = frozenset({REMINDED})
    reminder: ClassVar[ReminderKind]
    number: ClassVar[int | None] = None

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        kind, number = entry.data.get("kind"), entry.data.get("number")
        return super().tells(entry) and kind == cls.reminder and cls.number in (None, number)


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


class DecisionLetter(Kind):
    """A decision; which of the three follows from its outcome."""

    tells_about = frozenset({Verb.DECIDE, Verb.REDECIDE, Verb.REJECT_FORMALLY})
    needs = frozenset({"decision", "points", "guidance"})
    is_decision = True
    outcome: ClassVar[Outcome]

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.data.get("outcome") == cls.outcome


class Award(DecisionLetter):
    """Bevilling: all that was asked for. Needs neither reasons nor appeal guidance (§§ 22, 25)."""

    code = "AWARD"
    title = "Afgørelse: tilskud"
    template = "letters/award.html"
    outcome = Outcome.GRANTED
    needs = DecisionLetter.needs | {"payments"}

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.decided(m) | f.terms(m)


class PartialAward(DecisionLetter):
    """Delvist tilskud: less than asked for, with reasons and appeal guidance (§§ 22, 25)."""

    code = "PARTIAL_AWARD"
    title = "Afgørelse: delvist tilskud"
    template = "letters/partial_award.html"
    outcome = Outcome.PARTIALLY_GRANTED
    needs = DecisionLetter.needs | {"payments"}
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.decided(m) | f.terms(m)


class Rejection(DecisionLetter):
    """Afslag, with reasons, what to do instead and appeal guidance (forvaltningsloven §§ 22-25)."""

    code = "REJECTION"
    title = "Afgørelse: afslag"
    template = "letters/rejection.html"
    outcome = Outcome.REJECTED
    needs_guidance = True
    is_rejection = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.decided(m)


class AwardReminder(Reminder):
    """Påmindelse: the grant has not been answered."""

    code = "AWARD_REMINDER"
    title = "Påmindelse: svar på tilskud"
    template = "letters/award_reminder.html"
    reminder = ReminderKind.AWARD
    needs = frozenset({"decision"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.decided(m) | {"due_on": m.entry.data["due_on"]}


class Annulment(Kind):
    """Annullering: the decision no longer stands, and the case is treated again."""

    code = "ANNULMENT"
    title = "Afgørelse annulleret"
    template = "letters/annulment.html"
    tells_about = frozenset({Verb.ANNUL})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return {"reason": m.entry.data["reason"]}


class PaymentNotice(Kind):
    """Udbetalingsmeddelelse: an instalment has been paid."""

    code = "PAYMENT_NOTICE"
    title = "Udbetaling"
    template = "letters/payment_notice.html"
    tells_about = frozenset({Verb.MARK_PAID, PAYMENT_CONFIRMED})
    needs = frozenset({"payments"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and "payment" in entry.data

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.payment(m)


class ReportReminder(Reminder):
    """A letter of the report's ladder."""

    reminder = ReminderKind.REPORT
    needs = frozenset({"decision", "payments"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        a, d = m.application, m.decision
        assert d is not None
        return f.paid(m) | {
            "due_on": m.entry.data["due_on"],
            "report": f.report_name(a, d.amount_kr),
            "awarded_on": f.iso(localdate(d.decided_at)),
            "days_left": (date.fromisoformat(m.entry.data["due_on"]) - m.issued_on).days,
        }


class ReportBefore(ReportReminder):
    """Påmindelse before the report's deadline."""

    code, number = "REPORT_BEFORE", 1
    title = "Påmindelse: rapport"
    template = "letters/report_before.html"


class ReportFirst(ReportReminder):
    """1. rykker: the report has not come."""

    code, number = "REPORT_FIRST", 2
    title = "Rykker: rapport"
    template = "letters/report_first.html"


class ReportSecond(ReportReminder):
    """2. rykker: no more money until it comes."""

    code, number = "REPORT_SECOND", 3
    title = "2. rykker: rapport"
    template = "letters/report_second.html"


class ReportLast(ReportReminder):
    """Sidste rykker, which is also the hearing before repayment (forvaltningsloven § 19)."""

    code, number = "REPORT_LAST", 4
    title = "Sidste rykker og partshøring: rapport"
    template = "letters/report_last.html"


class ReportReturned(Kind):
    """The report lacks something."""

    code = "REPORT_RETURNED"
    title = "Vi mangler noget i rapporten"
    template = "letters/report_returned.html"
    tells_about = frozenset({Verb.RETURN_REPORT})
    needs = frozenset({"report"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.report is not None
        return {"missing": m.report.missing}


class ReportApproved(Kind):
    """The report is approved, or not asked for after all; thanks."""

    code = "REPORT_APPROVED"
    title = "Rapport godkendt"
    template = "letters/report_approved.html"
    tells_about = frozenset({Verb.APPROVE_REPORT, Verb.WAIVE_REPORT})
    needs = frozenset({"payments"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.paid(m) | {"is_waived": m.entry.event == Verb.WAIVE_REPORT}


class RepaymentClaimed(Kind):
    """Tilbagebetalingskrav: a decision of its own, with reasons and appeal guidance."""

    code = "REPAYMENT_CLAIM"
    title = "Afgørelse: tilbagebetaling"
    template = "letters/repayment_claim.html"
    tells_about = frozenset({Verb.CLAIM_REPAYMENT})
    needs = frozenset({"decision", "claim", "guidance", "points"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return f.decided(m) | f.claimed(m)


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


KINDS: dict[str, type[Kind]] = {
    kind.code: kind
    for kind in (
        Receipt,
        MissingInformation,
        InformationReminder,
        Hearing,
        Award,
        PartialAward,
        Rejection,
        AwardReminder,
        Annulment,
        PaymentNotice,
        ReportBefore,
        ReportFirst,
        ReportSecond,
        ReportLast,
        ReportReturned,
        ReportApproved,
        RepaymentClaimed,
        Lapse,
        Withdrawal,
        Reopening,
        AppealReceipt,
        AppealUpheld,
        AppealLate,
    )
}


def kinds_for(entry: JournalEntry) -> list[type[Kind]]:
    """The letters to be written because of a journal entry: mostly one, often none."""
    return [kind for kind in KINDS.values() if kind.tells(entry)]
