"""The facts of a grant that is used: payments, changes, control, money back."""

from decimal import Decimal

from django.utils import timezone

from letters.facts import base as f
from letters.facts import decision as made
from letters.facts.base import Facts, Material
from pulje.enums import LegalBasis, Outcome, PayeeKind, PaymentPlan, PaymentState
from pulje.models import Payment
from pulje.rules.repayment import amount_to_repay
from pulje.states import CaseState


def paid(m: Material) -> Facts:
    """The payments so far."""
    return {"paid_kr": f.kr(_paid_kr(m)), "granted_kr": f.kr(m.application.granted_kr)}


def _paid_kr(m: Material) -> Decimal:
    done = (p.amount_kr for p in m.payments if p.state == PaymentState.CONFIRMED)
    return sum(done, Decimal(0))


def reported(m: Material) -> Facts:
    """What came of the report: spent, accepted, still to be paid, cut, left over; empty: nothing.

    Left over is what was paid beyond what the accounts cover: asked back, if at all, by a claim
    of its own after a hearing. A report that was waived has no accounts.
    """
    told, granted_kr = m.entry.data, m.application.granted_kr or Decimal(0)
    sums = {"granted_kr": granted_kr, "paid_kr": _paid_kr(m)}
    accepted_kr = Decimal(told.get("accepted_kr") or granted_kr)
    plan = m.application.version.payment_plan
    is_guarantee = plan == PaymentPlan.DEFICIT_GUARANTEE
    left_kr = amount_to_repay(**sums, accepted_kr=accepted_kr, is_guarantee=is_guarantee)
    rest_kr = sum((p.amount_kr for p in m.payments), Decimal(0)) - _paid_kr(m)
    return paid(m) | {
        "payment_plan": plan,
        "shown_kr": told.get("shown_kr", ""),
        "accepted_kr": told.get("accepted_kr", ""),
        "covered_kr": f.kr(min(accepted_kr, granted_kr)),
        "cut_kr": _unless_nothing(Decimal(told.get("cut_kr", 0))),
        "left_kr": _unless_nothing(left_kr),
        "rest_kr": _unless_nothing(rest_kr),
    }


def _unless_nothing(amount_kr: Decimal) -> str:
    return f.kr(amount_kr) if amount_kr else ""


def payment(m: Material) -> Facts:
    """The instalment the entry tells about, among all of its decision's."""
    a = m.application
    (this,) = [p for p in m.payments if p.pk == m.entry.data["payment"]]
    return paid(m) | {
        "amount_kr": f.kr(this.amount_kr),
        "rate": this.number,
        "rates": [_rate(p) for p in m.payments if p.decision_id == this.decision_id],
        "is_internal": this.payee_kind == PayeeKind.INTERNAL,
        "report": f.report_name(a, a.granted_kr or this.amount_kr),
        "report_due_on": "" if a.state == CaseState.REPORTED else f.iso(a.due_on),
    }


def _rate(p: Payment) -> Facts:
    return {
        "number": p.number,
        "amount_kr": f.kr(p.amount_kr),
        "due_on": f.iso(p.due_on),
        "is_paid": p.confirmed_at is not None,
        "after_report": p.after_report,
    }


def claimed(m: Material) -> Facts:
    """The money we want back, why, and whether the applicant was heard."""
    claim, a = m.claim, m.application
    assert claim is not None
    hearing, told_on = claim.hearing, m.heard.told_on if m.heard else None
    heard_on = timezone.localdate(hearing.opened_at) if hearing else told_on
    return paid(m) | {
        "claimed_on": f.iso(timezone.localdate(m.entry.at)),
        "amount_kr": f.kr(claim.amount_kr),
        "reasons": claim.reasons,
        "due_on": f.iso(claim.due_on),
        "heard_on": f.iso(heard_on),
        "is_heard_by_reminder": hearing is None and heard_on is not None,
        "answer": hearing.answer if hearing else "",
        "is_by_education_act": a.version.legal_basis == LegalBasis.FOL,
    }


def taken_away(m: Material) -> Facts:
    """The decision that is annulled or has lapsed, and on which basis; an application has none."""
    version, d = m.application.version, m.decision
    told = {
        "ended_on": f.iso(timezone.localdate(m.entry.at)),
        "basis": f.BASES[version.legal_basis],
        "guidelines_on": f.iso(version.adopted_on),
    }
    if d is None:
        return told
    was = made.decided(m)
    is_grant = d.outcome != Outcome.REJECTED
    granted = {"was_grant": is_grant, "granted_kr": f.kr(d.amount_kr) if is_grant else ""}
    return told | granted | {name: was[name] for name in ("decided_on", "decider")}


def payment_refused(m: Material) -> Facts:
    """The instalment the bank would not take, and why."""
    (this,) = [p for p in m.payments if p.pk == m.entry.data["payment"]]
    return {
        "amount_kr": f.kr(this.amount_kr),
        "reason": this.failure,
        "is_internal": this.payee_kind == PayeeKind.INTERNAL,
    }


def change(m: Material) -> Facts:
    """What was asked to be changed, and what we answered; empty texts where nothing was said."""
    change = m.change
    assert change is not None
    return {
        "asked_on": f.iso(timezone.localdate(change.asked_at)),
        "wish": change.reason,
        "new_starts_on": f.iso(change.starts_on),
        "new_ends_on": f.iso(change.ends_on),
        "has_new_purpose": bool(change.purpose.strip()),
        "has_new_budget": bool(change.lines),
        "reasons": change.answer,
        "report_due_on": m.due_on,
    }
