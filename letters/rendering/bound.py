"""No paragraph, point or title ends in one short word alone on its line: the last two are bound."""

import re

PAIR = 20  # signs: less than the narrowest column holds
ONE_LINE = 40  # signs that are on one line even in a title
WORD = "([^ \n<>\xa0]+)"
END = r"\s*(?:</(?:strong|em|span)>)?\s*</(?:p|li|h[1-3])>"
LAST_TWO = re.compile(rf"(?<=[ \n>]){WORD}[ \n]+{WORD}(?={END})")
BEGINNINGS = ("<p", "<li", "<h")


def bound(html: str) -> str:
    """The letter with a no-break space before the last word, where the two are short."""
    return LAST_TWO.sub(_joined, html)


def _joined(found: re.Match[str]) -> str:
    begins = max(found.string.rfind(tag, 0, found.start()) for tag in BEGINNINGS)
    pair = f"{found[1]}\xa0{found[2]}"
    is_apart = len(pair) > PAIR or found.end() - begins < ONE_LINE
    return found[0] if is_apart else pair
