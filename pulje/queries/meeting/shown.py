"""What one reader may see of an agenda or of minutes: nothing of cases they take no part in.

Source: forvaltningsloven §§ 3-6 (who is disqualified takes no part, and does not read along).
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from pulje.models import Application, Packet, User
from pulje.permissions import hidden_from
from pulje.queries.meeting.versions import rows_of

Facts = Mapping[str, Any]
BLANK = "Skjult"
LEFT_OUT = "Her er noget udeladt, fordi det også handler om en sag, du ikke deltager i."
SHUT_OUT = "Du deltager ikke i behandlingen af sagen og kan ikke læse om den."
_OF_CASE = re.compile(r"Nr\. (\d+) ")
READ_HERE = (
    "Du deltager ikke i behandlingen af en af sagerne, og en fil kan ikke laves uden den."
    " Resten læser du på siden. Den åbne fil kan du hente, når den er offentlig."
)


def hidden_in(packet: Packet, user: User) -> set[int]:
    """The ids of the packet's cases this reader is shut out of; three queries at most."""
    cases = set(_cases(packet.facts["closed"]))
    return hidden_from(user, Application.objects.filter(pk__in=cases)) if cases else set()


def why_not(packet: Packet, user: User) -> str:
    """Why this reader may not have files that are not public, or an empty string: then they may.

    A file cannot be cut for a reader: who is shut out of any case has it when everybody has.
    """
    return READ_HERE if hidden_in(packet, user) else ""


def as_seen(paper: Facts, hidden: Set[int]) -> Facts:
    """The paper without what can be read of the hidden cases; the same when there are none."""
    if not hidden:
        return paper
    return {**paper, "items": [_item(item, hidden) for item in paper["items"]]}


def changes_seen(packet: Packet, hidden: Set[int], before: Packet | None) -> list[str]:
    """The version's changes without those of the hidden cases, by their numbers then and now."""
    papers = [one.facts["closed"] for one in (packet, before) if one is not None]
    numbers = {row.number for paper in papers for pk, row in rows_of(paper).items() if pk in hidden}

    def is_hidden(sentence: str) -> bool:
        found = _OF_CASE.match(sentence)
        return found is not None and found[1] in numbers

    return [sentence for sentence in packet.changes if not is_hidden(sentence)]


def _cases(paper: Facts) -> Iterator[int]:
    for item in paper["items"]:
        yield from (annex["case"] for annex in item["annexes"])
        for section in item["sections"]:
            for block in section["blocks"]:
                yield from block["cases"]


def _item(item: Facts, hidden: Set[int]) -> Facts:
    sections = [
        {**section, "blocks": _blocks(section["blocks"], hidden)} for section in item["sections"]
    ]
    annexes = [_annex(annex, hidden) for annex in item["annexes"]]
    return {**item, "sections": sections, "annexes": annexes}


def _annex(annex: Facts, hidden: Set[int]) -> Facts:
    if annex["case"] not in hidden:
        return annex
    return {**annex, "blocks": [_note(SHUT_OUT)]}


def _blocks(blocks: Sequence[Facts], hidden: Set[int]) -> list[Facts]:
    """It is said once that something is left out here."""
    found = [_block(block, hidden) for block in blocks]
    return [block for block, before in zip(found, [None, *found], strict=False) if block != before]


def _block(block: Facts, hidden: Set[int]) -> Facts:
    if hidden.isdisjoint(block["cases"]):
        return block
    return _table(block, hidden) if block["kind"] == "table" else _note(LEFT_OUT)


def _table(table: Facts, hidden: Set[int]) -> Facts:
    """The row stays with who and what; its amounts and reasons go, and the sums of them."""
    secret = [column["is_secret"] for column in table["columns"]]

    def blanked(cells: list[str]) -> list[str]:
        told = zip(cells, secret, strict=True)
        return [BLANK if is_secret and text else text for text, is_secret in told]

    rows = zip(table["cases"], table["rows"], strict=True)
    return {
        **table,
        "rows": [blanked(row) if case in hidden else row for case, row in rows],
        "foot": blanked(table["foot"]) if table["foot"] else [],
    }


def _note(text: str) -> Facts:
    return {"kind": "note", "text": text, "cases": []}
