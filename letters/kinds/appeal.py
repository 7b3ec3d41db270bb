"""The letters about a complaint: we have it; the decision stands; it came too late.

A complaint that changes the decision is answered by the new decision's own letter.
"""

from django.utils.timezone import localdate

from letters.facts import base as f
from letters.facts import decision as made
from letters.facts.base import Facts, Material
from letters.kinds.kind import Kind
from letters.vocabulary import appeal as v
from pulje.models import Appeal
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
    asks_by = "accept_by"
    fields = v.UPHELD
    demands = ("begrundelse", "besvaret_den", "beslutter", "retsgrundlag")
    tells_about = frozenset({"appeal_upheld"})
    needs = frozenset({"appeal", "decision", "guidance", "points"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.appeal is not None
        return (
            made.decided(m)
            | _complaint(m)
            | {
                "reasons": m.appeal.answer,
                "answered_on": _answered_on(m.appeal, m),
            }
        )


class AppealLate(Kind):
    """Svar på klage: it came after the deadline and is not looked at (a decision of its own)."""

    code = "APPEAL_LATE"
    title = "Svar på klage: kom efter fristen"
    fields = v.LATE
    demands = ("begrundelse", "besvaret_den", "retsgrundlag")
    tells_about = frozenset({"appeal_late"})
    needs = frozenset({"appeal", "decision", "guidance"})
    needs_guidance = True

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        assert m.appeal is not None
        return _complaint(m) | {
            "reasons": m.appeal.answer,
            "basis": f.BASES[m.application.version.legal_basis],
            "answered_on": _answered_on(m.appeal, m),
            "late_after": m.entry.data.get("last_day", ""),
        }


def _answered_on(appeal: Appeal, m: Material) -> str:
    return f.iso(localdate(appeal.answered_at or m.entry.at))


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
