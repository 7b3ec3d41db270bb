"""What is settled when the account is in: to pay back, to release. Amounts in kr.

`accepted_kr` is the spending that the account shows and the municipality accepts, or for a
guarantee the accepted deficit (below zero = a surplus). Always: paid + still to pay + unused =
granted; what was paid beyond the entitlement comes back as repayment, never as release.
"""

from decimal import Decimal

_NONE_KR = Decimal("0.00")


def amount_to_repay(
    *, granted_kr: Decimal, paid_kr: Decimal, accepted_kr: Decimal, is_guarantee: bool = False
) -> Decimal:
    """Give what must be paid back: all that was paid beyond the entitlement; from nothing up to all
    that was paid.

    Source: the condition in the award letter (domain.md E4, condition 8); folkeoplysningsloven §
    33, stk. 5.
    """
    return max(paid_kr - _entitlement(granted_kr, accepted_kr, is_guarantee), _NONE_KR)


def unused(
    *, granted_kr: Decimal, paid_kr: Decimal, accepted_kr: Decimal, is_guarantee: bool = False
) -> Decimal:
    """Give the part of the grant that is neither paid nor to be paid: what the ledger releases to
    the pool.

    Source: states.md, Money: RELEASE of the unused rest; 0 <= paid <= committed.
    """
    used_kr = max(paid_kr, _entitlement(granted_kr, accepted_kr, is_guarantee))
    return max(granted_kr - used_kr, _NONE_KR)


def _entitlement(granted_kr: Decimal, accepted_kr: Decimal, is_guarantee: bool) -> Decimal:
    """Only a guarantee can end below zero: a surplus entitles to nothing. Source: domain.md A7."""
    if accepted_kr < 0 and not is_guarantee:
        raise ValueError(f"accepted spending cannot be negative: {accepted_kr}")
    return min(granted_kr, max(accepted_kr, _NONE_KR))
