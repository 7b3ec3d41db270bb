"""Habilitet: does somebody's tie touch the case?"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class Tie:
    """A person's tie to an association or to somebody in it; open ends are None, both days count.

    Source: forvaltningsloven § 3, stk. 1, nr. 3 (deltager i ledelsen, nær tilknytning).
    """

    name: str
    cvr: str
    since: date | None
    until: date | None


class Told(Protocol):
    """Anything that reads like a Tie, e.g. a row of the register."""

    @property
    def name(self) -> str: ...
    @property
    def cvr(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


AnyTie = TypeVar("AnyTie", bound=Told)


def matches(
    ties: Iterable[AnyTie], *, cvrs: frozenset[str], names: frozenset[str], on: date
) -> tuple[AnyTie, ...]:
    """Give the ties that hold on that day and touch the case by CVR or by name.

    `cvrs` and `names`: applicant, partners and their board. Names are compared without case,
    accents on e and the like, punctuation and "å"/"aa"; CVR numbers by their digits. An empty name
    or number matches nothing.
    Source: forvaltningsloven §§ 3-6 (the comparison of names is local config: rather one question
    too many).
    """
    wanted_cvrs = {_digits(cvr) for cvr in cvrs} - {""}
    wanted_names = {_plain(name) for name in names} - {""}
    return tuple(
        tie
        for tie in ties
        if _holds(tie, on) and (_digits(tie.cvr) in wanted_cvrs or _plain(tie.name) in wanted_names)
    )


def _holds(tie: Told, on: date) -> bool:
    return (tie.since is None or tie.since <= on) and (tie.until is None or on <= tie.until)


def _digits(cvr: str) -> str:
    return re.sub(r"[^0-9]", "", cvr)


def _plain(name: str) -> str:
    """Write "Foreningen  GÅRDEN, Holte" as "foreningen gaarden holte"."""
    folded = unicodedata.normalize("NFC", name).casefold().replace("å", "aa")
    letters = "".join(
        c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)
    )
    return " ".join(re.findall(r"\w+", letters))
