"""What the grantee must show afterwards, and when."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pulje.enums import WITHOUT_BOARD
from pulje.rules.deadlines import add_months


class Demand(StrEnum):
    """The kinds of report, from the lightest to the heaviest; the codes stand in the pool's
    settings.

    STORY: five lines, no account. ACCOUNT: account in the budget's format. BOARD_SIGNED: the same,
    signed by the board. AUDITED: checked by the applicant's own auditor. REGISTERED_AUDITOR: by a
    registered auditor.
    Source: local defaults (domain.md A7); folkeoplysningsloven § 29 for pools under that law.
    """

    STORY = "STORY"
    ACCOUNT = "ACCOUNT"
    BOARD_SIGNED = "BOARD_SIGNED"
    AUDITED = "AUDITED"
    REGISTERED_AUDITOR = "REGISTERED_AUDITOR"


# what only a board can give: it signs, and its members elect an auditor
OF_A_BOARD = frozenset({Demand.BOARD_SIGNED, Demand.AUDITED})
DEFAULT_STEPS: tuple[tuple[Decimal | None, str], ...] = (
    (Decimal(10_000), Demand.STORY),
    (Decimal(50_000), Demand.BOARD_SIGNED),
    (Decimal(200_000), Demand.AUDITED),
    (None, Demand.REGISTERED_AUDITOR),
)


def demand_for(
    amount_kr: Decimal,
    steps: Sequence[tuple[Decimal | None, str]] = DEFAULT_STEPS,
    *,
    kind: str,
) -> str:
    """Give the code of the report demanded of this kind of applicant for a granted amount; exactly
    a step's amount belongs to that step.

    Who has no board is asked for the accounts alone where a board would sign or have them checked.

    `steps` are (up to and with this many kr, code), lowest first; None = any amount. Refuses an
    amount above the last step (ValueError).
    Source: local defaults (domain.md A7); each pool's version may set its own.
    """
    for up_to_kr, code in steps:
        if up_to_kr is None or amount_kr <= up_to_kr:
            return Demand.ACCOUNT if code in OF_A_BOARD and kind in WITHOUT_BOARD else code
    raise ValueError(f"no step of the report demands covers {amount_kr} kr")


def report_due(ends_on: date, months: int = 2) -> date:
    """Give the last day for the report, counted from the day the project ends.

    Source: local default 2 months (domain.md A7).
    """
    return add_months(ends_on, months)
