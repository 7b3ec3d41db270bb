"""Charts say the same as the tables beside them."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template

from pulje.queries.pool.statistics import Line
from pulje.templatetags.charts import ticks_to

NUMBER = re.compile(r"^[\d.]+$")


@pytest.mark.parametrize(
    ("largest", "whole", "ticks"),
    [
        (0, False, [0]),
        (5, True, [0, 2, 4, 6]),
        (3, True, [0, 1, 2, 3]),
        (1, True, [0, 1]),
        (100, False, [0, 25, 50, 75, 100]),
        (Decimal("173500.00"), False, [0, 50_000, 100_000, 150_000, 200_000]),
        (Decimal("0.50"), False, [0, 1]),
    ],
)
def test_ticks(largest, whole, ticks):
    assert ticks_to(largest, whole=whole) == ticks


def drawn(tag, **facts):
    return Template("{% load charts %}{% " + tag + " %}").render(Context(facts))


def numbers(pattern, html):
    found = re.findall(pattern, html)
    return [text.strip() for text in found if NUMBER.match(text.strip())]


@pytest.mark.parametrize("long_name", ["Vedbæk", "Individuel og netværksbaseret frivillighed"])
def test_bars_say_what_the_table_says(long_name):
    lines = [
        Line("Nærum", 4, 2, Decimal(173_500), Decimal(133_500), Decimal(0)),
        Line(long_name, 2, 1, Decimal(67_000), Decimal(47_000), Decimal(0)),
    ]

    html = drawn('chart_bars "by" "Søgt pr. by" lines "By"', lines=lines)

    svg, _end, table = html.partition("</svg>")
    ticks = ["0", "50.000", "100.000", "150.000", "200.000"]
    shown = ["173.500", "133.500", "67.000", "47.000"]
    assert numbers(r"<text[^>]*>([^<]*)</text>", svg) == [*ticks, *shown]
    assert numbers(r"<td[^>]*>([^<]*)</td>", table) == ["4", *shown[:2], "2", *shown[2:]]
    assert "Bevilget" not in html
    assert f"{long_name}: søgt 67.000\N{NO-BREAK SPACE}kr., indstillet" in svg
    widths = [float(width) for width in re.findall(r'" width="([\d.]+)" height="16', svg)]
    assert widths[2] / widths[0] == pytest.approx(67_000 / 173_500, rel=0.01)


def test_columns_say_what_the_table_says():
    rows = [("uge 44", "Uge 44, 2026", 0), ("uge 45", "Uge 45, 2026", 5)]

    html = drawn(
        'chart_columns "tid" "Pr. uge" rows "Uge" mark="frist 1. december" mark_after=2', rows=rows
    )

    svg, _end, table = html.partition("</svg>")
    assert numbers(r"<text[^>]*>([^<]*)</text>", svg) == ["0", "2", "4", "6", "0", "5"]
    assert numbers(r"<td[^>]*>([^<]*)</td>", table) == ["0", "5"]
    assert "Pr. uge: Uge 44, 2026: 0, Uge 45, 2026: 5. Frist 1. december." in svg
    assert 'x1="550.0"' in svg


def test_no_rows_are_no_error():
    assert "<svg" in drawn('chart_bars "by" "Søgt" lines "By"', lines=[])
    assert "<svg" in drawn('chart_columns "tid" "Pr. uge" rows "Uge"', rows=[])
