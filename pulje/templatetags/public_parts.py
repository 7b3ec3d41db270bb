"""What the public pages draw: `{% load public_parts %}`."""

from collections.abc import Sequence
from decimal import Decimal

from django import template

register = template.Library()


@register.simple_tag
def bars(amounts: Sequence[tuple[str, Decimal]]) -> list[dict[str, object]]:
    """Rows of a bar chart: name, kr and the length in per cent of the longest."""
    longest = max((kr for _name, kr in amounts), default=Decimal(0))
    return [
        {"name": name, "kr": kr, "percent": f"{kr / longest * 100:.1f}" if longest else "0"}
        for name, kr in amounts
    ]
