"""The letters about a complaint: we have it; the decision stands; it came too late.

A complaint that changes the decision is answered by the new decision's own letter.
"""

from django.utils.timezone import localdate

from letters.facts import base as f
from letters.facts.base import Facts, Material
from letters.kinds.kind import Kind
from letters.vocabulary import appeal as v
from pulje.states import CaseState


class AppealReceipt(Kind):
    """Kvittering for klage: when it came, what happens now, and when the answer comes."""

    code = "APPEAL_RECEIPT"
    title = "Kvittering for klage"
    fields = v.COMPLAINT
    demands = ("svardato",)
    has_questions = True
    tells_about = frozenset({"appeal_received"})
    needs = frozenset({"appeal"})

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return _complaint(m)


class AppealUpheld(Kind):
    """Svar på klage: the decision stands, with reasons and appeal guidance (§§ 22-25)."""

    code = "APPEAL_UPHELD"
    title = "Svar på klage: afgørelsen står ved magt"
    fields = v.UPHELD
    demands = ("begrundelse", "besvaret_den", "beslutter", "retsgrundlag")
    tells_about = frozenset({"appeal_upheld"})
    needs = frozenset({"appeal", "decision", "guidance", "points"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.appeal is not None
        return (
            f.decided(m)
            | _complaint(m)
            | {
                "reasons": m.appeal.answer,
                "answered_on": f.iso(localdate(m.appeal.answered_at or m.entry.at)),
            }
        )


class AppealLate(Kind):
    """Svar på klage: it came after the deadline and is not looked at (a decision of its own)."""

    code = "APPEAL_LATE"
    title = "Svar på klage: kom efter fristen"
    fields = v.COMPLAINT
    demands = ("begrundelse",)
    tells_about = frozenset({"appeal_late"})
    needs = frozenset({"appeal", "decision", "guidance"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.appeal is not None
        return _complaint(m) | {"reasons": m.appeal.answer}


def _complaint(m: Material) -> Facts:
    """When it came, when we answer, and what it is about; `accept_by`: an award that waits."""
    appeal = m.appeal
    assert appeal is not None
    waits = m.application.state == CaseState.APPROVED
    return {
        "received_on": f.iso(localdate(appeal.received_at)),
        "answer_on": f.iso(appeal.due_on),
        "decided_on": f.iso(localdate(appeal.decision.decided_at)),
        "accept_by": f.iso(m.application.due_on) if waits else "",
    }
