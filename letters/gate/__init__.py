"""The legal gate: what must hold before a letter may leave, line by line, each with its cure.

Set-wise: the number of queries is the same for one letter and for a whole meeting's. A new line: a
function in the module of its subject (case, words, money, people) that names its Source, and a row
in ``CHECKS`` (docs/how-to/new-gate-line.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from letters.gate import case as gate_case
from letters.gate import money as gate_money
from letters.gate import people as gate_people
from letters.gate import words as gate_words
from letters.gate.found import Found
from letters.gate.matter import Matter, matters_of
from letters.models import Letter


@dataclass(frozen=True)
class Line:
    """One demand on one letter: what was found, and when it is lacking what mends it and where."""

    code: str
    label: str
    is_ok: bool
    sentence: str
    cure: str = ""
    cure_url: str = ""
    law: str = ""
    is_needed: bool = True

    @property
    def word(self) -> str:
        """Not by colour alone."""
        if not self.is_ok:
            return "Mangler"
        return "I orden" if self.is_needed else "Ikke nødvendigt"


@dataclass(frozen=True)
class Check:
    """A line before it is asked; ``missing`` completes "3 breve …"."""

    code: str
    label: str
    missing: str
    law: str
    find: Callable[[Matter], Found]


FVL = "forvaltningsloven"
LOCAL = "kommunens egen regel"
CHECKS = (
    Check(
        "standing",
        "Afgørelsen gælder",
        "fortæller om en afgørelse, der ikke gælder",
        f"{FVL} § 2",
        gate_case.standing,
    ),
    Check("reasons", "Begrundelse", "mangler begrundelse", f"{FVL} § 22", gate_words.reasons),
    Check(
        "grounds",
        "Vedtagne kriterier",
        "nævner ingen vedtagne kriterier",
        f"{FVL} § 24, stk. 1",
        gate_words.grounds,
    ),
    Check(
        "facts",
        "Sagens oplysninger",
        "siger ikke, hvad i sagen der har vejet",
        f"{FVL} § 24, stk. 2",
        gate_words.facts,
    ),
    Check(
        "basis",
        "Retsgrundlag",
        "har ikke det rette retsgrundlag",
        f"{FVL} § 24, stk. 1",
        gate_words.basis,
    ),
    Check("hearing", "Partshøring", "mangler partshøring", f"{FVL} § 19", gate_case.hearing),
    Check(
        "impartial",
        "Habilitet",
        "har en inhabil, eller en der ikke er afklaret",
        f"{FVL} §§ 3-6",
        gate_people.impartial,
    ),
    Check(
        "appeal",
        "Klagevejledning",
        "mangler den rette klagevejledning",
        f"{FVL} § 25",
        gate_words.appeal,
    ),
    Check(
        "amount",
        "Beløb",
        "har et beløb, der ikke stemmer",
        "kommunestyrelsesloven § 40",
        gate_money.amount,
    ),
    Check("conditions", "Vilkår", "mangler vilkår", LOCAL, gate_words.conditions),
    Check(
        "recipient",
        "Modtager",
        "har ikke en modtager og adresse, der passer",
        f"{FVL} § 2",
        gate_people.recipient,
    ),
    Check(
        "minutes",
        "Referat",
        "venter på et godkendt referat",
        "kommunestyrelsesloven § 20",
        gate_case.minutes,
    ),
    Check("four_eyes", "Fire øjne", "mangler fire øjne", LOCAL, gate_people.four_eyes),
    Check(
        "text",
        "Brevets tekst",
        "har en tekst, der ikke er godkendt eller ikke gælder",
        LOCAL,
        gate_words.text,
    ),
    Check(
        "dates", "Dato og frist", "har en dato eller frist, der ikke holder", LOCAL, gate_case.dates
    ),
)


def lines_for(letters: Iterable[Letter], today: date | None = None) -> dict[int, list[Line]]:
    """Every line of each letter, by the letter's id, in the order they are read."""
    matters = matters_of(letters, today or timezone.localdate())
    return {m.letter.pk: lines_of(m) for m in matters}


def lines_of(m: Matter) -> list[Line]:
    """Every line of one letter."""
    return [_line(check, check.find(m)) for check in CHECKS]


def _line(check: Check, found: Found) -> Line:
    return Line(
        code=check.code,
        label=check.label,
        is_ok=found.is_ok,
        sentence=found.sentence,
        cure=found.cure,
        cure_url=found.cure_url,
        law=check.law,
        is_needed=found.is_needed,
    )


def is_open(lines: Iterable[Line]) -> bool:
    """True when nothing is lacking."""
    return all(line.is_ok for line in lines)


def kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as they stood, for ``Letter.gate``."""
    return [asdict(line) for line in lines]


def as_kept(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of ``Letter.gate``, as they stood when the letter was let go."""
    return [Line(**row) for row in rows]


def refusals(letters: Sequence[Letter], lines: Mapping[int, Sequence[Line]]) -> list[str]:
    """What stands in the way, grouped: "2 breve mangler begrundelse: FP-1, FP-2. Skriv …"."""
    told = []
    for check in CHECKS:
        lacking: list[tuple[str, str]] = [
            (letter.application.number, line.cure)
            for letter in letters
            for line in lines[letter.pk]
            if line.code == check.code and not line.is_ok
        ]
        if lacking:
            cures = " ".join(dict.fromkeys(cure for _number, cure in lacking))
            numbers = ", ".join(number for number, _cure in lacking)
            count = "1 brev" if len(lacking) == 1 else f"{len(lacking)} breve"
            told.append(f"{count} {check.missing}: {numbers}. {cures}")
    return told
