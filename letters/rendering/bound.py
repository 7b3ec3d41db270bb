"""No paragraph, point or title ends in one short word alone on its line: the last two are bound."""

import re

PAIR = 20  # signs: less than the narrowest column holds
WORD = "([^ \n<>\xa0]+)"
END = r"\s*(?:</(?:strong|em|span)>)?\s*</(?:p|li|h[1-3])>"
LAST_TWO = re.compile(rf"(?<=[ \n>]){WORD}[ \n]+{WORD}(?={END})")


def bound(html: str) -> str:
    """The letter with a no-break space before the last word, where the two are short."""
    return LAST_TWO.sub(_joined, html)


def _joined(found: re.Match[str]) -> str:
    pair = f"{found[1]}\xa0{found[2]}"
    return pair if len(pair) <= PAIR else found[0]
