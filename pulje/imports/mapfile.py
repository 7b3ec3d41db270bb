"""MAP.toml: which column is which and how numbers and dates are written. Read and checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import TypeAlias, TypeVar

from pulje.enums import ApplicantKind
from pulje.errors import RuleBroken
from pulje.imports.amounts import CURRENCIES, Style
from pulje.imports.dates import strptime_form

# a column's name, a position from 1 in a file without a header, or a dotted path in json
Column: TypeAlias = str | int
T = TypeVar("T")
E = TypeVar("E", bound=Enum)

FIELDS = frozenset(
    ["applicant", "applicant_id", "cvr", "street", "postcode", "town", "email"]
    + ["title", "description", "scheme", "applied", "awarded", "year"]
    + ["received", "decided", "starts", "ends"]
)
AMOUNTS = ("applied", "awarded")
DAYS = ("received", "decided", "starts", "ends")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252")
FORMATS = ("csv", "tsv", "xlsx", "json")


class Empty(StrEnum):
    """What an empty amount means."""

    UNKNOWN = "unknown"
    ZERO = "zero"
    REFUSE = "refuse"


class Repeated(StrEnum):
    """What a second row with the same identity is: a mistake, or one more of the kind."""

    REFUSE = "refuse"
    COUNT = "count"


@dataclass(frozen=True)
class FileShape:
    """What is told about the file; "" and None mean: find out and say what was found."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    has_header: bool = True
    width: int | None = None
    sheet: str = ""
    list_key: str = "grants"


@dataclass(frozen=True)
class KindRule:
    """Rows whose ``column`` matches ``pattern`` come from an applicant of this kind."""

    column: Column
    pattern: re.Pattern[str]
    kind: ApplicantKind
    is_anonymous: bool  # the name is a stand-in: every row is an applicant of its own


@dataclass(frozen=True)
class ImportMap:
    """A MAP.toml that has been found to make sense."""

    source: str
    code: str  # of the pools that earlier grants are put in
    shape: FileShape
    columns: Mapping[str, Column]
    styles: Mapping[str, Style]
    currencies: tuple[str, ...]
    date_forms: tuple[str, ...]
    empty: Mapping[str, Empty]
    identity: tuple[Column, ...]
    repeated: Repeated
    default_kind: ApplicantKind
    kind_rules: tuple[KindRule, ...]

    @property
    def wanted(self) -> tuple[Column, ...]:
        """Every column that must be in the file, once each."""
        rules = [rule.column for rule in self.kind_rules]
        return tuple(dict.fromkeys([*self.columns.values(), *self.identity, *rules]))


def load_map(path: Path) -> ImportMap:
    """Read and check a MAP; refuses with every mistake named at once."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleBroken(f"MAP-filen {path} kan ikke læses: {error}") from error
    return build_map(told, name=str(path))


def build_map(told: Mapping[str, object], *, name: str = "MAP") -> ImportMap:
    """Check what is told and fill in the rest; refuses with every mistake named at once."""
    mistakes: list[str] = []
    reader = _Reader(told, mistakes)
    reader.know(
        "source", "code", "file", "columns", "numbers", "dates", "empty", "identity", "kind"
    )
    source = reader.text("source")
    if not source or len(source) > 100:
        mistakes.append('Skriv source = "…", et navn på kilden på højst 100 tegn.')
    built = ImportMap(
        source=source,
        code=_code(reader, source, mistakes),
        shape=_shape(reader.table("file"), mistakes),
        columns=_columns(reader.table("columns"), mistakes),
        styles=_styles(reader.table("numbers"), mistakes),
        currencies=_currencies(reader.table("numbers"), mistakes),
        date_forms=_date_forms(reader.table("dates"), mistakes),
        empty=_empty(reader.table("empty"), mistakes),
        identity=_identity(reader.table("identity"), mistakes),
        repeated=reader.table("identity").choice("repeated", Repeated, Repeated.REFUSE),
        default_kind=reader.table("kind").choice(
            "default", ApplicantKind, ApplicantKind.ASSOCIATION
        ),
        kind_rules=_kind_rules(reader.table("kind"), mistakes),
    )
    _agree(built, mistakes)
    if mistakes:
        raise RuleBroken(f"{name} kan ikke bruges:\n" + "\n".join(f"- {m}" for m in mistakes))
    return built


class _Reader:
    """Takes typed values out of a TOML table and notes each mistake as a sentence."""

    def __init__(self, table: Mapping[str, object], mistakes: list[str], where: str = "") -> None:
        self.values, self.mistakes, self.where = table, mistakes, where

    def know(self, *keys: str) -> None:
        for key in self.values.keys() - set(keys):
            self.mistakes.append(f"{self.where}{key} kendes ikke. Det kan være: {', '.join(keys)}.")

    def get(self, key: str, kind: type[T], default: T) -> T:
        value = self.values.get(key, default)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.mistakes.append(f"{self.where}{key} skal være {_KINDS[kind]}.")
        return default

    def text(self, key: str, default: str = "") -> str:
        return self.get(key, str, default)

    def table(self, key: str) -> "_Reader":
        return _Reader(self.get(key, dict, {}), self.mistakes, f"[{key}] ")

    def choice(self, key: str, kind: type[E], default: E) -> E:
        value = self.text(key, default.value)
        if value in {member.value for member in kind}:
            return kind(value)
        self.mistakes.append(
            f"{self.where}{key} er “{value}”. Det kan være: {', '.join(m.value for m in kind)}."
        )
        return default

    def columns(self, key: str) -> tuple[Column, ...]:
        found = self.get(key, list, [])
        if all(_is_column(one) for one in found):
            return tuple(found)
        self.mistakes.append(f"{self.where}{key} skal være en liste af kolonner.")
        return ()


_KINDS = {
    str: "tekst",
    bool: "true eller false",
    int: "et helt tal",
    list: "en liste",
    dict: "en tabel",
}


def _is_column(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _code(reader: _Reader, source: str, mistakes: list[str]) -> str:
    code = reader.text("code") or "H" + re.sub(r"[^A-Z0-9]", "", source.upper())[:5]
    if not re.fullmatch(r"[A-ZÆØÅ0-9]{1,6}", code):
        mistakes.append(
            "code skal være højst 6 store bogstaver og cifre: sagsnumrene begynder med den."
        )
    return code


def _shape(table: _Reader, mistakes: list[str]) -> FileShape:
    table.know("format", "encoding", "delimiter", "header", "columns", "sheet", "list")
    shape = FileShape(
        format=table.text("format"),
        encoding=table.text("encoding").lower(),
        delimiter=table.text("delimiter"),
        has_header=table.get("header", bool, default=True),
        width=table.get("columns", int, 0) or None,
        sheet=table.text("sheet"),
        list_key=table.text("list", "grants"),
    )
    if shape.format and shape.format not in FORMATS:
        mistakes.append(f"[file] format kan være {', '.join(FORMATS)}.")
    if shape.encoding and shape.encoding not in ENCODINGS:
        mistakes.append(f"[file] encoding kan være {', '.join(ENCODINGS)}.")
    if len(shape.delimiter) > 1 or shape.delimiter in {'"', "\n", "\r"}:
        mistakes.append("[file] delimiter skal være ét tegn, fx “;” eller “\\t”.")
    if not shape.has_header and not shape.width:
        mistakes.append(
            "[file] columns mangler: skriv, hvor mange kolonner filen uden overskrifter har."
        )
    return shape


def _columns(table: _Reader, mistakes: list[str]) -> dict[str, Column]:
    table.know(*sorted(FIELDS))
    columns = {key: value for key, value in table.values.items() if key in FIELDS}
    for key, value in columns.items():
        if not _is_column(value):
            mistakes.append(f"[columns] {key} skal være en kolonnes navn eller nummer.")
    if "applicant" not in columns:
        mistakes.append("[columns] applicant mangler: skriv, hvilken kolonne ansøgeren står i.")
    if not columns.keys() & set(AMOUNTS):
        mistakes.append("[columns] awarded mangler: skriv, hvilken kolonne beløbet står i.")
    if "title" not in columns and "scheme" not in columns:
        mistakes.append("[columns] title mangler: en sag skal have en titel (eller en scheme).")
    return {key: value for key, value in columns.items() if isinstance(value, str | int)}


def _styles(table: _Reader, mistakes: list[str]) -> dict[str, Style]:
    table.know("style", "currency", *AMOUNTS)
    if not table.values.keys() & {"style", *AMOUNTS}:
        mistakes.append(
            '[numbers] style mangler: "da" for 15.000,50 eller "en" for 75,453.00. Det gættes ikke.'
        )
    common = table.choice("style", Style, Style.DANISH)
    return {key: table.choice(key, Style, common) for key in AMOUNTS}


def _currencies(table: _Reader, mistakes: list[str]) -> tuple[str, ...]:
    signs = table.get("currency", list, list(CURRENCIES))
    if not all(isinstance(sign, str) and sign for sign in signs):
        mistakes.append('[numbers] currency skal være en liste af tegn, fx ["kr.", "DKK"].')
        return CURRENCIES
    # the longest first, so that "kr." is not read as "kr" and a stray full stop
    return tuple(sorted(signs, key=len, reverse=True))


def _date_forms(table: _Reader, mistakes: list[str]) -> tuple[str, ...]:
    table.know("formats")
    forms: list[str] = []
    for form in table.get("formats", list, []):
        try:
            forms.append(strptime_form(str(form)))
        except ValueError:
            mistakes.append(f"[dates] “{form}” skal have d, m og Y én gang hver, fx “d-m-Y”.")
    swap = str.maketrans("dm", "md")
    if any(form.translate(swap) in forms for form in forms):
        mistakes.append("[dates] formats nævner både d/m og m/d: 01/02 kan ikke læses sikkert.")
    return tuple(forms)


def _empty(table: _Reader, mistakes: list[str]) -> dict[str, Empty]:
    table.know(*AMOUNTS)
    return {
        "applied": table.choice("applied", Empty, Empty.UNKNOWN),
        "awarded": table.choice("awarded", Empty, Empty.REFUSE),
    }


def _identity(table: _Reader, mistakes: list[str]) -> tuple[Column, ...]:
    table.know("columns", "repeated")
    columns = table.columns("columns")
    if not columns:
        mistakes.append(
            "[identity] columns mangler: skriv de kolonner, der tilsammen kender en række igen."
        )
    return columns


def _kind_rules(table: _Reader, mistakes: list[str]) -> tuple[KindRule, ...]:
    table.know("default", "rules")
    rules = []
    for number, told in enumerate(table.get("rules", list, []), 1):
        where = f"[[kind.rules]] nr. {number}: "
        if isinstance(told, dict):
            rules.append(_kind_rule(_Reader(told, mistakes, where)))
        else:
            mistakes.append(f"{where}skal være en tabel.")
    return tuple(rule for rule in rules if rule is not None)


def _kind_rule(table: _Reader) -> KindRule | None:
    table.know("column", "matches", "kind", "anonymous")
    column = table.values.get("column")
    try:
        pattern = re.compile(table.text("matches"))
    except re.error as error:
        table.mistakes.append(f"{table.where}matches er ikke et mønster: {error}.")
        return None
    if not isinstance(column, str | int) or not pattern.pattern:
        table.mistakes.append(f"{table.where}column og matches skal begge være der.")
        return None
    kind = table.choice("kind", ApplicantKind, ApplicantKind.ASSOCIATION)
    return KindRule(column, pattern, kind, table.get("anonymous", bool, default=False))


def _agree(built: ImportMap, mistakes: list[str]) -> None:
    """What must hold between the tables."""
    if built.columns.keys() & set(DAYS) and not built.date_forms and built.shape.format != "xlsx":
        mistakes.append(
            '[dates] formats mangler: skriv, hvordan datoer skrives, fx ["d-m-Y"]. Det gættes ikke.'
        )
    if built.shape.has_header:
        return
    width = built.shape.width or 0
    for column in built.wanted:
        if not isinstance(column, int) or not 1 <= column <= width:
            mistakes.append(
                f"Kolonnen {column!r}: en fil uden overskrifter har kolonner med numre"
                f" fra 1 til {width}."
            )
