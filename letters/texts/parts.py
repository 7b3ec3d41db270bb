"""Texts that several letters share: rows of their own, written and approved like a letter's."""

from dataclasses import dataclass

from letters.vocabulary import base as t
from letters.vocabulary import grant as v

TERMS = "VILKAAR"
QUESTIONS = "SPOERGSMAAL"  # before the greeting of a letter without appeal guidance


@dataclass(frozen=True)
class Part:
    code: str
    title: str
    fields: tuple[t.Field, ...] = ()
    demands: tuple[str, ...] = ()


PARTS = {
    part.code: part
    for part in (
        Part(
            TERMS,
            "Afsnit: vilkår",
            (*t.CONDITIONS, *v.REPLACED),
            ("særlige_vilkår", "rapportfrist"),
        ),
        Part("UDBETALING", "Afsnit: udbetaling", tuple(t.PAYING), ("svarfrist", "forsinket")),
        Part("GRUNDLAG", "Afsnit: grundlag", tuple(t.BASIS), ("retsgrundlag", "afsnit")),
        Part("FORSINKET", "Afsnit: hvis brevet kommer senere frem"),
        Part(QUESTIONS, "Afsnit: spørgsmål"),
    )
}
