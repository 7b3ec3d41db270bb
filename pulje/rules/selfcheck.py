"""Kan I søge? The pool's hard rules asked as questions, before anything is written or stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What one may say to a question; no answer counts as UNSURE."""

    YES = "ja"
    NO = "nej"
    UNSURE = "ved-ikke"


class Verdict(StrEnum):
    """From best to worst: it fits; find out; mend it first; not possible in this pool."""

    FITS = "fits"
    ASK = "ask"
    MEND = "mend"
    NEVER = "never"


@dataclass(frozen=True)
class Demand:
    """A hard rule: the statement that must hold, what to do when not, the pool that fits better.

    Source: the pool's adopted guidelines (Gate rows; who may apply, amounts and dates).
    """

    key: str
    statement: str
    advice: str
    other_pool_code: str = ""
    is_absolute: bool = False


@dataclass(frozen=True)
class Line:
    """A demand and how it stands with the answer given."""

    demand: Demand
    verdict: Verdict


@dataclass(frozen=True)
class Result:
    """All lines in their order, and the worst of them."""

    lines: tuple[Line, ...]
    verdict: Verdict

    def of(self, verdict: Verdict) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict == verdict)

    @property
    def other_pool_codes(self) -> tuple[str, ...]:
        """The pools named where this one does not fit, each once."""
        not_here = (line for line in self.lines if line.verdict in (Verdict.MEND, Verdict.NEVER))
        codes = (line.demand.other_pool_code for line in not_here)
        return tuple(dict.fromkeys(code for code in codes if code))


def judge(demands: Sequence[Demand], answers: Mapping[str, Answer]) -> Result:
    """Hold the answers (by the demand's key) against the demands; the worst line is the verdict.

    A no can be put right unless the demand is absolute. No demands at all: it fits.
    Source: forvaltningsloven § 7 (guidance before applying); the pool's adopted guidelines.
    """
    lines = tuple(
        Line(demand, _verdict(demand, answers.get(demand.key, Answer.UNSURE))) for demand in demands
    )
    order = list(Verdict)
    worst = max((line.verdict for line in lines), key=order.index, default=Verdict.FITS)
    return Result(lines, worst)


def _verdict(demand: Demand, answer: Answer) -> Verdict:
    if answer == Answer.YES:
        return Verdict.FITS
    if answer == Answer.UNSURE:
        return Verdict.ASK
    return Verdict.NEVER if demand.is_absolute else Verdict.MEND
