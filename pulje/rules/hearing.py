"""Partshøring: when the party must be heard, and how long the decision waits."""

from datetime import date


def must_hear(*, from_others: bool, against: bool, essential: bool, unknown: bool) -> bool:
    """Say whether the applicant must be heard before the decision: all four must hold.

    The information comes from others, speaks against the applicant, is of essential importance,
    and the applicant does not know that we have it.
    Source: forvaltningsloven § 19, stk. 1.
    """
    return from_others and against and essential and unknown


def blocks_decision(*, due_on: date, answered_on: date | None, today: date) -> bool:
    """Say whether an open hearing still forbids to decide.

    Until it is answered, or its deadline has passed; the whole day of the deadline belongs to the
    applicant.
    Source: forvaltningsloven § 19, stk. 1 (no decision before the party could speak).
    """
    return answered_on is None and today <= due_on


def is_heard(*, told_on: date | None, due_on: date, today: date) -> bool:
    """Say whether a letter that puts something to the party has been a hearing, also unanswered.

    It could be read, and the whole of the last day it gives has passed.
    Source: forvaltningsloven § 19, stk. 1; digital post-loven § 10 (read when available).
    """
    return told_on is not None and not blocks_decision(due_on=due_on, answered_on=None, today=today)
