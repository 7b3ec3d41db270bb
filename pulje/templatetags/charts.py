"""Charts drawn by the server as SVG, each with the same numbers as a table: `{% load charts %}`.

  {% chart_bars "by" "Søgt og indstillet pr. by" lines "By" %}
      lines of queries/pool/statistics.py: a bar of kr. for what was sought, recommended and granted
  {% chart_columns "uge" "Ansøgninger pr. uge" rows "Uge" mark="" mark_after=0 %}
      rows: [(label, long label, count)]; ``mark`` is written at a line after so many columns

Widths are attributes, so that no style stands in the page. Everything is in units of the viewBox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from pulje.queries.pool.statistics import Line

register = template.Library()
WIDTH = 560
# bars
LABELS, BAR, GAP, ROW_GAP, VALUES = 110, 16, 2, 18, 80
LONG_LABEL = 14  # characters that fit beside the bars; longer ones stand above them
# columns
LEFT, RIGHT, TOP, BOTTOM, WIDEST = 36, 550, 20, 200, 48
SERIES = (
    ("sought", "Søgt", "sought_kr"),
    ("rec", "Indstillet", "recommended_kr"),
    ("granted", "Bevilget", "granted_kr"),
)


@dataclass(frozen=True)
class Shape:
    """A rectangle and the number at its end."""

    css: str
    name: str
    value: Decimal | int
    x: str
    y: str
    width: str
    height: str
    text_x: str
    text_y: str


@register.inclusion_tag("components/chart_bars.html")
def chart_bars(chart_id: str, title: str, lines: Sequence["Line"], heading: str) -> dict[str, Any]:
    shown = [row for row in SERIES if row[0] == "sought" or any(getattr(x, row[2]) for x in lines)]
    is_above = any(len(line.name) > LONG_LABEL for line in lines)
    left = 0 if is_above else LABELS
    rows_at, row_height = (20 if is_above else 6), len(shown) * (BAR + GAP) + ROW_GAP
    row_height += 14 if is_above else 0
    ticks = ticks_to(max((line.sought_kr for line in lines), default=0))
    scale = (WIDTH - left - VALUES) / (ticks[-1] or 1)
    rows = []
    for number, line in enumerate(lines):
        y = rows_at + number * row_height
        label_y = y - 5 if is_above else y + len(shown) * (BAR + GAP) / 2 + 4
        shapes = [
            _bar(css, name, getattr(line, field), left, y + place * (BAR + GAP), scale)
            for place, (css, name, field) in enumerate(shown)
        ]
        rows.append({"line": line, "label_y": _unit(label_y), "shapes": shapes})
    bottom = row_height * len(lines) + 4
    return {
        "id": chart_id,
        "title": title,
        "heading": heading,
        "series": shown,
        "rows": rows,
        "is_above": is_above,
        "label_x": 0 if is_above else left - 10,
        "ticks": [(_unit(left + tick * scale), tick) for tick in ticks],
        "bottom": bottom,
        "width": WIDTH,
        "height": bottom + 24,
    }


def _bar(css: str, name: str, kr: Decimal, left: int, y: float, scale: float) -> Shape:
    width = float(kr) * scale
    return Shape(
        css,
        name,
        kr,
        x=_unit(left),
        y=_unit(y),
        width=_unit(width),
        height=_unit(BAR),
        text_x=_unit(left + width + 6),
        text_y=_unit(y + 12),
    )


@register.inclusion_tag("components/chart_columns.html")
def chart_columns(
    chart_id: str,
    title: str,
    rows: Sequence[tuple[str, str, int]],
    heading: str,
    mark: str = "",
    mark_after: int = 0,
) -> dict[str, Any]:
    ticks = ticks_to(max((count for _short, _long, count in rows), default=0), whole=True)
    slot = (RIGHT - LEFT) / (len(rows) or 1)
    per_unit = (BOTTOM - TOP) / (ticks[-1] or 1)
    return {
        "id": chart_id,
        "title": title,
        "heading": heading,
        "rows": rows,
        "columns": [
            (label, _column(long, count, LEFT + (number + 0.5) * slot, slot, per_unit))
            for number, (label, long, count) in enumerate(rows)
        ],
        "ticks": [(_unit(BOTTOM - tick * per_unit), tick) for tick in ticks],
        "mark": mark,
        "mark_x": _unit(LEFT + mark_after * slot),
        "mark_text_x": _unit(LEFT + mark_after * slot - 8),
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "bottom": BOTTOM,
        "width": WIDTH,
        "height": BOTTOM + 40,
    }


def _column(name: str, count: int, middle: float, slot: float, per_unit: float) -> Shape:
    width = min(WIDEST, slot * 0.6)
    height = count * per_unit
    return Shape(
        "granted",
        name,
        count,
        x=_unit(middle - width / 2),
        y=_unit(BOTTOM - height),
        width=_unit(width),
        height=_unit(height),
        text_x=_unit(middle),
        text_y=_unit(BOTTOM - height - 6),
    )


def ticks_to(largest: Decimal | int, *, whole: bool = False) -> list[int]:
    """At most five round numbers from 0 to at least the largest."""
    if largest <= 0:
        return [0]
    rough = float(largest) / 4
    power = 10 ** (ceil(log10(rough)) - 1)
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough)
    step = max(ceil(step), 1) if whole or step < 1 else step
    return [int(step * number) for number in range(ceil(float(largest) / step) + 1)]


def _unit(number: float) -> str:
    """A number of the drawing, with a point in every language."""
    return f"{number:.1f}"
