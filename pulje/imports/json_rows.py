"""json: a list of objects, or 360Giving's {"grants": [...]}; one object at a time."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pulje.errors import RuleBroken
from pulje.imports.mapfile import Column, ImportMap
from pulje.imports.rawrow import IDENTITY, REASON, RawRow
from pulje.imports.sniffing import Form

# NaN and Infinity are no numbers: they come through as text and are judged as such
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=str)
_BLANK = " \t\r\n"


def read_json(path: Path, plan: ImportMap, form: Form) -> Iterator[RawRow]:
    """Every element of the list; refuses a MAP that names a key no element has."""
    text = path.read_text(encoding=form.encoding)
    line, counted = 1, 0
    missing, is_mended = set(plan.wanted), False
    for start, item in _items(text, plan.shape.list_key, path):
        line, counted = line + text.count("\n", counted, start), start
        if not isinstance(item, dict):
            yield RawRow(line, itself=item, problem="Elementet er ikke et objekt med felter.")
            continue
        is_mended = is_mended or REASON in item
        known = str(item.pop(IDENTITY, "") or "")
        item.pop(REASON, None)
        cells = {column: pick(item, column) for column in plan.wanted}
        missing -= {column for column, value in cells.items() if value is not None}
        yield RawRow(line, cells, item, known_identity=known)
    if missing and counted and not is_mended:
        names = ", ".join(f"“{column}”" for column in plan.wanted if column in missing)
        raise RuleBroken(f"Intet element i {path.name} har {names}. Ret MAP.")


def pick(item: object, column: Column) -> object:
    """Follow a dotted path such as "recipientOrganization.0.name"; None where it ends early.

    A key that itself has the dots in it goes first.
    """
    if isinstance(item, dict) and column in item:
        return item[column]
    for part in str(column).split("."):
        if isinstance(item, dict):
            item = item.get(part)
        elif isinstance(item, list) and part.isdecimal() and int(part) < len(item):
            item = item[int(part)]
        else:
            return None
    return item


def has_wrapper(path: Path, form: Form) -> bool:
    """True for {"grants": [...]}, False for a plain list."""
    with path.open(encoding=form.encoding) as handle:
        return next((line.lstrip()[:1] for line in handle if line.strip()), "") == "{"


def _items(text: str, key: str, path: Path) -> Iterator[tuple[int, object]]:
    """The elements with where they begin."""
    try:
        yield from _elements(text, _list_start(text, key, path))
    except json.JSONDecodeError as error:
        raise RuleBroken(
            f"{path.name} er ikke hel json: linje {error.lineno}, tegn {error.colno}."
        ) from error
    except (RecursionError, ValueError):
        raise RuleBroken(
            f"{path.name} har flere lag eller længere tal, end en liste af tilskud kan have."
        ) from None


def _list_start(text: str, key: str, path: Path) -> int:
    """Where the list begins: the file itself, or the value of ``key`` in the outermost object."""
    at = _skip(text, 0)
    if text[at : at + 1] == "[":
        return at
    if text[at : at + 1] == "{":
        at = _skip(text, at + 1)
        while text[at : at + 1] == '"':
            name, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _expect(text, _skip(text, at), ":"))
            if name == key and text[at : at + 1] == "[":
                return at
            at = _skip(text, _DECODER.raw_decode(text, at)[1])
            if text[at : at + 1] != ",":
                break
            at = _skip(text, at + 1)
    raise RuleBroken(
        f"{path.name} er hverken en liste eller et objekt med listen “{key}”."
        ' Skriv list = "…" under [file] i MAP.'
    )


def _elements(text: str, at: int) -> Iterator[tuple[int, object]]:
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return
    while True:
        item, end = _DECODER.raw_decode(text, at)
        yield at, item
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            return
        at = _skip(text, _expect(text, at, ","))


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _BLANK:
        at += 1
    return at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"Expecting {sign}", text, at)
    return at + 1
