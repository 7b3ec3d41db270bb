"""What stays together on a line: a date, an amount, a paragraph of a law; and a text's end.

No paragraph, point or title ends in one short word alone on its line: the last two are bound.
"""

import re

PAIR = 20  # signs: less than the narrowest column holds
ONE_LINE = 40  # signs that are on one line even in a title
WORD = "([^ \n<>\xa0]+)"
END = r"\s*(?:</(?:strong|em|span)>)?\s*</(?:p|li|h[1-3])>"
LAST_TWO = re.compile(rf"(?<=[ \n>]){WORD}[ \n]+{WORD}(?={END})")
BEGINNINGS = ("<p", "<li", "<h")
MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
MONTHS += "|January|February|March|May|June|July|October|December"
# also as people write them: the day's month, the month's year, the sign's number, the amount's kr.
GAPS = re.compile(
    rf"(?<=\d)(\.?) (?={MONTHS})|(?<=\d)() (?=kr\b)"
    rf"|\b({MONTHS}|afsnit|stk\.|kl\.) (?=\d)|(§§?) (?=\d)",
    re.IGNORECASE,
)


def bound(html: str) -> str:
    """The letter with no-break spaces in what stays together, and before a short last word."""
    return LAST_TWO.sub(_joined, GAPS.sub(_closed, html))


def _closed(found: re.Match[str]) -> str:
    return f"{found[found.lastindex or 0]}\xa0"


def _joined(found: re.Match[str]) -> str:
    begins = max(found.string.rfind(tag, 0, found.start()) for tag in BEGINNINGS)
    pair = f"{found[1]}\xa0{found[2]}"
    is_apart = len(pair) > PAIR or found.end() - begins < ONE_LINE
    return found[0] if is_apart else pair
