"""A table of an agenda or of minutes, cell by cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def cells(row: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Each cell's text, and whether it is a number."""
    return [(text, bool(column["is_number"])) for text, column in zip(row, columns, strict=True)]
