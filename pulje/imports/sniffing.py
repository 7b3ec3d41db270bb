"""Finding out how a text file is written. What is not certain is refused, never guessed."""

import csv
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pulje.errors import RuleBroken
from pulje.imports.mapfile import ImportMap
from pulje.imports.rawrow import IDENTITY, REASON

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = {",": "komma", ";": "semikolon", "\t": "tabulator", "|": "lodret streg"}
LINES_LOOKED_AT = 50
# signs that may stand inside a word in cp1252 without being letters
_IN_WORDS = frozenset("’‘´\u00ad\u2013\u2014·")


@dataclass(frozen=True)
class Form:
    """How a file is written, and the sentences that say how we know."""

    encoding: str
    delimiter: str = ""
    said: tuple[str, ...] = ()


def find_encoding(path: Path, told: str = "") -> Form:
    """utf-8, utf-8-sig or cp1252; refuses what could be something else."""
    with path.open("rb") as handle:
        start = handle.read(4)
    if start.startswith(UTF16_MARKS) or b"\0" in start:
        raise RuleBroken(f"{path.name} er skrevet i UTF-16. Gem den som UTF-8, og prøv igen.")
    has_mark = start.startswith(UTF8_MARK)
    if told:
        found = "utf-8-sig" if has_mark and told.startswith("utf-8") else told
        _must_decode(path, found)
        return Form(found, said=(f"Tegnsæt: {found} (står i MAP).",))
    if has_mark:
        _must_decode(path, "utf-8-sig")
        return Form("utf-8-sig", said=("Tegnsæt: utf-8-sig (filen har mærket).",))
    return _by_its_lines(path)


def _must_decode(path: Path, encoding: str) -> None:
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                raise RuleBroken(
                    f"{path.name} er ikke {encoding}: linje {number} kan ikke læses."
                    " Ret [file] encoding i MAP, eller gem filen som UTF-8."
                ) from None


def _by_its_lines(path: Path) -> Form:
    first_utf8 = first_other = 0
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                first_utf8 = first_utf8 or number
            except UnicodeDecodeError:
                first_other = first_other or number
    if not first_other:
        how = f"fx linje {first_utf8}" if first_utf8 else "kun almindelige tegn"
        return Form("utf-8", said=(f"Tegnsæt: utf-8 (fundet, {how}).",))
    if first_utf8:
        raise RuleBroken(
            f"Tegnsættet i {path.name} er ikke til at kende: linje {first_utf8} er utf-8, men"
            f' linje {first_other} er det ikke. Skriv encoding = "…" under [file] i MAP.'
        )
    return Form("cp1252", said=(f"Tegnsæt: cp1252 (fundet, {_sure_cp1252(path)}).",))


def _sure_cp1252(path: Path) -> str:
    """A word that shows it; refuses where the signs inside words are no letters."""
    example = ""
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.isascii():
                continue
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError:
                raise _unsure(path, number) from None
            for before, sign, after in zip(text, text[1:], text[2:], strict=False):
                if sign.isascii() or not (_is_plain(before) and _is_plain(after)):
                    continue
                if not sign.isalpha() and sign not in _IN_WORDS:
                    raise _unsure(path, number)
                example = example or f"fx “…{before}{sign}{after}…” i linje {number}"
    return example or "filen er ikke utf-8"


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _unsure(path: Path, number: int) -> RuleBroken:
    return RuleBroken(
        f"Tegnsættet i {path.name} er ikke til at kende: linje {number} er hverken utf-8 eller"
        ' sikkert cp1252. Gem filen som UTF-8, eller skriv encoding = "…" under [file] i MAP.'
    )


def find_delimiter(path: Path, form: Form, plan: ImportMap) -> Form:
    """The one sign that gives the columns the MAP names; refuses when several or none do."""
    told = plan.shape.delimiter
    if told:
        return replace(form, delimiter=told, said=(*form.said, _said(told, "står i MAP")))
    with path.open(encoding=form.encoding, newline="") as handle:
        lines = list(islice(handle, LINES_LOOKED_AT))
    fitting = [sign for sign in DELIMITERS if _fits(lines, sign, plan)]
    if len(fitting) == 1:
        return replace(form, delimiter=fitting[0], said=(*form.said, _said(fitting[0], "fundet")))
    if fitting:
        names = " og ".join(DELIMITERS[sign] for sign in fitting)
        raise RuleBroken(
            f"Skilletegnet i {path.name} er ikke til at kende: {names} passer lige godt."
            ' Skriv delimiter = "…" under [file] i MAP.'
        )
    raise RuleBroken(_no_delimiter(path, lines, plan))


def _said(sign: str, how: str) -> str:
    return f"Skilletegn: {DELIMITERS.get(sign, repr(sign))} ({how})."


def _fits(lines: list[str], sign: str, plan: ImportMap) -> bool:
    rows = _rows(lines, sign)
    if not rows:
        return False
    if plan.shape.has_header:
        return set(plan.wanted) <= {cell.strip() for cell in rows[0]}
    right = sum(len(row) in {plan.shape.width, (plan.shape.width or 0) + 2} for row in rows)
    return right * 2 > len(rows)


def _rows(lines: list[str], sign: str) -> list[list[str]]:
    """The rows that can be read; the last may be cut in the middle and is then left out."""
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=sign, strict=True)
    while True:
        try:
            row = next(reader)
        except csv.Error:
            continue
        except StopIteration:
            return rows
        if row:
            rows.append(row)


def _no_delimiter(path: Path, lines: list[str], plan: ImportMap) -> str:
    if not plan.shape.has_header:
        return (
            f"Ingen skilletegn deler {path.name} i {plan.shape.width} kolonner."
            " Ret columns eller delimiter under [file] i MAP."
        )
    heads = [{cell.strip() for cell in (_rows(lines, sign) or [[]])[0]} for sign in DELIMITERS]
    best = max(heads, key=lambda head: (len(set(plan.wanted) & head), len(head)))
    missing = ", ".join(f"“{column}”" for column in plan.wanted if column not in best)
    there = ", ".join(f"“{name}”" for name in sorted(best - {REASON, IDENTITY}))[:1000]
    return f"{path.name} har ikke kolonnen {missing}. Filen har: {there}."
