"""The English catalogue, without gettext on the machine (Babel reads and writes it).

python -m config.setup.catalogue            compile: .po -> .mo (make install does it)
python -m config.setup.catalogue --update   bring the .po in line with the source
python -m config.setup.catalogue --check    fail unless every text is there and translated
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "config/locale/en/LC_MESSAGES/django.po"
OURS_FOR_DJANGO = ROOT / "config/locale/da/LC_MESSAGES/django.po"
PACKAGES = ("config", "workflow", "letters", "pulje")
# what is Danish by nature: letters and mails, the demo, and what only the house reads
LEFT_OUT = re.compile(
    r"/migrations/|/demo/|/setup/|/management/|/imports/|/admin"
    r"|letters/(?!urls|views/verify|forms/verify|(?:templates/letters/)?_?verify"
    r"|templates/papers/(?:wait|unopened))|templates/pool_form/"
    r"|workflow/templates/workflow/(?!applicant/|links/|start/|subscription/|base|_pages|_partner_answer)"
    r"|actions/casework/(?!clarification)|forms/casework/|(actions|forms)/(decision|meeting|pool)/"
    r"|views/(casework|meeting|pool)/|forms/case\.py|workflow/(jobs|job_actions|moving)\.py"
    r"|/(applicants|history|job|ledger|merge|move_pool|payments?|person_number|register)\.py"
    r"|/(registration|repayment|in_words)\.py"
)
KEYWORDS = {
    "_": None,
    "N_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def main() -> None:
    if "--update" in sys.argv:
        _update()
    elif "--check" in sys.argv:
        sys.exit(_complaint() or 0)
    compile_catalogue()


def compile_catalogue() -> None:
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, _read())
    with (
        OURS_FOR_DJANGO.open("rb") as source,
        OURS_FOR_DJANGO.with_suffix(".mo").open("wb") as file,
    ):
        write_mo(file, read_po(source, locale="da"))


def _read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def _source() -> Catalog:
    """Every text that is marked for translation, in the order of the files."""
    found = Catalog(locale="en", project="Puljer", charset="utf-8")
    for path in _files():
        content = path.read_text()
        if path.suffix == ".html":
            content = _templatize(content)
        texts = extract_python(BytesIO(content.encode()), KEYWORDS, [], {})
        for _line, function, message, _comments in texts:
            _add(found, str(function), message, str(path.relative_to(ROOT)))
    return found


def _add(found: Catalog, func: str, message: object, where: str) -> None:
    parts = [str(part) for part in message if part] if isinstance(message, tuple) else [message]
    texts = [part for part in parts if isinstance(part, str) and part]
    if not texts:
        return
    context = texts.pop(0) if func.removesuffix("_lazy") in ("pgettext", "npgettext") else None
    plural = func.removesuffix("_lazy") in ("ngettext", "npgettext")
    found.add((texts[0], texts[1]) if plural else texts[0], locations=[(where, 0)], context=context)


def _templatize(content: str) -> str:
    # what is no text comes out as filler; without indents it is Python enough to be read
    return "\n".join(line.lstrip() for line in templatize(content).splitlines())


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".html") and not LEFT_OUT.search(path.as_posix()):
                yield path


def _update() -> None:
    """New texts come in empty, those that are gone go; nothing is guessed."""
    old, new = _read(), _source()
    for message in new:
        known = old.get(message.id, context=message.context) if message.id else None
        if known is not None:
            message.string = known.string
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=100, omit_header=False, sort_output=True, include_lineno=False)


def _complaint() -> str:
    """A sentence that names what is missing; empty when the catalogue is whole."""
    old, new = _read(), _source()
    said = {(m.context, _key(m.id)) for m in old if m.id and _is_translated(m.string)}
    wanted = {(m.context, _key(m.id)) for m in new if m.id}
    missing, gone = wanted - said, {(m.context, _key(m.id)) for m in old if m.id} - wanted
    if not missing and not gone:
        return ""
    lines = [f"untranslated: {text!r}" for _context, text in sorted(missing, key=str)]
    lines += [f"no longer used: {text!r}" for _context, text in sorted(gone, key=str)]
    return "\n".join([*lines, "Run: python -m config.setup.catalogue --update, and translate."])


def _key(identity: object) -> str:
    return identity[0] if isinstance(identity, tuple) else str(identity)


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    main()
