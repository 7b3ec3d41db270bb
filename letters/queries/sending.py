"""Which of the letters that are picked may leave, and what stands in the way of the others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from letters.gate.words import ANEW
from letters.models import Channel, Letter, LetterState
from letters.queries.waiting import OWN, SHUT_OUT, Row, Standing, readable, rows_of
from pulje.models import User

A_COLLEAGUE = "Bed en kollega om at læse og sende det."
HELD = "Brevet venter på mødets referat"
GONE = "Brevet venter ikke længere"
CHANGED = "Brevet er ændret, siden du åbnede det"
READ_AGAIN = "Læs det igen."


@dataclass
class Group:
    """Letters that lack the same, and what mends it; ``url`` where all are mended in one place."""

    sentence: str
    cure: str
    rows: list[tuple[Row, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where all are mended in one place; empty when each has its own."""
        urls = {url for _row, url in self.rows}
        return urls.pop() if len(urls) == 1 and len(self.rows) > 1 else ""


@dataclass(frozen=True)
class Sorted:
    """The letters that may leave, and the others grouped by what they lack."""

    fine: list[Row]
    groups: list[Group]
    others: int
    stale: list[Row]  # of the others, those that it helps to make anew

    @property
    def by_channel(self) -> list[tuple[str, int]]:
        """How the fine ones leave: ("Digital Post", 7)."""
        ways = [row.letter.channel for row in self.fine]
        return [(way.label, ways.count(way)) for way in Channel if way in ways]

    @property
    def to_vouch_for(self) -> list[Row]:
        """Those that had to be read first: who sends them says that they have been."""
        return [row for row in self.fine if row.standing == Standing.CHECK]


def sort_out(letters: Iterable[Letter], user: User, read: Mapping[int, str]) -> Sorted:
    """Run the gate on all of them; the number of queries does not grow with them.

    ``read``: the sha256 of each as it was shown to this person.
    """
    pks = [letter.pk for letter in letters]
    rows = list(rows_of(readable().filter(pk__in=pks).order_by("recipient_name", "pk"), user))
    fine: list[Row] = []
    stale: list[Row] = []
    groups: dict[tuple[str, str], Group] = {}
    for row in rows:
        lacks = list(_lacks(row, read.get(row.letter.pk, "")))
        if not lacks:
            fine.append(row)
        if any(cure.startswith(ANEW) for _sentence, cure, _url in lacks):
            stale.append(row)
        for sentence, cure, url in lacks:
            group = groups.setdefault((sentence, cure), Group(sentence, cure))
            group.rows.append((row, url))
    return Sorted(fine, list(groups.values()), len(rows) - len(fine), stale)


def _lacks(row: Row, read: str) -> Iterator[tuple[str, str, str]]:
    letter = row.letter
    if row.is_hidden:
        yield SHUT_OUT, A_COLLEAGUE, ""
    elif letter.state == LetterState.FAILED:
        yield letter.failure, "Prøv igen, eller skift kanal.", "/brev/fejl/"
    elif letter.state != LetterState.RENDERED:
        yield GONE, f"Det er {letter.get_state_display().casefold()}.", ""
    else:
        if letter.sha256 != read:
            yield CHANGED, READ_AGAIN, f"/brev/{letter.uuid}/side/"
        if OWN in row.notes:
            yield OWN, A_COLLEAGUE, ""
        if row.standing == Standing.HELD:
            yield HELD, "Referatet skal godkendes først.", ""
        for line in row.lacks:
            yield f"{line.label}: {line.sentence}", line.cure, line.cure_url
