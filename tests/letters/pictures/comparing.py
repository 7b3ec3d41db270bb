"""A page of a PDF beside the picture of it that is kept in ``kept/``.

A letter's bytes are the same everywhere, so its look can be: each page at 50 dots an inch, in 31
greys. Two pictures are the same when each strip of 16 x 1 dots is as dark, give or take TOLERANCE.
Glyphs that another version of Pango sets a hair's breadth aside pass; a word, a thin line or
a tint that is gone does not, nor what moved up or down (test_comparing.py).

Where a page differs, what was, what is and where stand side by side in var/pictures/. Is it meant:
``make pictures-new``, and look at them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageOps

KEPT = Path(__file__).parent / "kept"
SHOWN = Path(__file__).parents[3] / "var" / "pictures"
DPI, GREYS, STRIP, ENLARGED = 50, 31, (16, 1), 2
TOLERANCE = 13  # of 255: 4 are lost by the few greys
STEP = 255 / (GREYS - 1)


def different(pdf: bytes, name: str) -> list[str]:
    """The pages that no longer look as kept; none where UPDATE_PICTURES is set, which renews."""
    is_meant = bool(os.environ.get("UPDATE_PICTURES"))
    now = dict(_named(pdf, name))
    gone = {path.name for path in KEPT.glob(f"{name}-[0-9].png")} - now.keys()
    found = sorted(gone | {file for file, page in now.items() if not _is_kept(file, page)})
    for file in found:
        (_renew if is_meant else _show)(file, now.get(file))
    return [] if is_meant else found


def pages(pdf: bytes) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=DPI / 72, grayscale=True).to_pil()


def in_few_greys(page: Image.Image) -> Image.Image:
    return page.point([round(round(grey / STEP) * STEP) for grey in range(256)])


def is_same(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    apart = ImageChops.difference(one.reduce(STRIP), other.reduce(STRIP))
    return not any(apart.histogram()[TOLERANCE + 1 :])


def _named(pdf: bytes, name: str) -> Iterator[tuple[str, Image.Image]]:
    for number, page in enumerate(pages(pdf), 1):
        yield f"{name}-{number}.png", page


def _is_kept(file: str, page: Image.Image) -> bool:
    path = KEPT / file
    return path.exists() and is_same(_opened(path), page)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as kept:
        return kept.convert("L")


def _renew(file: str, page: Image.Image | None) -> None:
    """Keep the page as it is now; where there is none any longer, keep none."""
    path = KEPT / file
    if page is None:
        path.unlink()
    else:
        KEPT.mkdir(exist_ok=True)
        in_few_greys(page).quantize(GREYS, dither=Image.Dither.NONE).save(path, optimize=True)


def _show(file: str, page: Image.Image | None) -> None:
    """Side by side, enlarged: what was, what is, and where they differ."""
    was = _opened(KEPT / file) if (KEPT / file).exists() else None
    size = (was or page or Image.new("L", (1, 1))).size
    blank = Image.new("L", size, 255)
    old, new = was or blank, (page or blank).resize(size)
    shown = Image.new("L", (size[0] * 3, size[1]), 255)
    for place, picture in enumerate((old, new, ImageOps.invert(ImageChops.difference(old, new)))):
        shown.paste(picture, (place * size[0], 0))
    SHOWN.mkdir(parents=True, exist_ok=True)
    ImageOps.scale(shown, ENLARGED, Image.Resampling.NEAREST).save(SHOWN / file)
