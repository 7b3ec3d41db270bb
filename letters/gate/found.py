"""What one line of the gate has found: fine, lacking with its cure, or not needed here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A Danish sentence of what was found; when it is lacking, what mends it, and where."""

    is_ok: bool
    sentence: str
    cure: str = ""
    cure_url: str = ""
    is_needed: bool = True


def ok(sentence: str) -> Found:
    return Found(True, _ended(sentence))


def lacks(sentence: str, cure: str, cure_url: str) -> Found:
    return Found(False, _ended(sentence), cure, cure_url)


def unneeded(why: str) -> Found:
    return Found(True, why, is_needed=False)


def _ended(sentence: str) -> str:
    """One full stop, also after "kr."."""
    return f"{sentence.rstrip('.')}."
