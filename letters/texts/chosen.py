"""Which texts a letter is worded with: those in force for its kind, legal basis and day."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from letters.kinds.kind import Kind
from letters.models import Letter, LetterText
from letters.texts import engine
from letters.texts.fields import title_of
from letters.texts.parts import PARTS, QUESTIONS
from letters.texts.standard import standard_of


@dataclass(frozen=True)
class Chosen:
    """A letter's text and the parts it calls for: beside the facts all that its words come from."""

    text: engine.Words
    parts: Mapping[str, engine.Words]

    @property
    def row(self) -> LetterText | None:
        return self.text if isinstance(self.text, LetterText) else None

    @property
    def rows_of_parts(self) -> list[int]:
        return [row.pk for row in self.parts.values() if isinstance(row, LetterText)]

    @property
    def name(self) -> str:
        """Kind, version and a digest of every word: "AWARD 3 0f5a47c2e9b1"."""
        words = [self.text, *(self.parts[code] for code in sorted(self.parts))]
        said = "\0".join(f"{w.kind}\0{w.heading}\0{w.body}\0{w.english}" for w in words)
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        return f"{self.text.kind} {self.row.version if self.row else 0} {digest}"


def in_force(code: str, legal_basis: str, day: date) -> LetterText | None:
    """The text of that day; one of the legal basis before the one for all."""
    return newest([code], legal_basis, day).get(code)


def newest(codes: Iterable[str], legal_basis: str, day: date) -> dict[str, LetterText]:
    """The texts in force of many kinds and parts, by code: one query."""
    rows = LetterText.objects.in_force(day).filter(
        kind__in=set(codes), legal_basis__in={"", legal_basis}
    )
    return {row.kind: row for row in rows.order_by("legal_basis", "version", "pk")}


def in_force_for(kind: type[Kind], legal_basis: str, day: date) -> Chosen:
    """All the texts in force that a letter of this kind needs: one query.

    Raises CannotWord naming the text that is missing.
    """
    return complete(kind, newest([kind.code, *PARTS], legal_basis, day))


def used_by(letter: Letter) -> Chosen | None:
    """The texts a letter was made with; None for one that has not been made."""
    if letter.text is None:
        return None
    parts = LetterText.objects.in_bulk(letter.parts)
    return Chosen(letter.text, {row.kind: row for row in parts.values()})


def part_of(letter: Letter, code: str) -> SafeString:
    """What a part says in a letter that was made, word for word; in an older one the standard's."""
    row = LetterText.objects.filter(pk__in=letter.parts, kind=code).first()
    return engine.render(row or standard_of(code), letter.facts).body


def complete(kind: type[Kind], texts: Mapping[str, engine.Words]) -> Chosen:
    """The kind's text with all the parts that it, its frame and they call for."""
    text = _there(kind.code, texts)
    parts: dict[str, engine.Words] = {}
    called = [*engine.parts_of(text), *([QUESTIONS] if kind.has_questions else [])]
    for code in called:  # a part may call for another, and the list grows
        if code not in parts:
            parts[code] = _there(code, texts)
            called += engine.parts_of(parts[code])
    return Chosen(text, parts)


def _there(code: str, texts: Mapping[str, engine.Words]) -> engine.Words:
    if code not in texts:
        title = title_of(code)
        sentence = f"Teksten til ”{title}” er ikke godkendt. Få den godkendt, og prøv igen."
        raise engine.CannotWord(sentence)
    return texts[code]
