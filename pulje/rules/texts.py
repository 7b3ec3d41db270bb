"""What counts as something written."""

import json
import unicodedata
from hashlib import sha256

# signs nobody sees, whatever Unicode calls them: fillers for Korean, and the empty braille cell
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Zs", "Zl", "Zp"})
FEWEST_LETTERS = 10


def is_blank(text: str) -> bool:
    """Say whether there is nothing to see in the text: spaces, and signs without a picture.

    Source: local config: what must be written must be there to read (forvaltningsloven § 22 asks
    for reasons, and a sign of no width is none).
    """
    return all(sign in _FILLERS or unicodedata.category(sign) in _UNSEEN for sign in text)


def says_nothing(text: str) -> bool:
    """Say whether the text is too short to give a reason: a full stop, "ok", a number.

    Source: forvaltningsloven § 22 and § 24 (reasons are given in words); the number of letters is
    local config.
    """
    return sum(sign.isalpha() for sign in text) < FEWEST_LETTERS


def fingerprint(*said: object) -> str:
    """What somebody has read, in short: another when anything of it is another.

    Source: local config: who approves a text approves the words they have seen.
    """
    return sha256(json.dumps([str(part) for part in said]).encode()).hexdigest()
