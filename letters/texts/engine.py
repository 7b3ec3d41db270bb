"""From a text and a letter's facts to what the letter says.

Values go through the language and the mark-up as tokens and are put in, escaped, at the very end:
what an applicant or a case worker wrote is never read as a field, a mark or a tag.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from letters.texts import language
from letters.texts.fields import fields_of
from letters.texts.language import CLOSE, OPEN, NoText
from letters.texts.mistakes import problems
from letters.vocabulary.base import Facts, Field

__all__ = ["CannotWord", "Worded", "Words", "parts_of", "problems", "render"]

LONGEST_LETTER = 190_000  # letters.render refuses 200 kB
TOKEN = f"{OPEN}([0-9]+){CLOSE}"
# a block is all of its paragraph, items are all of their point; else it stands in a sentence
PLACES = re.compile(
    f"<p>{TOKEN}</p>|<li>\\s*(?:<p>)?{TOKEN}(?:</p>)?\\s*</li>\\n?|{TOKEN}", re.DOTALL
)


class Words(Protocol):
    """A LetterText, a standard text, or one that is being written."""

    @property
    def kind(self) -> str: ...

    @property
    def heading(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def english(self) -> str: ...


@dataclass(frozen=True)
class Worded:
    """What a letter says, as safe HTML; ``english`` is empty unless it is wanted."""

    heading: SafeString
    body: SafeString
    english: SafeString


class CannotWord(Exception):
    """This text and these facts make no letter; the message is a Danish sentence."""


@dataclass(frozen=True)
class _Value:
    """What the language sees of a field: a number to print, and whether there is anything."""

    number: int
    is_block: bool
    is_there: bool

    def __str__(self) -> str:
        token = f"{OPEN}{self.number}{CLOSE}"
        return f"\n\n{token}\n\n" if self.is_block else token

    def __bool__(self) -> bool:
        return self.is_there


def render(text: Words, facts: Facts, parts: Mapping[str, Words] | None = None) -> Worded:
    """What ``text`` says with these facts; ``parts``: the shared texts by code.

    Raises CannotWord for a text with a field its kind does not have, a part that is missing, or
    more than a letter can hold.
    """
    writer = _Writer(facts, parts or {})
    fields = {field.name: field for field in fields_of(text.kind)}
    with translation.override(settings.LANGUAGE_CODE):
        heading = writer.sentence(text.heading, fields)
        body = writer.page(text.body, fields, lambda words: words.body)
    english = ""
    if facts.get("wants_english"):
        with translation.override("en"):
            page = writer.page(text.english, fields, lambda words: words.english)
        english = page.replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    return Worded(*(mark_safe(said) for said in (heading, body, english)))  # noqa: S308 (escaped)


def parts_of(text: Words) -> list[str]:
    """The codes of the parts a text may call for."""
    named = _names(text.body) | _names(text.english)
    return [field.part for field in fields_of(text.kind) if field.part and field.name in named]


def _names(source: str) -> set[str]:
    try:
        return language.compiled(source).names
    except NoText:
        return set()


@dataclass(frozen=True)
class _Writer:
    """One letter being worded."""

    facts: Facts
    parts: Mapping[str, Words]

    def sentence(self, source: str, fields: Mapping[str, Field]) -> str:
        """A heading: words and values, no mark-up."""
        text, said = self._filled(source, fields, lambda _words: "")
        return self._put_in(escape(" ".join(text.split())), said)

    def page(self, source: str, fields: Mapping[str, Field], of: Callable[[Words], str]) -> str:
        """Paragraphs, headings, lists and blocks; ``of``: which words of a part are meant."""
        text, said = self._filled(source, fields, of)
        return self._put_in(language.marked_up(text), said)

    def _filled(
        self, source: str, fields: Mapping[str, Field], of: Callable[[Words], str]
    ) -> tuple[str, list[Any]]:
        """The source with tokens, and what each token stands for: a value and its language."""
        try:
            text = language.compiled(source)
        except NoText as reason:
            raise CannotWord(reason.sentence) from reason
        values: dict[str, _Value] = {}
        said: list[tuple[Any, str]] = []
        for name in sorted(text.names):
            if name not in fields:
                raise CannotWord(f"Brevets tekst bruger feltet {{{{ {name} }}}}, som ikke findes.")
            field = fields[name]
            value = self._part(field.part, of) if field.part else field.of(self.facts)
            values[name] = _Value(len(said), field.is_block, bool(value))
            said.append(("", "") if field.is_condition else (value, self._tongue(field, value)))
        return language.filled(text, values), said

    def _tongue(self, field: Field, value: Any) -> str:
        """What a tag says of a value: on an English page, what says the same in Danish is Danish.

        Source: WCAG 2.2, 3.1.2; PDF/UA-1 7.2.
        """
        home = settings.LANGUAGE_CODE
        if (
            translation.get_language() == home
            or field.part
            or not re.search("[a-zæøå]", str(value))
        ):
            return ""
        with translation.override(home):
            return f' lang="{home}"' if field.of(self.facts) == value else ""

    def _part(self, code: str, of: Callable[[Words], str]) -> SafeString:
        if code not in self.parts:
            raise CannotWord(f"Brevet mangler afsnittet {code}.")
        words = self.parts[code]
        fields = {field.name: field for field in fields_of(code)}
        return mark_safe(self.page(of(words), fields, of))  # noqa: S308 (escaped)

    def _put_in(self, html: str, said: list[Any]) -> str:
        """The values in their places, escaped; counted, for a value may stand a thousand times."""
        written, end, length = [], 0, 0
        for place in PLACES.finditer(html):
            block, items, word = place.groups()
            value, tongue = said[int(block or items or word)]
            put = _put(value, tongue, is_block=block is not None, is_point=items is not None)
            written += [html[end : place.start()], put]
            end = place.end()
            length += len(put)
            if length > LONGEST_LETTER:
                raise CannotWord("Brevet er for langt. Forkort teksten, og prøv igen.")
        return "".join([*written, html[end:]])


def _put(value: Any, tongue: str, *, is_block: bool, is_point: bool) -> str:
    if isinstance(value, list) and is_point:
        return "".join(f"<li{tongue}>{conditional_escape(item)}</li>\n" for item in value)
    if isinstance(value, list):
        value = mark_safe(", ".join(conditional_escape(item) for item in value))  # noqa: S308
    said = str(conditional_escape(value))
    if is_block and isinstance(value, SafeString):
        return f"<div{tongue}>{said}</div>" if tongue else said
    if is_block and said:
        return f"<p{tongue}>{said}</p>"
    if is_point:
        return f"<li{tongue}>{said}</li>\n"
    return f"<span{tongue}>{said}</span>" if tongue else said
