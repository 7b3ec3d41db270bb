"""The small picture beside a file's name, made when somebody first looks, kept for a day."""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from django.core.cache import cache

from pulje.models import Attachment

PROGRAM = Path(__file__).with_name("picture.py")
DRAWN = ("application/pdf", "image/jpeg", "image/png")
ONE_DAY = 24 * 60 * 60
SECONDS = 10
LARGEST_PNG = 400 * 1024
drawing = BoundedSemaphore(2)  # of a web process's four threads, two are left for pages


def preview_of(attachment: Attachment) -> bytes:
    """A PNG of at most 240 by 240, or nothing when the file cannot be drawn."""
    if attachment.content_type not in DRAWN:
        return b""
    name = f"preview:{attachment.sha256}"
    known: bytes | None = cache.get(name)
    if known is not None:
        return known
    if not drawing.acquire(timeout=SECONDS):
        return b""
    try:
        drawn = _draw(attachment)
    finally:
        drawing.release()
    cache.set(name, drawn, ONE_DAY)
    return drawn


def _draw(attachment: Attachment) -> bytes:
    try:
        with attachment.file.open("rb") as file:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-I", str(PROGRAM)],
                input=file.read(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    is_png = done.returncode == 0 and done.stdout.startswith(b"\x89PNG")
    return done.stdout if is_png and len(done.stdout) <= LARGEST_PNG else b""
