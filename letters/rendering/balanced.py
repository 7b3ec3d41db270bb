"""A title of several lines: lines of about one length, not a full one and a rest.

WeasyPrint has no ``text-wrap: balance``. The title is given the least width that keeps its number
of lines, by the widths in the font's own table: no letter is laid out twice.
"""

import re
from html import unescape

from letters.rendering import fonts

TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
POINTS = 16  # of h1 in brev.css
LINE = 130 / 25.4 * 72  # of the page there
SLACK = 1.02  # the table knows no kerning


def balanced(html: str) -> str:
    """The letter with a width on its title, where the title has several lines."""
    return TITLE.sub(_narrowed, html, count=1)


def _narrowed(found: re.Match[str]) -> str:
    said = re.split("[ \n]+", unescape(found[1]).strip(" \n"))
    words = [fonts.width_of(word, POINTS) for word in said]
    space = fonts.width_of(" ", POINTS)
    count = _lines(words, space, LINE)
    if count == 1 or max(words) > LINE / 2:
        return found[0]
    width = LINE
    while _lines(words, space, width - POINTS / 4) == count:
        width -= POINTS / 4
    if width * SLACK > LINE:
        return found[0]
    return f'<h1 style="width: {width * SLACK:.1f}pt">{found[1]}</h1>'


def _lines(words: list[float], space: float, width: float) -> int:
    count, used = 1, -space
    for word in words:
        used += space + word
        if used > width:
            count, used = count + 1, word
    return count
