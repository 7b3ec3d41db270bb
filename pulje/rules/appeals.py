"""Complaints over a decision: how long we take, until when one may come, and what it may change."""

import re
from datetime import date, timedelta
from decimal import Decimal

from pulje.enums import LegalBasis
from pulje.rules.deadlines import add_working_days

ANSWER_WITHIN = timedelta(weeks=4)
APPEAL_WITHIN: dict[str, timedelta] = {LegalBasis.SEL18: timedelta(weeks=4)}
FOUR_WEEKS = re.compile(r"\b(?:fire|4)\s+uger\b", re.IGNORECASE)


def answer_by(received_on: date) -> date:
    """Give the last day for our answer: four weeks after it came, and then a day we work.

    Source: local config; the four weeks are those of social cases (retssikkerhedsloven § 66, from
    general knowledge, to be checked by the municipality's lawyer).
    """
    return add_working_days(received_on + ANSWER_WITHIN, 0)


def last_day(legal_basis: str, told_on: date | None) -> date | None:
    """Give the last day to complain; None where no law sets one, or nobody has been told yet.

    Kommunalfuldmagten and folkeoplysningsloven know no higher authority for a grant, and so no
    deadline: we look again whenever somebody asks.
    Source: domain.md E0; serviceloven: retssikkerhedsloven § 67 (four weeks), not verified for § 18
    and to be approved by the municipality's lawyer (local config).
    """
    within = APPEAL_WITHIN.get(legal_basis)
    return told_on + within if within and told_on else None


def names_deadline(guidance: str) -> bool:
    """Say whether an appeal guidance tells the deadline; one that was not told stops nobody.

    Source: forvaltningsloven § 25, stk. 1 (the guidance says what the time to complain is).
    """
    return FOUR_WEEKS.search(guidance) is not None


def is_too_late(received_on: date, last: date | None) -> bool:
    """Say whether a complaint came after its deadline; the whole last day is in time.

    Source: the deadline of ``last_day``.
    """
    return last is not None and received_on > last


def is_better(old_kr: Decimal, new_kr: Decimal) -> bool:
    """Say whether a new amount may be the answer to a complaint: only one that gives more.

    Whoever complains is not made worse off by it (reformatio in peius); the same amount is no
    change, the decision is upheld.
    Source: the general principle of administrative law (local config: always held).
    """
    return new_kr > old_kr
