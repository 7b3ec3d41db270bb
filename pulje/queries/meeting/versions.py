"""Two versions of the same agenda or minutes: what is new in the later one, in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulje.queries.meeting.packet_text import sentence

Facts = Mapping[str, Any]
PROPOSED, DECIDED = "Indstillet (kr.)", "Besluttet"
REASONS = ("Begrundelse (kriterium)", "Udvalgets begrundelse")


@dataclass(frozen=True)
class Row:
    """A case as the closed version has it; ``decided`` is empty where nothing but the proposal."""

    number: str
    name: str
    item: str
    proposed: str
    decided: str
    reasons: Sequence[str]
    annex: Any


def is_same(earlier: Facts, later: Facts) -> bool:
    """True when nothing but the number of the version and the time differ."""
    return _content(earlier) == _content(later)


def changes_between(earlier: Facts, later: Facts) -> list[str]:
    """What is new, each sentence of a case beginning with its number; empty when nothing is."""
    if is_same(earlier, later):
        return []
    old, new = earlier["closed"], later["closed"]
    before, after = rows_of(old), rows_of(new)
    touched = {row.item for pk, row in after.items() if before.get(pk) != row}
    touched |= {row.item for pk, row in before.items() if pk not in after}
    told = [*_head(old, new), *_items(old, new, touched), *_cases(before, after)]
    return told or ["Indholdet er ændret."]


def rows_of(paper: Facts) -> dict[int, Row]:
    """Every case of the agenda by the application's id, in the agenda's order."""
    found: dict[int, Row] = {}
    for item in paper["items"]:
        annexes = {annex["case"]: annex["blocks"] for annex in item["annexes"]}
        for pk, cells in _cells(item):
            known = found.get(pk)
            found[pk] = Row(
                number=cells["Nr."],
                name=cells.get("Projekt", known.name if known else ""),
                item=item["number"],
                proposed=cells.get(PROPOSED, known.proposed if known else ""),
                decided=cells.get(DECIDED, known.decided if known else ""),
                reasons=[*(known.reasons if known else []), *(cells.get(r, "") for r in REASONS)],
                annex=annexes.get(pk),
            )
    return found


def _cells(item: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, str]]]:
    for section in item["sections"]:
        for block in section["blocks"]:
            if block["kind"] != "table" or not block["cases"]:
                continue
            titles = [column["title"] for column in block["columns"]]
            if "Nr." in titles:
                for pk, row in zip(block["cases"], block["rows"], strict=True):
                    yield pk, dict(zip(titles, row, strict=True))


def _head(old: Facts, new: Facts) -> Iterator[str]:
    before = {label: value for label, value in old["header"]}
    for label, value in new["header"]:
        if before.get(label) != value:
            yield f"{label} er ændret til {value}."


def _items(old: Facts, new: Facts, touched: set[str]) -> Iterator[str]:
    """Items that came, went or got other words; what only follows from the cases is not told."""
    before = {item["id"]: item for item in old["items"]}
    for item in new["items"]:
        was = before.pop(item["id"], None)
        name = f"Punkt {item['number']} {item['title']}"
        if was is None:
            yield f"{name} er kommet til."
            continue
        if was["title"] != item["title"]:
            yield f"{name} hed {was['title']}."
        sections = {section["id"]: section for section in was["sections"]}
        for section in item["sections"]:
            earlier = sections.get(section["id"])
            follows = item["number"] in touched and not section["is_own"]
            if not follows and (earlier is None or earlier["blocks"] != section["blocks"]):
                yield f"{name}: {section['title']} er ændret."
    for gone in before.values():
        yield f"Punkt {gone['number']} {gone['title']} er taget af."


def _cases(before: Mapping[int, Row], after: Mapping[int, Row]) -> Iterator[str]:
    for pk, row in after.items():
        was = before.get(pk)
        if was is None:
            yield f"Nr. {row.number} {row.name} er kommet til."
        else:
            yield from _case(was, row)
    for pk, was in before.items():
        if pk not in after:
            yield f"Nr. {was.number} {was.name} er taget af dagsordenen."
    kept = [pk for pk in before if pk in after]
    if kept != [pk for pk in after if pk in before]:
        yield "Rækkefølgen af ansøgningerne er ændret."


def _case(was: Row, row: Row) -> Iterator[str]:
    name = f"Nr. {row.number} {row.name}"
    if was.proposed != row.proposed:
        yield sentence(f"{name}: indstillet {_kr(row.proposed)} i stedet for {_kr(was.proposed)}")
    if was.decided != row.decided:
        now, then = row.decided or row.proposed, was.decided or was.proposed
        yield sentence(f"{name}: besluttet {_kr(now)} i stedet for {_kr(then)}")
    elif was.proposed == row.proposed and was.reasons != row.reasons:
        yield f"{name}: begrundelsen er ændret."
    elif was.proposed == row.proposed and was.annex != row.annex:
        yield f"{name}: resuméet er ændret."


def _kr(cell: str) -> str:
    """An amount as in the table, or a word such as "udsat"."""
    return f"{cell}\N{NO-BREAK SPACE}kr." if cell[:1].isdigit() else cell.lower()


def _content(facts: Facts) -> dict[str, Any]:
    return {key: facts[key] | {"number": "", "issued_at": ""} for key in ("open", "closed")}
