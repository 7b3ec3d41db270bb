"""The big list of naughty strings, and what our fields promise to make of one."""

import json

from pulje.forms.fields import TURNERS
from pulje.rules.texts import is_blank
from tests.repository import ROOT

LIST = ROOT / "node_modules" / "big-list-of-naughty-strings" / "blns.json"
STRINGS: list[str] = json.loads(LIST.read_text())
OURS = [
    "a\x00b",  # PostgreSQL has no NUL
    "\ufeff\u200b",  # there, and not to be seen
    "\ud83e\udd8a".encode("utf-16", "surrogatepass").decode("utf-16"),
    "'; DROP TABLE pulje_application; --",
    "{% csrf_token %}{{ case }}",
    "%s %(name)s {0} {case}",
    "Lone\r\nBcc: alle@puljer.example",
]
ALL = STRINGS + OURS
LONG = "x" * 1_000_000


def plain(text: str) -> str:
    """As a text field gives it: trimmed, without the signs that turn the words around it.

    Empty when there is nothing to see.
    """
    return "" if is_blank(text) else text.translate(TURNERS).strip()


def turned(number: int, names: list[str]) -> dict[str, str]:
    """Post number k puts string k+i into field i: all strings come to all fields."""
    return {name: ALL[(number + i) % len(ALL)] for i, name in enumerate(names)}
