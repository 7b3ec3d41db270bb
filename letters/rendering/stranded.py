"""WeasyPrint 70.0 leaves a word alone on its line; mended here, for that very version only.

A text before inline mark-up ("… lagde vi vægt på <strong>børn</strong>") ends in a space. When the
text fits a line and only that space does not, 70.0 takes the text to be unbreakable and keeps its
first word, or first comma, alone on the line. The space hangs, as CSS has it: the text fits.
"""

import hashlib
import inspect
from functools import wraps
from math import inf
from types import ModuleType
from typing import Any

MENDED = "70.0"
KNOWN = "39ad1016863ca34d"  # of the function that is wrapped
COLLAPSING = ("normal", "pre-line")


def mend(weasyprint: ModuleType) -> None:
    """Let a trailing space hang; nothing in other versions. RuntimeError where 70.0 is not 70.0."""
    if weasyprint.VERSION != MENDED:
        return
    line_break, inline = weasyprint.text.line_break, weasyprint.layout.inline
    stock = line_break.split_first_line
    if hasattr(stock, "__wrapped__"):
        return
    found = hashlib.sha256(inspect.getsource(stock).encode()).hexdigest()[:16]
    if found != KNOWN or inline.split_first_line is not stock:
        raise RuntimeError(f"WeasyPrint {MENDED} breaks lines in a way not known here ({found}).")
    inline.split_first_line = line_break.split_first_line = _hanging(stock)


def _hanging(split_first_line: Any) -> Any:
    @wraps(split_first_line)
    def split(
        text: str, style: Any, context: Any, max_width: Any, justification: Any, **more: Any
    ) -> Any:
        line = split_first_line(text, style, context, max_width, justification, **more)
        is_broken = line[2] is not None
        if not is_broken or not text.endswith(" ") or max_width in (None, inf):
            return line
        if style["white_space"] not in COLLAPSING or _too_long(text, style, max_width):
            return line
        bare = split_first_line(text.rstrip(" "), style, context, max_width, justification, **more)
        if bare[2] is not None or bare[3] > max_width:
            return line
        return split_first_line(text, style, context, None, justification, **more)

    return split


def _too_long(text: str, style: Any, max_width: float) -> bool:
    """Spares the second look at texts that are lines longer than the line."""
    return bool(len(text) * style["font_size"] > 4 * max_width)
