"""A pool's own questions: which of them an applicant is asked, given the answers so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """A question is only asked when the question ``on`` has this ``answer``."""

    on: str
    answer: str


def is_shown(key: str, conditions: Mapping[str, Condition], answers: Mapping[str, str]) -> bool:
    """True when the question is asked: its condition holds, and so do those it hangs on.

    An answer to a question that is not asked itself opens nothing; a circle opens nothing.
    ``conditions`` has no entry for a question that is always asked.
    Source: the pool's own form, set by its case workers (local config).
    """
    passed: set[str] = set()
    while key in conditions:
        condition = conditions[key]
        if key in passed or answers.get(condition.on) != condition.answer:
            return False
        passed.add(key)
        key = condition.on
    return True


def hangs_on_later(keys: Sequence[str], conditions: Mapping[str, Condition]) -> str:
    """The first question whose condition does not stand before it, or an empty string.

    Where every condition stands before, there can be no circle.
    Source: the pool's own form, set by its case workers (local config).
    """
    asked: set[str] = set()
    for key in keys:
        if key in conditions and conditions[key].on not in asked:
            return key
        asked.add(key)
    return ""
