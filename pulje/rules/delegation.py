"""Who decides: the administration alone, or the committee."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pulje.rules.deadlines import add_working_days


class Hindrance(StrEnum):
    """Why the committee must decide, in the order they are told."""

    NO_LIMIT = "NO_LIMIT"
    NO_BASIS = "NO_BASIS"
    NOT_BEGUN = "NOT_BEGUN"
    ENDED = "ENDED"
    OVER_LIMIT = "OVER_LIMIT"


def hindrance(
    *,
    amount_kr: Decimal,
    limit_kr: Decimal | None,
    on: date,
    valid_from: date | None,
    valid_until: date | None,
    legal_basis_allows: bool = True,
) -> Hindrance | None:
    """Give what keeps the administration from deciding alone; None when nothing does.

    ``amount_kr`` is what is applied for, not what is proposed: a large application is the
    committee's also when little or nothing of it is to be granted.
    ``limit_kr`` None = nothing is delegated; exactly the limit is within it. The delegation holds
    on both its first and last day; None = open end. ``legal_basis_allows`` is False when no adopted
    delegation can be named.
    Source: kommunestyrelsesloven (delegation must be decided by the body that has the power); the
    limit is local, dated and counted on the application (domain.md A5: "ansøgninger under …").
    """
    if limit_kr is None:
        return Hindrance.NO_LIMIT
    if not legal_basis_allows:
        return Hindrance.NO_BASIS
    if valid_from is not None and on < valid_from:
        return Hindrance.NOT_BEGUN
    if valid_until is not None and valid_until < on:
        return Hindrance.ENDED
    return Hindrance.OVER_LIMIT if amount_kr > limit_kr else None


def answer_due(received_on: date, working_days: int = 10) -> date:
    """Give the last day for the answer to an application decided by delegation.

    Source: local: "svar inden for 10 hverdage" (domain.md A5, Roskilde); letter E1.
    """
    return add_working_days(received_on, working_days)
