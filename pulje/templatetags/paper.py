"""A table of an agenda or of minutes, cell by cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def cells(row: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Each cell's text, and whether it is a number."""
    return [(text, bool(column["is_number"])) for text, column in zip(row, columns, strict=True)]


@register.filter
def rows_of(table: Mapping[str, Any]) -> list[tuple[int, list[tuple[str, bool]]]]:
    """Each row with the application it is about (0: none), and its cells."""
    cases = table["cases"] or [0] * len(table["rows"])
    return [
        (case, cells(row, table["columns"])) for case, row in zip(cases, table["rows"], strict=True)
    ]
