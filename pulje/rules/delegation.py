"""Who decides: the administration alone, or the committee."""

from datetime import date
from decimal import Decimal

from pulje.rules.deadlines import add_working_days


def may_decide_alone(
    *,
    amount_kr: Decimal,
    limit_kr: Decimal | None,
    on: date,
    valid_from: date | None,
    valid_until: date | None,
    legal_basis_allows: bool = True,
) -> bool:
    """Say whether the administration may decide without the committee; exactly the limit is within
    it.

    `limit_kr` None = nothing is delegated. The delegation holds on both its first and last day;
    None = open end.
    Source: kommunestyrelsesloven (delegation); the limit is local and dated (domain.md A5).
    """
    if not legal_basis_allows or limit_kr is None:
        return False
    begun = valid_from is None or valid_from <= on
    ended = valid_until is not None and valid_until < on
    return begun and not ended and amount_kr <= limit_kr


def answer_due(received_on: date, working_days: int = 10) -> date:
    """Give the last day for the answer to an application decided by delegation.

    Source: local: "svar inden for 10 hverdage" (domain.md A5, Roskilde); letter E1.
    """
    return add_working_days(received_on, working_days)
