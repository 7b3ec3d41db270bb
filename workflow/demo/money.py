"""What an invented project costs."""

import random
from decimal import Decimal

from pulje.actions.application.application import Line
from pulje.enums import ExpenseCategory, LineKind
from workflow.demo.words import EXPENSES


def amount_of(dice: random.Random, ceiling: int) -> Decimal:
    """Log-normal, median 17.000 kr., whole hundreds, within the pool's ceiling."""
    kr = dice.lognormvariate(9.74, 0.6)
    return Decimal(max(1_000, min(ceiling, round(kr / 500) * 500)))


def budget_of(dice: random.Random, amount: Decimal) -> list[Line]:
    own = (amount * Decimal(dice.choice(("0.15", "0.25", "0.40")))).quantize(Decimal(100)) + 100
    total = amount + own
    names = dice.sample(EXPENSES, 3)
    if names[0][1] == ExpenseCategory.FEES:
        names.reverse()  # the first is half of it all, and a fee may not be that much
    first = (total * Decimal("0.5")).quantize(Decimal(100))
    second = (total * Decimal("0.3")).quantize(Decimal(100))
    parts = (first, second, total - first - second)
    lines = [
        Line(LineKind.EXPENSE, name, kr, category=category)
        for (name, category), kr in zip(names, parts, strict=True)
        if kr > 0
    ]
    return [*lines, Line(LineKind.OWN_FUNDING, "Egenbetaling", own)]
