"""Two versions of the same agenda or minutes: what is new in the later one."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


def is_same(earlier: Facts, later: Facts) -> bool:
    """True when nothing but the number of the version and the time differ."""
    return _content(earlier) == _content(later)


def changes_between(earlier: Facts, later: Facts) -> list[str]:
    """What is new, in Danish sentences; empty when nothing is."""
    return [] if is_same(earlier, later) else ["Indholdet er ændret."]


def _content(facts: Facts) -> dict[str, Any]:
    return {key: facts[key] | {"number": "", "issued_at": ""} for key in ("open", "closed")}
