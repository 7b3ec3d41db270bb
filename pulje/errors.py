"""The three ways a verb is refused, and an outside system that does not answer.

Each carries a Danish sentence: what, why, what now.
"""

from collections.abc import Mapping


class PuljeError(Exception):
    """A refusal that is shown to the user as it stands."""

    @property
    def sentence(self) -> str:
        return str(self)


class WrongState(PuljeError):
    """The case is not where the verb begins: it has moved on, or is not there yet."""


class NotAllowed(PuljeError):
    """This person may not do this verb to this case."""


class TieUntold(NotAllowed):
    """The person has a tie to the case and has yet to say what it means; there is a page for it."""

    def __init__(self, sentence: str, case: int) -> None:
        super().__init__(sentence)
        self.case = case


class RuleBroken(PuljeError):
    """The law, the pool's rules or the frame forbid it as things stand."""


class FrameTooSmall(RuleBroken):
    """What is recorded is more than the pool holds; the committee may raise its frame first."""


class RowsRefused(RuleBroken):
    """Some of many rows cannot be: ``rows`` has the sentence of each by its case's id."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        super().__init__(" ".join(rows.values()))
        self.rows = rows


class RegisterUnavailable(PuljeError):
    """An outside look-up (CVR, MitID) does not answer; the sentence says how to go on without."""
