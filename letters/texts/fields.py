"""Which fields a letter's or a part's text may use, which it must, and what it is called."""

from letters.kinds.registry import KINDS
from letters.texts.parts import PARTS
from letters.vocabulary.answering import ANSWERING
from letters.vocabulary.base import COMMON, Field

CODES = (*KINDS, *PARTS)


def fields_of(code: str) -> list[Field]:
    """The fields, the text's own first; KeyError for what is neither letter nor part."""
    own = PARTS[code].fields if code in PARTS else KINDS[code].fields
    found = {field.name: field for field in (*COMMON, *ANSWERING, *own)}  # a kind's own goes before
    names = {field.name: None for field in (*own, *COMMON, *ANSWERING)}
    return [found[name] for name in names]


def demands_of(code: str) -> tuple[str, ...]:
    """The fields that must stand in the text whatever happens."""
    return PARTS[code].demands if code in PARTS else KINDS[code].demands


def title_of(code: str) -> str:
    return PARTS[code].title if code in PARTS else KINDS[code].title
