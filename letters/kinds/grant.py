"""The letters of a grant that is used: payments, the report, control, money back."""

from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from letters.facts import base as f
from letters.facts import decision as made
from letters.facts import grant as g
from letters.facts.base import Facts, Material
from letters.kinds.case import MAY_OWE
from letters.kinds.kind import Kind, Reminder
from letters.vocabulary import base as t
from letters.vocabulary import grant as v
from pulje.enums import ReminderKind
from pulje.models import JournalEntry
from pulje.queries.told import CONTROL_SELECTED, REPORT_IS_DUE
from pulje.states import CaseState, Verb

PAYMENT_CONFIRMED = "payment_confirmed"  # an instalment that is not the last
# a hearing leads back to where the report is due
REPORT_WAITS_IN = frozenset({*REPORT_IS_DUE, CaseState.IN_HEARING})


class PaymentNotice(Kind):
    """Udbetalingsmeddelelse: an instalment has been paid."""

    code = "PAYMENT_NOTICE"
    title = "Udbetaling"
    fields = t.PAYMENT
    tells_about = frozenset({Verb.MARK_PAID, PAYMENT_CONFIRMED})
    needs = frozenset({"payments"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and "payment" in entry.data

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return g.payment(m)


class PaymentRejected(Kind):
    """Afvist udbetaling: the bank would not take an instalment, and what to do."""

    code = "PAYMENT_REJECTED"
    title = "Udbetalingen blev afvist"
    fields = v.PAYMENT_REJECTED
    demands = ("begrundelse",)
    tells_about = frozenset({"payment_rejected"})
    needs = frozenset({"payments"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return g.payment_refused(m)


class ChangeApproved(Kind):
    """Ja til en ændring: all that was asked for, so neither reasons nor guidance (§§ 22, 25)."""

    code = "CHANGE_APPROVED"
    title = "Afgørelse: ændring godkendt"
    fields = v.CHANGE
    tells_about = frozenset({"change_approved"})
    needs = frozenset({"change"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return g.change(m)


class ChangeRefused(Kind):
    """Nej til en ændring: a decision, with reasons and appeal guidance (§§ 22-25)."""

    code = "CHANGE_REFUSED"
    title = "Afgørelse: ændring ikke godkendt"
    fields = v.CHANGE_REFUSED
    demands = ("begrundelse", "retsgrundlag")
    tells_about = frozenset({"change_refused"})
    needs = frozenset({"change", "decision", "guidance"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | g.change(m)


class ControlSelected(Kind):
    """Stikprøve: the grant is picked out, and what the grantee sends us (award, condition 6)."""

    code = "CONTROL_SELECTED"
    title = "Stikprøve"
    asks_by = "due_on"
    fields = v.CONTROL
    demands = ("bilag", "svarfrist", "forsinket")
    has_questions = True
    tells_about = frozenset({CONTROL_SELECTED})
    needs = frozenset({"decision"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | {"reason": m.entry.data["reason"], "due_on": m.due_on}


class ReportReminder(Reminder):
    """A letter of the report's ladder."""

    asks_by = "due_on"
    waits_in = REPORT_WAITS_IN
    fields = t.REPORTING
    reminder = ReminderKind.REPORT
    needs = frozenset({"decision", "payments"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        a, d = m.application, m.decision
        assert d is not None
        return g.paid(m) | {
            "due_on": m.due_on,
            "report": f.report_name(a, d.amount_kr),
            "awarded_on": f.iso(localdate(d.decided_at)),
            "days_left": (date.fromisoformat(m.due_on) - m.issued_on).days,
        }


class ReportBefore(ReportReminder):
    """Påmindelse before the report's deadline."""

    code, number = "REPORT_BEFORE", 1
    title = "Påmindelse: rapport"
    demands = ("svarfrist",)


class ReportFirst(ReportReminder):
    """1. rykker: the report has not come."""

    code, number = "REPORT_FIRST", 2
    title = "Rykker: rapport"
    demands = ("svarfrist", "forsinket")


class ReportSecond(ReportReminder):
    """2. rykker: no more money until it comes."""

    code, number = "REPORT_SECOND", 3
    title = "2. rykker: rapport"
    demands = ("svarfrist", "forsinket")


class ReportLast(ReportReminder):
    """Sidste rykker, which is also the hearing before repayment (forvaltningsloven § 19)."""

    code, number = "REPORT_LAST", 4
    title = "Sidste rykker og partshøring: rapport"
    demands = ("svarfrist", "forsinket")
    has_questions = True


class ReportReturned(Kind):
    """The report lacks something."""

    code = "REPORT_RETURNED"
    title = "Vi mangler noget i rapporten"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.REPORT_RETURNED, CaseState.IN_HEARING})
    fields = t.INFORMATION
    demands = ("mangler",)
    tells_about = frozenset({Verb.RETURN_REPORT})
    needs = frozenset({"report"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        if "missing" in m.entry.data:
            return {"missing": m.entry.data["missing"]}
        assert m.report is not None  # an old line says it not, and the report its last return
        return {"missing": m.report.missing}


class ReportApproved(Kind):
    """The report is approved, or not asked for after all; thanks."""

    code = "REPORT_APPROVED"
    title = "Rapport godkendt"
    fields = v.REPORT_APPROVED
    tells_about = frozenset({Verb.APPROVE_REPORT, Verb.WAIVE_REPORT})
    needs = frozenset({"payments"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and not ReportReduced.tells(entry)

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return g.reported(m) | {"is_waived": m.entry.event == Verb.WAIVE_REPORT}


class ReportReduced(Kind):
    """The report is approved, but not all that its accounts show: a decision (§§ 22-25)."""

    code = "REPORT_REDUCED"
    title = "Afgørelse: rapport delvist godkendt"
    fields = v.REPORT_REDUCED
    demands = ("begrundelse", "regnskab_beløb", "godkendt_beløb", "retsgrundlag")
    tells_about = frozenset({Verb.APPROVE_REPORT})
    needs = frozenset({"payments", "decision", "guidance"})
    needs_guidance = True

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and "reason" in entry.data

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        version = m.application.version
        assert m.decision is not None
        return g.reported(m) | {
            "reason": m.entry.data["reason"],
            "approved_on": f.iso(localdate(m.entry.at)),
            "decided_on": f.iso(localdate(m.decision.decided_at)),
            "basis": f.BASES[version.legal_basis],
            "guidelines_on": f.iso(version.adopted_on),
        }


class RecoveryHearing(Kind):
    """Partshøring, before money that has been paid is asked back (forvaltningsloven § 19).

    The last report reminder is such a hearing, too, where it is the report that is missing.
    """

    code = "RECOVERY_HEARING"
    title = "Partshøring om tilbagebetaling"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.IN_HEARING})
    fields = v.RECOVERY
    demands = ("oplysninger", "svarfrist", "forsinket")
    has_questions = True
    tells_about = frozenset({Verb.OPEN_HEARING})
    needs = frozenset({"hearing", "decision", "payments"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.from_state in MAY_OWE

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.decision is not None
        decided_on = f.iso(localdate(m.decision.decided_at))
        return f.heard(m) | g.paid(m) | {"decided_on": decided_on}


class RepaymentClaimed(Kind):
    """Tilbagebetalingskrav: a decision of its own, with reasons and appeal guidance."""

    code = "REPAYMENT_CLAIM"
    title = "Afgørelse: tilbagebetaling"
    fields = v.CLAIM
    demands = ("begrundelse", "beløb", "krævet_den", "svarfrist", "forsinket")
    result = "letters/_result_claim.html"
    tells_about = frozenset({Verb.CLAIM_REPAYMENT})
    needs = frozenset({"decision", "claim", "guidance", "points", "payments"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | g.claimed(m)


class Closing(Kind):
    """Afslutning: a grant has come to its end, or the money asked back has.

    What ends without a grant was told by the letter that ended it, and gets no other. Where the
    report was approved before the money came back, the case is still to be closed: another letter.
    """

    code = "CLOSING"
    title = "Afslutning"
    fields = v.CLOSING
    tells_about = frozenset({Verb.CLOSE, Verb.SETTLE_REPAYMENT})
    needs = frozenset({"payments", "repaid"})

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        had_grant = entry.from_state in (CaseState.REPORTED, CaseState.IN_RECOVERY)
        return super().tells(entry) and had_grant

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        repaid_kr = Decimal(m.entry.data.get("received_kr", m.repaid_kr))
        return g.paid(m) | {
            "keep_years": m.application.version.retention_years,
            "is_repayment": m.entry.event == Verb.SETTLE_REPAYMENT,
            "is_open": m.entry.to_state != CaseState.CLOSED,
            "repaid_kr": f.kr(repaid_kr) if repaid_kr else "",
        }
