"""One class per letter: what it tells about, its title, its facts, what the law asks of it.

A new letter: a class here, a template, facts, a snapshot test (docs/how-to/new-letter.md).
"""

from typing import ClassVar

from letters import facts
from letters.facts import Facts, Surroundings
from pulje.enums import Outcome
from pulje.models import Application, JournalEntry
from pulje.states import Verb

NO_APPEAL_TEXT = (
    "Der er ingen godkendt klagevejledning til puljens retsgrundlag. "
    "Få den godkendt, og prøv brevet igen."
)


class Kind:
    """A letter about one event in the journal."""

    code: ClassVar[str]
    template: ClassVar[str]
    tells_about: ClassVar[frozenset[str]]
    subject: ClassVar[str]
    about: ClassVar[str] = ""

    @classmethod
    def applies(cls, entry: JournalEntry) -> bool:
        """True when this letter tells about this entry."""
        return entry.event in cls.tells_about

    @classmethod
    def title(cls, said: Facts) -> str:
        """A title fit for a public register: kind and case number, no names."""
        return f"{cls.subject} – sag {said['number']}"

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        """What this letter says beyond ``facts.common``."""
        return {}

    @classmethod
    def facts(cls, application: Application, entry: JournalEntry, around: Surroundings) -> Facts:
        """Everything the template may see."""
        return {
            **facts.common(application, entry.at),
            **cls.own_facts(application, entry, around),
        }

    @classmethod
    def hindrance(cls, said: Facts) -> str:
        """Why the letter may not be sent as it stands; empty when the law's demands are met."""
        return ""

    @classmethod
    def needs_second_reader(cls, application: Application) -> bool:
        return False


class Receipt(Kind):
    """We have received your application (E1)."""

    code, template = "RECEIPT", "letters/receipt.html"
    tells_about = frozenset({Verb.SUBMIT, Verb.REGISTER_ON_BEHALF})
    subject = "Vi har modtaget ansøgningen"

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return facts.receipt(application)


class MissingInformation(Kind):
    """We lack something before we can go on (E2; forvaltningsloven § 7)."""

    code, template = "MISSING_INFORMATION", "letters/missing_information.html"
    tells_about = frozenset({Verb.ASK_FOR_INFORMATION})
    subject = "Vi mangler oplysninger"

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        asked = around.requests[application.pk]
        return {"message": asked.message, "due_on": facts.day(asked.due_on)}


class Hearing(Kind):
    """We ask for your remarks (E3; forvaltningsloven § 19)."""

    code, template = "HEARING", "letters/hearing.html"
    tells_about = frozenset({Verb.OPEN_HEARING})
    subject = "Partshøring"

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        hearing = around.hearings[application.pk]
        return {
            "fact": hearing.fact,
            "source": hearing.source,
            "due_on": facts.day(hearing.due_on),
        }


class _DecisionLetter(Kind):
    tells_about = frozenset({Verb.DECIDE, Verb.REDECIDE, Verb.REJECT_FORMALLY})
    outcome: ClassVar[Outcome]

    @classmethod
    def applies(cls, entry: JournalEntry) -> bool:
        return super().applies(entry) and entry.data["outcome"] == cls.outcome

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return facts.decision(application, around.decisions[entry.data["decision"]], around)


class _WithAppeal(_DecisionLetter):
    """A decision that is not wholly in favour: reasons and appeal guidance (§§ 22 and 25)."""

    @classmethod
    def hindrance(cls, said: Facts) -> str:
        if not said["reasons"]:
            return "Afgørelsen mangler en begrundelse (forvaltningsloven § 22)."
        return "" if said["appeal"] else NO_APPEAL_TEXT


class Award(_DecisionLetter):
    """You get all you applied for (E4)."""

    code, template, subject = "AWARD", "letters/award.html", "Afgørelse: bevilling"
    outcome = Outcome.GRANTED


class PartialAward(_WithAppeal):
    """You get part of what you applied for (E5)."""

    code, template = "PARTIAL_AWARD", "letters/award.html"
    subject, outcome = "Afgørelse: delvis bevilling", Outcome.PARTIALLY_GRANTED


class Rejection(_WithAppeal):
    """You do not get the money, and why (E6)."""

    code, template, subject = "REJECTION", "letters/rejection.html", "Afgørelse: afslag"
    outcome = Outcome.REJECTED

    @classmethod
    def needs_second_reader(cls, application: Application) -> bool:
        return application.version.second_reader_for_rejections


class PaymentNotice(Kind):
    """The money is on its way (E7)."""

    code, template, subject = "PAYMENT", "letters/payment.html", "Udbetaling"
    tells_about = frozenset({Verb.MARK_PAID, "payment_confirmed"})

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return facts.payment(application, around.payments[entry.data["payment"]], around)


class _Reminder(Kind):
    tells_about = frozenset({"reminded"})
    reminder: ClassVar[str]
    rungs: ClassVar[frozenset[int]]

    @classmethod
    def applies(cls, entry: JournalEntry) -> bool:
        said = entry.data
        return (
            super().applies(entry)
            and said["kind"] == cls.reminder
            and int(said["number"]) in cls.rungs
        )

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return {
            "rung": entry.data["number"],
            "due_on": facts.day(str(entry.data["due_on"])),
            "granted": facts.kr_text(application.granted_kr),
        }


class ReportSoon(_Reminder):
    """The report is due in two weeks (E8, before the deadline)."""

    code, template, subject = "REPORT_SOON", "letters/report_soon.html", "Rapport om to uger"
    reminder, rungs = "REPORT", frozenset({1})


class ReportReminder(_Reminder):
    """The report is late (E8, first and second reminder)."""

    code, template, subject = "REPORT_REMINDER", "letters/report_late.html", "Rykker for rapport"
    reminder, rungs = "REPORT", frozenset({2, 3})


class ReportLastReminder(_Reminder):
    """The last reminder, which is also the hearing (E8; forvaltningsloven § 19)."""

    code, template = "REPORT_LAST_REMINDER", "letters/report_last.html"
    subject, reminder, rungs = "Sidste rykker og partshøring", "REPORT", frozenset({4})


class InformationReminder(_Reminder):
    """We still lack your answer."""

    code, template = "INFORMATION_REMINDER", "letters/information_reminder.html"
    subject, reminder, rungs = "Husk at svare", "INFORMATION", frozenset({1})


class AwardReminder(_Reminder):
    """We still lack your yes or no to the award."""

    code, template, subject = "AWARD_REMINDER", "letters/award_reminder.html", "Husk at sige ja"
    reminder, rungs = "AWARD", frozenset({1})


class ReportReturned(Kind):
    """Something is missing in the report."""

    code, template, subject = "REPORT_RETURNED", "letters/report_returned.html", "Rapport mangler"
    tells_about = frozenset({Verb.RETURN_REPORT})

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return {
            "missing": application.report.missing,
            "due_on": facts.day(str(entry.data["due_on"])),
        }


class ReportApproved(Kind):
    """Thank you for the report."""

    code, template, subject = "REPORT_APPROVED", "letters/report_approved.html", "Rapport godkendt"
    tells_about = frozenset({Verb.APPROVE_REPORT})


class RepaymentClaimed(Kind):
    """You must pay money back (E9)."""

    code, template = "REPAYMENT_CLAIM", "letters/repayment_claim.html"
    subject = "Afgørelse: tilbagebetaling"
    tells_about = frozenset({Verb.CLAIM_REPAYMENT})

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return facts.claim(application, around.claims[entry.data["claim"]], around)

    @classmethod
    def hindrance(cls, said: Facts) -> str:
        return "" if said["appeal"] else NO_APPEAL_TEXT


class Lapsed(Kind):
    """The case has ended because nobody answered."""

    code, template, subject = "LAPSED", "letters/lapsed.html", "Sagen er bortfaldet"
    tells_about = frozenset({Verb.LAPSE})

    @classmethod
    def applies(cls, entry: JournalEntry) -> bool:
        return super().applies(entry) and entry.from_state != "DRAFT"


class Withdrawn(Kind):
    """You have withdrawn the application."""

    code, template = "WITHDRAWN", "letters/withdrawn.html"
    subject = "Ansøgningen er trukket tilbage"
    tells_about = frozenset({Verb.WITHDRAW})

    @classmethod
    def applies(cls, entry: JournalEntry) -> bool:
        return super().applies(entry) and entry.from_state != "DRAFT"


class Annulled(Kind):
    """The decision is annulled and the case looked at again."""

    code, template, subject = "ANNULLED", "letters/annulled.html", "Afgørelsen er annulleret"
    tells_about = frozenset({Verb.ANNUL})

    @classmethod
    def own_facts(
        cls, application: Application, entry: JournalEntry, around: Surroundings
    ) -> Facts:
        return {"reason": entry.data["reason"]}


_ALL: tuple[type[Kind], ...] = (
    Receipt,
    MissingInformation,
    InformationReminder,
    Hearing,
    Award,
    PartialAward,
    Rejection,
    AwardReminder,
    PaymentNotice,
    ReportSoon,
    ReportReminder,
    ReportLastReminder,
    ReportReturned,
    ReportApproved,
    RepaymentClaimed,
    Lapsed,
    Withdrawn,
    Annulled,
)
KINDS: dict[str, type[Kind]] = {kind.code: kind for kind in _ALL}


def kind_about(entry: JournalEntry) -> type[Kind] | None:
    """The letter that tells about this entry, if any does."""
    return next((kind for kind in _ALL if kind.applies(entry)), None)
