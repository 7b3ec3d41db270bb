"""Words that agendas and minutes share: numbers of cases, counts, shares."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from pulje.models import AgendaItem
from pulje.queries.meeting.paper import Text


def numbers(items: Iterable[AgendaItem]) -> str:
    """Such as "nr. 1-4, 6 og 9" (with an en dash); three in a row or more are told as a stretch."""
    stretches: list[list[int]] = []
    for position in sorted(item.position for item in items):
        if stretches and stretches[-1][-1] == position - 1:
            stretches[-1].append(position)
        else:
            stretches.append([position])
    told = [part for stretch in stretches for part in _told(stretch)]
    return "nr. " + listed(told)


def _told(stretch: list[int]) -> list[str]:
    if len(stretch) < 3:
        return [str(number) for number in stretch]
    return [f"{stretch[0]}–{stretch[-1]}"]


def listed(parts: Sequence[str]) -> str:
    """Such as "a, b og c"."""
    return " og ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def counted(number: int, one: str, many: str) -> str:
    """Such as "1 ansøgning", "2 ansøgninger"."""
    return f"{number} {one if number == 1 else many}"


def share(part: Decimal, whole: Decimal) -> str:
    """Such as "80 %"; a dash when there is nothing to be a part of."""
    if not whole:
        return "–"
    return f"{(part * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP)}\N{NO-BREAK SPACE}%"


def paragraphs(text: str, cases: Sequence[int] = ()) -> list[Text]:
    """What somebody wrote, a block for each paragraph; lines stay lines."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    parts = "\n".join(lines).split("\n\n")
    return [Text(part.strip(), cases) for part in parts if part.strip()]


def shortened(text: str, most: int) -> str:
    """The first words, ending in "…" when something is left out."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0].rstrip(',;.:')} …"


def sentence(text: str) -> str:
    """The text with an end to it."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
