"""What is different between two texts, line by line and in a changed line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
LIKE = 0.4  # lines that share less are two lines, not one that was changed
MOST_WORDS = 1_500  # above this a changed part is shown whole: comparing its words takes too long


@dataclass(frozen=True)
class Piece:
    """Some words that are the same, added or removed."""

    kind: str
    text: str


Line = tuple[Piece, ...]


def difference(before: str, after: str) -> list[Line]:
    """Every line of both texts in order; lines that only one has stand where they belong."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [(Piece(SAME, line),) for line in old[a:b]]
        else:
            lines += _changed(old[a:b], new[c:d])
    return lines


def is_same(lines: Sequence[Line]) -> bool:
    """True when nothing was added or removed."""
    return all(piece.kind == SAME for line in lines for piece in line)


def _changed(old: list[str], new: list[str]) -> Iterator[Line]:
    """Lines in pairs as far as they go, then those of the longer side alone."""
    pairs = min(len(old), len(new))
    for before, after in zip(old[:pairs], new[:pairs], strict=True):
        yield tuple(_words(before, after))
    yield from ((Piece(REMOVED, line),) for line in old[pairs:])
    yield from ((Piece(ADDED, line),) for line in new[pairs:])


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _split(before), _split(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) + len(new) > MOST_WORDS or matcher.ratio() < LIKE:
        yield from (Piece(kind, said) for kind, said in ((REMOVED, before), (ADDED, after)) if said)
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[a:b]))
            continue
        if a < b:
            yield Piece(REMOVED, "".join(old[a:b]))
        if c < d:
            yield Piece(ADDED, "".join(new[c:d]))


def _split(line: str) -> list[str]:
    """Merge fields whole, words with the space after them."""
    return re.findall(r"\{\{[^}]*\}\}\s*|\{%[^%]*%\}\s*|\{\w+\}\s*|[^\s{]+\s*|\{\s*|\s+", line)
