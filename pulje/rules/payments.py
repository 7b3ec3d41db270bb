"""How a grant is paid out: plans as instalments, exact to the øre, and two pairs of eyes."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from pulje.rules.deadlines import add_months

_OERE = Decimal("0.01")

# (share of the grant, months after the start, waits for the approved report)
_PLANS: dict[str, tuple[tuple[Fraction, int, bool], ...]] = {
    "UPFRONT": ((Fraction(1), 0, False),),
    "ON_REQUEST": ((Fraction(1), 0, False),),
    "INSTALMENTS": (
        (Fraction(3, 8), 0, False),
        (Fraction(3, 8), 6, False),
        (Fraction(1, 4), 6, True),
    ),
    "REIMBURSEMENT": ((Fraction(1), 0, True),),
    "DEFICIT_GUARANTEE": ((Fraction(1, 2), 0, False), (Fraction(1, 2), 0, True)),
}


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan, in kr; not paid before `due_on`, and `after_report` not before the
    report is approved.

    Source: the pool's payment plan (local config, domain.md A7).
    """

    number: int
    amount_kr: Decimal
    due_on: date
    after_report: bool


def instalments(plan: str, amount_kr: Decimal, starts_on: date) -> tuple[Instalment, ...]:
    """Give the payments of a plan; they add up to the grant exactly, and each is more than nothing.

    UPFRONT: all at the start. ON_REQUEST: the same, but the grantee asks for it. INSTALMENTS: three
    quarters in two rates half a year apart, the last quarter after the report. REIMBURSEMENT: all
    after the report. DEFICIT_GUARANTEE: half in advance, at most the rest after the report. Shares
    are rounded down to the øre and the last payment takes what is left. Refuses an unknown plan and
    an amount that is not whole, positive øre (ValueError).
    Source: local: Rudersdal pays 3/4 in instalments 1 February and 1 August, lokaludvalg 50 % in
    advance (domain.md A1, A7); each pool chooses its plan (local config).
    """
    if plan not in _PLANS:
        raise ValueError(f"unknown payment plan: {plan}")
    if amount_kr <= 0 or amount_kr != amount_kr.quantize(_OERE):
        raise ValueError(f"not a positive amount in whole øre: {amount_kr}")
    *early, last = _PLANS[plan]
    amounts = [_share(amount_kr, share) for share, _, _ in early]
    amounts.append(amount_kr - sum(amounts, Decimal(0)))
    parts = [(kr, step) for kr, step in zip(amounts, [*early, last], strict=True) if kr]
    return tuple(
        Instalment(number, kr.quantize(_OERE), add_months(starts_on, months), after_report)
        for number, (kr, (_, months, after_report)) in enumerate(parts, start=1)
    )


def earliest_days(plan: str, starts_on: date | None, today: date) -> tuple[date | None, ...]:
    """Give the day before which each instalment is not paid, of those that wait for no report.

    None: as soon as the grantee has said yes, or no day is known yet.
    Source: as ``instalments``, which the days follow.
    """
    early = [months for _share, months, after_report in _PLANS[plan] if not after_report]
    days = [add_months(starts_on, months) if starts_on else None for months in early]
    return tuple(day if day and day > today else None for day in days)


def four_eyes(proposed_by: int, approved_by: int) -> bool:
    """Say whether two different people (user ids) proposed and approved the payment.

    Source: the municipality's kasse- og regnskabsregulativ (local config, domain.md C3).
    """
    return proposed_by != approved_by


def _share(amount_kr: Decimal, share: Fraction) -> Decimal:
    return (amount_kr * share.numerator / share.denominator).quantize(_OERE, ROUND_DOWN)
