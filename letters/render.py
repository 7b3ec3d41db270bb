"""HTML to PDF. The only module that imports WeasyPrint; nothing here knows what a letter says.

One engine a process: fonts, style sheet and images are read once, after the fork, and kept. A
process that makes many letters should be warmed with ``warm()`` and be replaced after some
thousand letters (WeasyPrint leaks a little).
"""

import gc
import hashlib
import json
import os
import signal
import threading
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont

from letters.standards import finish

ASSETS = Path(__file__).parent / "static" / "letters"
CUTS = ("Regular", "Italic", "SemiBold", "Bold")
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Bounds:
    """How much a paper may be, what it is called, and what to do when it is more."""

    called: str
    advice: str
    pages: int
    html_bytes: int
    seconds: int = 20
    styles: tuple[str, ...] = ("brev.css",)

    def exceeded(self, what: str) -> "CannotRender":
        return CannotRender(f"{self.called} {what}. {self.advice}, og prøv igen.")


LETTER = Bounds("Brevet", "Forkort begrundelsen", pages=6, html_bytes=200_000)
# an application with every field filled to its limit has 60 pages
DOCUMENT = Bounds("Brevet", "Forkort det", pages=80, html_bytes=2_000_000)
MEETING = Bounds(
    "Pakken",
    "Fordel sagerne på flere møder",
    pages=2_000,
    html_bytes=5_000_000,
    seconds=180,
    styles=("brev.css", "papir.css"),
)


class CannotRender(Exception):
    """This letter cannot become a PDF; the message is a Danish sentence for the case worker."""


class Forbidden(BaseException):
    """A letter asked for something from outside: a mistake in a template, never passed over."""


class NotInstalled(Exception):
    """This machine cannot make letters; the message says what to install."""


def letter(html: str, payload: Mapping[str, object], issued: datetime) -> tuple[bytes, str]:
    """Give PDF and sha256: tagged, PDF/A-3a and PDF/UA-1, ``payload`` inside as afgoerelse.json.

    The same input gives the same bytes, in every process. Raises CannotRender for a letter that
    is too long or takes too long; nothing but ``asset:`` names is ever fetched.
    """
    return _made(html, payload, issued, "afgoerelse.json", LETTER)


def document(
    html: str, payload: Mapping[str, object], issued: datetime, *, name: str
) -> tuple[bytes, str]:
    """The same for what is longer than a letter; ``payload`` is inside under ``name``."""
    return _made(html, payload, issued, name, DOCUMENT)


def meeting(
    html: str, payload: Mapping[str, object], issued: datetime, *, name: str
) -> tuple[bytes, str]:
    """The same for a committee's agenda or minutes: hundreds of pages, half a minute.

    Nothing is collected meanwhile (a fifth of the time): for a process that ends after it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _made(html, payload, issued, name, MEETING)
    finally:
        if was_on:
            gc.enable()


def _made(
    html: str, payload: Mapping[str, object], issued: datetime, name: str, bounds: Bounds
) -> tuple[bytes, str]:
    if len(html.encode()) > bounds.html_bytes:
        raise bounds.exceeded("har for meget tekst")
    with _at_most(bounds):
        try:
            engine = _engine(os.getpid())
            pdf = engine.write(within_font(html), canonical(payload), issued, name, bounds)
        except Forbidden as mistake:
            raise ValueError(str(mistake)) from mistake
    return pdf, hashlib.sha256(pdf).hexdigest()


def canonical(payload: Mapping[str, object]) -> bytes:
    """The facts as the one JSON text that has this meaning: sorted, without spaces, UTF-8."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def version() -> str:
    """What made the PDF, e.g. "WeasyPrint 70.0"."""
    return f"WeasyPrint {_weasyprint().VERSION}"


def check() -> None:
    """Raise NotInstalled with a sentence where letters cannot be made, or only slowly."""
    for cut in CUTS:
        if not _font(cut).is_file():
            raise NotInstalled(f"The letters' font {_font(cut)} is missing: run `make install`.")
    if _weasyprint().text.ffi.harfbuzz_subset is None:
        raise NotInstalled(
            "Letters need libharfbuzz-subset: `apt-get install libharfbuzz-subset0`."
        )


def warm() -> None:
    """Make the engine ready; keep the garbage collector off what lives as long as the process."""
    _engine(os.getpid())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def within_font(text: str) -> str:
    """The text less what the font cannot draw: an emoji never stops a letter."""
    strange = set(text) - _drawable()
    return text.translate({ord(sign): _instead(sign) for sign in strange}) if strange else text


def _instead(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if set(plain) <= _drawable():
        return plain
    return "?" if unicodedata.category(sign)[0] in "LN" else ""


@cache
def _drawable() -> frozenset[str]:
    with TTFont(_font("Regular"), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap())) | {"\n", "\t"}


def _font(cut: str) -> Path:
    return Path(settings.LETTER_FONTS_DIR) / f"IBMPlexSans-{cut}.ttf"


@dataclass(frozen=True)
class _Engine:
    """Everything a process keeps between letters."""

    weasyprint: ModuleType
    fetcher: Any
    fonts: Any
    styles: dict[str, Any]
    images: dict[str, Any] = field(default_factory=dict)

    def write(
        self, html: str, payload: bytes, issued: datetime, name: str, bounds: Bounds
    ) -> bytes:
        facts = self.weasyprint.Attachment(
            string=payload,
            url_fetcher=self.fetcher,
            name=name,
            description=f"{bounds.called}s oplysninger i maskinlæsbar form",
            created=issued,
            modified=issued,
            relationship="Data",
        )
        options = {"pdf_variant": "pdf/a-3a", "attachments": [facts], "cache": self.images}
        source = self.weasyprint.HTML(string=html, url_fetcher=self.fetcher)
        styles = [self.styles[name] for name in bounds.styles]
        document = source.render(font_config=self.fonts, stylesheets=styles, **options)
        if len(document.pages) > bounds.pages:
            raise bounds.exceeded(f"fylder mere end {bounds.pages} sider")
        with warnings.catch_warnings():
            # WeasyPrint leaves the colour profile's file to be closed by itself
            warnings.simplefilter("ignore", ResourceWarning)
            pdf: bytes = document.write_pdf(finisher=finish, **options)
        return pdf


@cache
def _engine(_process: int) -> _Engine:
    """Anew in every forked process: fonts that parent and child share vanish with the child."""
    check()
    weasyprint = _weasyprint()
    fetcher = _asset_fetcher(weasyprint)
    with _own_fonts():
        fonts = weasyprint.text.fonts.FontConfiguration()
    styles = {
        path.name: weasyprint.CSS(
            string=path.read_text("utf-8"), url_fetcher=fetcher, font_config=fonts
        )
        for path in sorted(ASSETS.glob("*.css"))
    }
    return _Engine(weasyprint, fetcher, fonts, styles)


@cache
def _weasyprint() -> ModuleType:
    # a second's work that only letter workers should pay; it reads its fonts when imported
    with _own_fonts():
        import weasyprint  # noqa: PLC0415, TID253
    module: ModuleType = weasyprint
    return module


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Fontconfig sees our folder and nothing of the host: the same bytes everywhere."""
    folder = Path(settings.DATA_DIR).resolve() / "fontconfig"
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "fonts.conf"
    text = FONTS_CONF.format(
        fonts=Path(settings.LETTER_FONTS_DIR).resolve(), cache=folder / "cache"
    )
    if not conf.exists() or conf.read_text("utf-8") != text:
        part = folder / f"fonts.{os.getpid()}.conf"
        part.write_text(text, "utf-8")
        part.replace(conf)
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(conf)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _asset_fetcher(weasyprint: ModuleType) -> Any:
    class AssetFetcher(weasyprint.urls.URLFetcher):  # type: ignore[name-defined]
        """Knows the files in static/letters by name; opens no path, no network, no data address."""

        def fetch(self, url: str, headers: object = None) -> Any:
            known = {f"asset:{path.name}": path for path in ASSETS.iterdir()}
            # WeasyPrint swallows every Exception here and goes on without the file
            if url not in known:
                raise Forbidden(f"a letter may not fetch {url[:80]!r}")
            kind = {".svg": "image/svg+xml", ".png": "image/png"}[known[url].suffix]
            return weasyprint.urls.URLFetcherResponse(
                url, known[url].read_bytes(), {"Content-Type": kind}
            )

    return AssetFetcher()


@contextmanager
def _at_most(bounds: Bounds) -> Iterator[None]:
    """Stop a paper that takes too long (only a process' main thread can be stopped so)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise bounds.exceeded(f"tog mere end {bounds.seconds} sekunder at lave")

    # its own seconds, not the clock's: a busy machine makes no letter too long
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
