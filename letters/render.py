"""HTML to PDF. The only module that imports WeasyPrint; nothing here knows what a letter says.

One engine a process: fonts, style sheet and images are read once, after the fork, and kept. A
process that makes many letters should be warmed with ``warm()`` and be replaced after some
thousand letters (WeasyPrint leaks a little).
"""

import gc
import hashlib
import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.utils import timezone

from letters.rendering import fonts, look, stranded, tags
from letters.rendering.balanced import balanced
from letters.rendering.bound import bound
from letters.rendering.canonical import canonical
from letters.rendering.limits import DOCUMENT, LETTER, MEETING, Bounds, CannotRender, within
from letters.rendering.standards import finish

__all__ = ["CannotRender", "Forbidden", "NotInstalled", "canonical", "check", "document"]
__all__ += ["has_seal", "letter", "meeting", "sealed", "version", "warm"]

logger = logging.getLogger(__name__)

ASSETS = Path(__file__).parent / "static" / "letters"


class Forbidden(BaseException):
    """A letter asked for something from outside: a mistake in a template, never passed over."""


class NotInstalled(Exception):
    """This machine cannot make letters; the message says what to install."""


def letter(html: str, payload: Mapping[str, object], issued: datetime) -> tuple[bytes, str]:
    """Give PDF and sha256: tagged, PDF/A-3a and PDF/UA-1, ``payload`` inside as afgoerelse.json.

    The same input gives the same bytes, in every process. Raises CannotRender for a letter that
    is too long or takes too long; nothing but ``asset:`` names is ever fetched.
    """
    return _made(balanced(bound(html)), payload, issued, "afgoerelse.json", LETTER)


def document(
    html: str, payload: Mapping[str, object], issued: datetime, *, name: str
) -> tuple[bytes, str]:
    """The same for what is longer than a letter; ``payload`` is inside under ``name``."""
    return _made(balanced(html), payload, issued, name, DOCUMENT)


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
    try:
        with within(bounds):
            engine = _engine(os.getpid())
            pdf = engine.write(fonts.drawable(html), canonical(payload), issued, name, bounds)
    except Forbidden as mistake:
        raise ValueError(str(mistake)) from mistake
    return pdf, hashlib.sha256(pdf).hexdigest()


def version() -> str:
    """What made the PDF, e.g. "WeasyPrint 70.0"."""
    return f"WeasyPrint {_weasyprint().VERSION}"


def check() -> None:
    """Raise NotInstalled with a sentence where letters cannot be made, or only slowly.

    A logo or colour that is not in order is logged: letters are made without it.
    """
    if missing := fonts.missing():
        raise NotInstalled(f"The letters' font {missing} is missing: run `make install`.")
    fonts.read()
    for problem in look.problems():
        logger.warning(problem)
    _checked_seal()
    if _weasyprint().text.ffi.harfbuzz_subset is None:
        raise NotInstalled(
            "Letters need libharfbuzz-subset: `apt-get install libharfbuzz-subset0`."
        )


def sealed(pdf: bytes) -> tuple[bytes, str]:
    """The PDF with the municipality's seal on it, and its sha256; as it was where there is none.

    Raises CannotRender when the seal cannot be used: no letter leaves without it by accident.
    """
    seal = _seal()
    if seal is None:
        return pdf, hashlib.sha256(pdf).hexdigest()
    try:
        content: bytes = seal.put_on(pdf)
    except _sealing().CannotSeal as reason:
        raise CannotRender(f"{reason} Brevet kan først laves, når seglet er i orden.") from reason
    return content, hashlib.sha256(content).hexdigest()


def has_seal() -> bool:
    return bool(settings.LETTER_SEAL_P12)


def _checked_seal() -> None:
    """NotInstalled with a sentence when there is to be a seal and it cannot be used."""
    try:
        if seal := _seal():
            seal.check(timezone.now())
    except CannotRender as reason:
        raise NotInstalled(str(reason)) from reason
    except _sealing().CannotSeal as reason:
        raise NotInstalled(str(reason)) from reason


def _seal() -> Any:
    if not has_seal():
        return None
    name = settings.SITE["municipality"]
    return _seal_of(settings.LETTER_SEAL_P12, settings.LETTER_SEAL_PASSWORD, name)


@cache
def _seal_of(path: str, password: str, name: str) -> Any:
    try:
        return _sealing().seal_of(Path(path).read_bytes(), password, name)
    except OSError:
        raise CannotRender("Seglets fil, LETTER_SEAL_P12, kan ikke læses.") from None
    except _sealing().CannotSeal as reason:
        raise CannotRender(str(reason)) from reason


@cache
def _sealing() -> ModuleType:
    # a third of a second's work that only letter workers should pay
    from letters.rendering import seal  # noqa: PLC0415

    return seal


def warm() -> None:
    """Make the engine ready; keep the garbage collector off what lives as long as the process."""
    _engine(os.getpid())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


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
    with fonts.ours_only():
        configured = weasyprint.text.fonts.FontConfiguration()
    styles = {
        path.name: weasyprint.CSS(
            string=look.dressed(path.read_text("utf-8")),
            url_fetcher=fetcher,
            font_config=configured,
        )
        for path in sorted(ASSETS.glob("*.css"))
    }
    return _Engine(weasyprint, fetcher, configured, styles)


@cache
def _weasyprint() -> ModuleType:
    # a second's work that only letter workers should pay; it reads its fonts when imported
    with fonts.ours_only():
        import weasyprint  # noqa: PLC0415, TID253
    stranded.mend(weasyprint)
    tags.mend(weasyprint)
    module: ModuleType = weasyprint
    return module


def _asset_fetcher(weasyprint: ModuleType) -> Any:
    class AssetFetcher(weasyprint.urls.URLFetcher):  # type: ignore[name-defined]
        """Knows our pictures by name; opens no path, no network, no data address."""

        def fetch(self, url: str, headers: object = None) -> Any:
            known = look.pictures()
            # WeasyPrint swallows every Exception here and goes on without the file
            if url not in known:
                raise Forbidden(f"a letter may not fetch {url[:80]!r}")
            kind, content = known[url]
            return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    return AssetFetcher()
