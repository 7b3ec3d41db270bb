"""A reason is given in words that the party can read."""

from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.rules.texts import FEWEST_LETTERS, says_nothing


def check_in_words(text: str, sentence: str) -> None:
    """Refuse a text too short to say why, with the sentence that asks for it and how much it takes.

    Source: forvaltningsloven §§ 22 and 24; rules/texts.py (says_nothing).
    """
    if says_nothing(text):
        raise RuleBroken(in_words(sentence))


def few_words() -> str:
    """How little is too little for a reason."""
    return str(_("Brug mindst %d bogstaver.") % FEWEST_LETTERS)


def in_words(sentence: str) -> str:
    """A sentence that asks for a reason, and how little is too little."""
    return f"{sentence} {few_words()}"
