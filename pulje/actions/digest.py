"""A short text for what a page showed, so that a later save knows what has changed under it."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def digest(value: Any) -> str:
    """The same short text for the same value, however it was typed or stored."""
    said = json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.replace("\\r\\n", "\\n").encode()).hexdigest()[:16]


def _plain(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    """The base of a page that shows these values."""
    return {name: digest(same(value)) for name, value in values.items()}


def same(value: Any) -> Any:
    """Nothing is nothing, and spaces around a text are no change."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else value
