"""What hinders that words become a letter's text: sentences for the one who writes it."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from letters.texts.fields import demands_of, fields_of
from letters.texts.language import NoText, Use, compiled
from letters.texts.parts import PARTS
from letters.vocabulary.base import Field, Shape

FOREIGN = (
    (r"<[a-zA-Z/!]", "HTML kan ikke bruges her. Skriv teksten uden < og >."),
    (r"^\s*#(?!# \S)", "En overskrift skrives med ## og et mellemrum."),
    (r"^\s*(>|```|~~~)", "Citater og kode kan ikke bruges i et brev."),
    (r"^\s*([-*_]\s*){3,}$", "En streg på tværs kan ikke bruges i et brev."),
    (r"^\s*[*+] ", "Et punkt i en liste skrives med - og et mellemrum."),
    (r"\]\(", "Links kan ikke bruges. Skriv adressen, som den er, eller brug et felt."),
    (r"^\s*\|.*\|\s*$", "Tabeller kan ikke skrives. Brug et felt, der er en tabel."),
    (r"^(?:\s{2}|\t)\s*(?:- |\d+\. )", "En liste kan ikke ligge inden i en anden liste."),
)


def problems(kind: str, heading: str, body: str, english: str) -> list[str]:
    """What hinders that these words become the text of ``kind``; empty when nothing does."""
    fields = {field.name: field for field in fields_of(kind)}
    found = []
    if kind not in PARTS and not heading.strip():
        found.append("Overskriften mangler.")
    if not body.strip():
        found.append("Teksten mangler.")
    found += [f"Overskriften: {said}" for said in _heading(heading, fields)]
    found += [f"Teksten, {said}" for said in _text(body, fields)]
    found += [f"Den engelske tekst, {said}" for said in _text(english, fields)]
    return found or [f"Teksten: {said}" for said in _missing(kind, heading, body, fields)]


def _heading(source: str, fields: Mapping[str, Field]) -> Iterator[str]:
    try:
        uses = compiled(source).uses
    except NoText as reason:
        yield str(reason)
        return
    if "\n" in source.strip():
        yield "Den skal stå på én linje."
    for use in uses:
        if wrong := _wrong_name(use, fields):
            yield wrong
        elif use.is_printed and fields[use.name].shape != Shape.WORDS:
            yield f"Feltet {{{{ {use.name} }}}} er ikke ord og kan ikke stå i en overskrift."


def _text(source: str, fields: Mapping[str, Field]) -> Iterator[str]:
    try:
        uses = compiled(source).uses
    except NoText as reason:
        yield f"{reason.sentence[0].lower()}{reason.sentence[1:]}"
        return
    lines = source.split("\n")
    for use in uses:
        wrong = _wrong_name(use, fields) or _wrong_place(use, fields[use.name], lines[use.line - 1])
        if wrong:
            yield f"linje {use.line}: {wrong}"
    for number, line in enumerate(lines, start=1):
        for pattern, sentence in FOREIGN:
            if re.search(pattern, line):
                yield f"linje {number}: {sentence}"


def _wrong_name(use: Use, fields: Mapping[str, Field]) -> str:
    if use.name in fields:
        return ""
    near = get_close_matches(use.name, fields, 1)
    meant = f" Mente du {{{{ {near[0]} }}}}?" if near else " Se listen over felter."
    return f"Feltet {{{{ {use.name} }}}} findes ikke i dette brev.{meant}"


def _wrong_place(use: Use, field: Field, line: str) -> str:
    if not use.is_printed or field.shape == Shape.WORDS:
        return ""
    if field.is_condition:
        return f"Feltet {field.name} er en betingelse: {field.example}."
    tag = rf"\s*\{{\{{-?\s*{field.name}\s*-?\}}\}}\s*"
    if field.is_block and not re.fullmatch(tag, line):
        return f"Feltet {{{{ {field.name} }}}} skal stå alene på en linje."
    if field.shape == Shape.ITEMS and not re.fullmatch(rf"(?:-|\d+\.) {tag}", line):
        return f"Feltet {{{{ {field.name} }}}} skal stå alene i et punkt i en liste."
    return ""


def _missing(kind: str, heading: str, body: str, fields: Mapping[str, Field]) -> Iterator[str]:
    """The law's demands; a field inside ``if`` may be left out and does not count."""
    uses = [*compiled(heading).uses, *compiled(body).uses]
    certain = {use.name for use in uses if use.is_certain}
    for name in demands_of(kind):
        if name not in certain:
            yield (
                f"Feltet {{{{ {name} }}}} skal stå i teksten, uden en betingelse om sig. "
                f"{fields[name].description}"
            )
