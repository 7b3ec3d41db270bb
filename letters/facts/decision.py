"""The facts of a decision: what, by whom, instead of which, and the terms of an award."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from letters.facts.base import BASES, Facts, Material, iso, kr, report_name
from pulje.enums import CommitteeRole, DecidedBy, PayeeKind
from pulje.models import Application, Decision
from pulje.rules.payments import earliest_days
from pulje.rules.reporting import report_due
from pulje.states import CaseState

LEADS: dict[str | None, str] = {
    CommitteeRole.CHAIR: "Formanden",
    CommitteeRole.VICE_CHAIR: "Næstformanden",
}


def decided(m: Material) -> Facts:
    """What was decided, by whom, on which basis."""
    d, a = m.decision, m.application
    assert d is not None
    return {
        "decided_on": iso(timezone.localdate(d.decided_at)),
        "decider": _decider(m),
        "is_delegated": d.body == DecidedBy.DELEGATION or d.is_anew,
        "is_urgent": d.body == DecidedBy.CHAIR and not d.is_anew,
        "meeting_on": _met_on(d),
        "amount_kr": kr(d.amount_kr),
        "requested_kr": kr(a.requested_kr),
        "reasons": d.reasons,
        "sections": d.sections,
        "basis": BASES[d.legal_basis],
        "guidelines_on": iso(a.version.adopted_on),
        "points": a.points,
        "max_points": m.max_points,
        "is_kept": getattr(d, "is_kept", False),  # annotated: gather()
        "complaint_on": iso(timezone.localdate(m.appeal.received_at)) if m.appeal else "",
    } | _replaced(d)


def _met_on(d: Decision) -> str:
    return iso(timezone.localdate(d.meeting.held_at)) if d.meeting and d.is_of_meeting else ""


def _decider(m: Material) -> str:
    """The body; where it was made anew, the one who did so on the committee's behalf."""
    d = m.decision
    assert d is not None
    committee = d.meeting.committee if d.meeting else m.application.pool.committee
    if d.body == DecidedBy.DELEGATION or committee is None:
        office: str = settings.SITE["office"].partition(", ")[0]
        return office
    if d.is_anew:
        return f"{LEADS.get(getattr(d, 'seat', None), 'Sekretæren')} for {committee.name}"
    return f"Formanden for {committee.name}" if d.body == DecidedBy.CHAIR else committee.name


def _replaced(d: Decision) -> Facts:
    """The decision that stands no longer because of this one; empty where there was none."""
    old = d.replaces if d.is_anew else None
    return {
        "replaced_on": iso(timezone.localdate(old.decided_at)) if old else "",
        "replaced_kr": kr(old.amount_kr) if old and old.amount_kr else "",
    }


def terms(m: Material) -> Facts:
    """The conditions of an award, and how it is paid."""
    d, a = m.decision, m.application
    assert d is not None
    starts_on, ends_on = days_of(a, m.issued_on)
    reported_from = max(ends_on or m.issued_on, m.issued_on)
    return {
        "starts_on": iso(starts_on),
        "ends_on": iso(ends_on),
        "submitted_on": iso(timezone.localdate(a.submitted_at)) if a.submitted_at else "",
        "report": report_name(a, d.amount_kr),
        "report_due_on": iso(report_due(reported_from, a.version.report_months)),
        "keep_years": a.version.retention_years,
        "extra_conditions": [line.strip() for line in d.conditions.splitlines() if line.strip()],
        "payment_plan": a.version.payment_plan,
        "is_paid_internally": a.applicant.payee_kind == PayeeKind.INTERNAL,
        **_paid_from(a, m.issued_on),
    } | _paid_already(m, d.amount_kr)


def _paid_from(a: Application, issued_on: date) -> Facts:
    """The days of the payment plan that a yes alone does not bring on; empty where it does."""
    days = earliest_days(a.version.payment_plan, a.starts_on, issued_on)
    first, following = (*days, None, None)[:2]
    return {"pays_from": iso(first), "pays_next": iso(following)}


def days_of(a: Application, issued_on: date) -> tuple[date | None, date | None]:
    """The last days to begin and to end; none for a project that is over already.

    To begin: not before the day by which the grant must be answered, unless the project ends then.
    """
    starts_on, ends_on = a.starts_on, a.ends_on
    if ends_on and ends_on < issued_on:
        return None, None
    if a.state == CaseState.APPROVED and starts_on and a.due_on:
        starts_on = max(starts_on, a.due_on)
    return (min(starts_on, ends_on) if starts_on and ends_on else starts_on), ends_on


def _paid_already(m: Material, amount_kr: Decimal) -> Facts:
    """Of a new decision in a case that was paid by the old one; empty in every other."""
    done = sum((p.amount_kr for p in m.payments if p.confirmed_at), Decimal(0))
    rest = amount_kr - done
    return {"paid_kr": kr(done), "rest_kr": kr(rest) if rest else ""} if done else {"paid_kr": ""}
