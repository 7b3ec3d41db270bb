"""A file of earlier grants, opened: its form found or told, its rows ready to be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pulje.errors import RuleBroken
from pulje.imports.delimited import delimited_header, read_delimited
from pulje.imports.json_rows import has_wrapper, read_json
from pulje.imports.mapfile import FORMATS, ImportMap
from pulje.imports.rawrow import IDENTITY, REASON, RawRow
from pulje.imports.sheets import read_sheet, sheet_header
from pulje.imports.sniffing import Form, find_delimiter, find_encoding


@dataclass(frozen=True)
class Source:
    """Everything about a file that its rows and the file of refused rows need."""

    path: Path
    plan: ImportMap
    format: str
    form: Form
    read: Callable[[], Iterator[RawRow]]
    header: tuple[str, ...] = ()
    has_wrapper: bool = False


def open_source(path: Path, plan: ImportMap) -> Source:
    """Find out how the file is written; refuses a file that cannot be known or read."""
    if not path.is_file():
        raise RuleBroken(f"Filen {path} findes ikke.")
    found = plan.shape.format or path.suffix.removeprefix(".").lower()
    if found == "xlsx":
        header = sheet_header(path, plan) if plan.shape.has_header else []
        form = Form("utf-8", said=("Regneark (xlsx).",))
        return Source(path, plan, found, form, partial(read_sheet, path, plan), _own(header))
    if found not in FORMATS:
        raise RuleBroken(
            f"Formatet “{found}” kendes ikke. Det kan være {', '.join(FORMATS)}."
            ' Skriv format = "…" under [file] i MAP.'
        )
    form = find_encoding(path, plan.shape.encoding)
    if found == "json":
        read = partial(read_json, path, plan, form)
        return Source(path, plan, found, form, read, has_wrapper=has_wrapper(path, form))
    form = find_delimiter(path, form, plan)
    header = delimited_header(path, plan, form) if plan.shape.has_header else []
    read = partial(read_delimited, path, plan, form)
    return Source(path, plan, found, form, read, _own(header))


def _own(header: list[str]) -> tuple[str, ...]:
    """The file's own columns, without the two of a mended file."""
    return tuple(header[2:] if header[:2] == [REASON, IDENTITY] else header)
