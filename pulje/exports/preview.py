"""Pictures of files: a small one beside its name, each page to read; kept for a day."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from django.core.cache import cache

from pulje.models import Attachment

PROGRAM = Path(__file__).with_name("picture.py")
DRAWN = ("application/pdf", "image/jpeg", "image/png")
ONE_DAY = 24 * 60 * 60
SECONDS = 10
SMALL, LARGE = 240, 1400  # pixels on the longest side
LARGEST = {SMALL: 400 * 1024, LARGE: 2 * 1024 * 1024}
BEGINS = {SMALL: b"\x89PNG", LARGE: b"\xff\xd8\xff"}
PAGE_TYPE = "image/jpeg"
drawing = BoundedSemaphore(2)  # of a web process's four threads, two are left for pages


@dataclass(frozen=True)
class Drawn:
    """One page and how many there are; no bytes and no pages when the file cannot be drawn."""

    picture: bytes = b""
    pages: int = 0


def preview_of(attachment: Attachment) -> bytes:
    """A PNG of the first page, at most 240 by 240, or nothing when it cannot be drawn."""
    return _known(attachment, SMALL, 1).picture


def page_of(attachment: Attachment, number: int) -> Drawn:
    """A JPEG of one page to read (after the last: the last), at most 1400 by 1400."""
    return _known(attachment, LARGE, number)


def page_of_pdf(sha256: str, read: Callable[[], bytes], number: int) -> Drawn:
    """``page_of`` for a PDF of our own; ``read`` is asked only when the page is not known."""
    return _kept(sha256, read, LARGE, number)


def _known(attachment: Attachment, side: int, number: int) -> Drawn:
    if attachment.content_type not in DRAWN:
        return Drawn()
    return _kept(attachment.sha256, lambda: _read(attachment), side, number)


def _read(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _kept(sha256: str, read: Callable[[], bytes], side: int, number: int) -> Drawn:
    name = f"drawn:{sha256}:{side}:{number}"
    known: tuple[bytes, int] | None = cache.get(name)
    if known is not None:
        return Drawn(*known)
    if not drawing.acquire(timeout=SECONDS):
        return Drawn()
    try:
        drawn = _draw(read, side, number)
    finally:
        drawing.release()
    cache.set(name, (drawn.picture, drawn.pages), ONE_DAY)
    return drawn


def _draw(read: Callable[[], bytes], side: int, number: int) -> Drawn:
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(PROGRAM), str(side), str(number)],
            input=read(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Drawn()
    pages, _line, picture = done.stdout.partition(b"\n")
    is_right = done.returncode == 0 and pages.isdigit() and picture.startswith(BEGINS[side])
    return Drawn(picture, int(pages)) if is_right and len(picture) <= LARGEST[side] else Drawn()
