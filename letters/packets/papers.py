"""An agenda or minutes (plain values of a Paper) made ready for paper; writes nothing.

What PDF and Word have in common: headings, which tables are wide, which row leads to which annex.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from pulje.templatetags.paper import head_of

Facts = Mapping[str, Any]
WIDE = 9  # a table with so many columns needs the page on its side
LONG = 400  # signs in a cell: such a row may be parted between two pages, for it may fill one
OURS = {"case", "cases", "is_own", "is_secret"}
CLOSED = (
    "Lukket udgave med personoplysninger. Den er til udvalget og forvaltningen og må ikke deles."
)
PLAIN = dict.fromkeys([*range(9), *range(11, 32), 0xFFFE, 0xFFFF])  # no file may hold these


def name_of(paper: Facts) -> str:
    """In every page's head: "Dagsorden – Åben", "Referat – Åben (Udkast – ikke godkendt)"."""
    name = f"{paper['title']} – {'Åben' if paper['is_open'] else 'Lukket'}"
    return f"{name} ({paper['mark']})" if paper.get("mark") else name


def html_of(paper: Facts) -> str:
    """The paper as HTML for the PDF, from its facts and nothing else."""
    context = {"paper": paper, "name": name_of(paper), "items": items_of(paper)}
    context |= {"closed": CLOSED, "sender": settings.SITE}
    html: str = render_to_string("papers/paper.html", context)
    return html.translate(PLAIN)


def items_of(paper: Facts) -> list[dict[str, Any]]:
    """The items with their headings, and their tables with lines in place of rows."""
    return [_item(item, is_open=paper["is_open"]) for item in paper["items"]]


def without_ids(facts: Any) -> Any:
    """The facts for the outside: less our rows' numbers and what only our own pages ask about."""
    if isinstance(facts, Mapping):
        return {key: without_ids(said) for key, said in facts.items() if key not in OURS}
    if isinstance(facts, list | tuple):
        return [without_ids(said) for said in facts]
    return facts


def _item(item: Facts, *, is_open: bool) -> dict[str, Any]:
    links = {annex["number"]: annex["id"] for annex in item["annexes"]}
    sections = [
        section | {"blocks": _blocks(section["blocks"], links)} for section in item["sections"]
    ]
    annexes = [annex | {"blocks": _blocks(annex["blocks"], {})} for annex in item["annexes"]]
    closed = " (lukket)" if item["is_closed"] and not is_open else ""
    return {
        **item,
        "heading": f"Punkt {item['number']}. {item['title']}{closed}",
        "annexes_title": f"Ansøgninger til punkt {item['number']}",
        "sections": sections,
        "annexes": annexes,
    }


def _blocks(blocks: Sequence[Facts], links: Mapping[str, str]) -> list[Facts]:
    return [
        {**block, "is_wide": len(block["columns"]) >= WIDE, "lines": list(_lines(block, links))}
        if block["kind"] == "table"
        else block
        for block in blocks
    ]


def _lines(table: Facts, links: Mapping[str, str]) -> Iterator[Facts]:
    """Rows, then the sums; a row whose "Nr." is an annex's leads to it."""
    is_numbered = table["columns"][0]["title"] == "Nr."
    for row in table["rows"]:
        link = links.get(row[0]) if is_numbered else None
        is_long = max(map(len, row)) > LONG
        yield {"cells": _cells(table, row), "link": link, "is_long": is_long, "is_sum": False}
    if table["rows"] and table["foot"]:
        cells = _cells(table, table["foot"])
        yield {"cells": cells, "link": None, "is_long": False, "is_sum": True}


def _cells(table: Facts, row: Sequence[str]) -> list[Facts]:
    head = head_of(row)
    told = zip(row, table["columns"], strict=True)
    return [
        {"text": text, "is_number": column["is_number"], "is_head": place == head}
        for place, (text, column) in enumerate(told)
    ]
