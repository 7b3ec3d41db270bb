"""A table of an agenda or of minutes, cell by cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

Cell = tuple[str, bool, bool]
register = template.Library()


def head_of(row: Sequence[str]) -> int:
    """The place of the cell that says what the row is: the first with something in it."""
    return next((place for place, text in enumerate(row) if text), 0)


@register.filter
def cells(row: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """Each cell's text, whether it is a number, and whether it says what the row is."""
    head = head_of(row)
    return [
        (text, bool(column["is_number"]), place == head)
        for place, (text, column) in enumerate(zip(row, columns, strict=True))
    ]


@register.filter
def rows_of(table: Mapping[str, Any]) -> list[tuple[int, list[Cell]]]:
    """Each row with the application it is about (0: none), and its cells."""
    cases = table["cases"] or [0] * len(table["rows"])
    return [
        (case, cells(row, table["columns"])) for case, row in zip(cases, table["rows"], strict=True)
    ]
