"""Who decides a case, and why: the leader by an adopted delegation, else the committee."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from pulje.models import Application, Recommendation
from pulje.rules.delegation import Hindrance, answer_due, hindrance
from pulje.templatetags.words import dato, dato_aar, kr_text


def hindrance_of(case: Application, on: date) -> Hindrance | None:
    """What keeps the leader from deciding the case alone that day; no query (version is read).

    A test pool's cases never come before the committee: the leader decides all of them.
    """
    if case.pool.is_test:
        return None
    version = case.version
    return hindrance(
        amount_kr=case.requested_kr or Decimal(0),
        limit_kr=version.delegation_limit_kr,
        on=on,
        valid_from=version.delegation_from,
        valid_until=version.delegation_until,
        legal_basis_allows=bool(version.delegation_basis),
    )


def who_decides(case: Application, on: date) -> str:
    """Who decides and why, in a sentence for the case worker; no query."""
    version, reason = case.version, hindrance_of(case, on)
    limit, asked = kr_text(version.delegation_limit_kr), kr_text(case.requested_kr)
    if case.pool.is_test:
        return "Prøvepulje: lederen afgør alt, også det, udvalget ellers skulle."
    if reason is None:
        basis = version.delegation_basis.rstrip(".")
        return f"Afgøres af lederen: søgt {asked} er inden for {limit}, {basis}."
    why = {
        Hindrance.NO_LIMIT: "puljen ikke har delegeret noget til forvaltningen.",
        Hindrance.NO_BASIS: "puljen ikke siger, hvornår delegationen er besluttet.",
        Hindrance.NOT_BEGUN: f"delegationen først gælder fra {dato_aar(version.delegation_from)}.",
        Hindrance.ENDED: f"delegationen ophørte {dato_aar(version.delegation_until)}.",
        Hindrance.OVER_LIMIT: f"der er søgt {asked}, og lederen kan afgøre til og med {limit}",
    }
    return f"Går til udvalget, fordi {why[reason]}"


def why_decided_by(case: Application, proposal: Recommendation) -> str:
    """Who decides a recommended case, and why; for the leader's also by when, and why then."""
    said = who_decides(case, timezone.localdate(proposal.recommended_at))
    if not proposal.is_delegated or case.submitted_at is None or case.due_on is None:
        return said
    return f"{said} {_answer_promised(case, case.due_on, case.submitted_at)}"


def _answer_promised(case: Application, due_on: date, received_at: datetime) -> str:
    days = case.version.answer_working_days
    promised = answer_due(timezone.localdate(received_at), days)
    said = f"Svar senest {dato(due_on)}: {days} arbejdsdage efter modtagelsen"
    if due_on <= promised:
        return f"{said}."
    return f"{said}, og de dage, ansøger har haft sagen."
