"""The letters that carry a decision, remind of its answer, or say that it no longer stands."""

from typing import ClassVar

from letters.facts import decision as made
from letters.facts import grant as g
from letters.facts.base import Facts, Material
from letters.kinds.kind import Kind, Reminder
from letters.vocabulary import base as t
from letters.vocabulary import grant as v
from pulje.enums import Outcome, ReminderKind
from pulje.models import JournalEntry
from pulje.states import CaseState, Verb

CALLED_OFF = {CaseState.WITHDRAWN, CaseState.DECLINED, CaseState.LAPSED}


class DecisionLetter(Kind):
    """A decision; which of the three follows from its outcome."""

    tells_about = frozenset({Verb.DECIDE, Verb.REDECIDE, Verb.REJECT_FORMALLY})
    needs = frozenset({"decision", "points", "guidance", "answered_appeal"})
    is_decision = True
    waits_in = frozenset(CaseState) - CALLED_OFF
    outcome: ClassVar[Outcome]

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and entry.data.get("outcome") == cls.outcome


class Award(DecisionLetter):
    """Bevilling: all that was asked for. Needs neither reasons nor appeal guidance (§§ 22, 25)."""

    code = "AWARD"
    title = "Afgørelse: tilskud"
    asks_by = "due_on"
    fields = v.AWARDED
    demands = ("vilkår", "udbetaling", "grundlag")
    result = "letters/_result_award.html"
    has_questions = True
    outcome = Outcome.GRANTED
    needs = DecisionLetter.needs | {"payments"}

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and not entry.data.get("is_conditional")

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | made.terms(m)


class ConditionalAward(DecisionLetter):
    """Bevilling på særlige vilkår: all the money, but on conditions of the case's own.

    A burden the applicant did not ask for is not full acceptance: reasons and appeal guidance
    (forvaltningsloven §§ 22, 25; domain.md E4).
    """

    code = "AWARD_CONDITIONS"
    title = "Afgørelse: tilskud på særlige vilkår"
    asks_by = "due_on"
    fields = v.AWARDED
    demands = ("begrundelse", "vilkår", "udbetaling", "grundlag")
    result = "letters/_result_award.html"
    outcome = Outcome.GRANTED
    needs = DecisionLetter.needs | {"payments"}
    needs_guidance = True

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        return super().tells(entry) and bool(entry.data.get("is_conditional"))

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | made.terms(m)


class PartialAward(DecisionLetter):
    """Delvist tilskud: less than asked for, with reasons and appeal guidance (§§ 22, 25)."""

    code = "PARTIAL_AWARD"
    title = "Afgørelse: delvist tilskud"
    asks_by = "due_on"
    fields = v.AWARDED
    demands = ("begrundelse", "vilkår", "udbetaling", "grundlag")
    result = "letters/_result_award.html"
    outcome = Outcome.PARTIALLY_GRANTED
    needs = DecisionLetter.needs | {"payments"}
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | made.terms(m)


class Rejection(DecisionLetter):
    """Afslag, with reasons, what to do instead and appeal guidance (forvaltningsloven §§ 22-25)."""

    code = "REJECTION"
    title = "Afgørelse: afslag"
    fields = v.REJECTION
    demands = ("begrundelse", "grundlag")
    result = "letters/_result_rejection.html"
    outcome = Outcome.REJECTED
    needs_guidance = True
    is_rejection = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m)


class AwardReminder(Reminder):
    """Påmindelse: the grant has not been answered."""

    code = "AWARD_REMINDER"
    title = "Påmindelse: svar på tilskud"
    asks_by = "due_on"
    waits_in = frozenset({CaseState.APPROVED, CaseState.IN_HEARING})
    fields = (*t.DECISION, t.SAID_YES)
    demands = ("svarfrist", "forsinket")
    reminder = ReminderKind.AWARD
    needs = frozenset({"decision"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return made.decided(m) | {"due_on": m.due_on}


class Annulment(Kind):
    """Annullering: the decision no longer stands, and the case is treated again.

    Taking an award back is a decision of its own (forvaltningsloven §§ 22-25).
    """

    code = "ANNULMENT"
    title = "Afgørelse annulleret"
    fields = v.ANNULMENT
    demands = ("begrundelse", "besluttet_den", "retsgrundlag")
    tells_about = frozenset({Verb.ANNUL})
    needs = frozenset({"annulled", "guidance"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return g.taken_away(m) | {"reason": m.entry.data["reason"]}
