"""A preview made by a letters' worker: a PDF as a letter's, invented ones' pages as pictures."""

from io import BytesIO

import pypdfium2
from PIL import Image

from letters import actions
from letters.models import Letter
from letters.previews import asking
from letters.texts.chosen import Chosen

WIDTH = 1040  # twice what the page shows, for sharp screens
SHADES = 64


def make(key: str) -> bool:
    """Make what is wanted under the key; False when nobody waits any longer."""
    preview = asking.wanted(key)
    if preview is None:
        return False
    letter = Letter(kind=preview.facts["kind"], facts=dict(preview.facts))
    try:
        pdf, _sha256 = actions.printed(letter, Chosen(preview.text, preview.parts))
    except actions.CANNOT_MAKE as reason:
        made = asking.Drawn(failure=str(reason))
    else:
        made = asking.Drawn(pdf=pdf, pages=() if preview.is_real else _pictures(pdf))
    asking.hand_over(key, made, preview.kept_seconds)
    return True


def _pictures(pdf: bytes) -> tuple[bytes, ...]:
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_picture(page) for page in document)


def _picture(page: pypdfium2.PdfPage) -> bytes:
    drawn = page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB")
    held = BytesIO()
    drawn.quantize(SHADES, dither=Image.Dither.NONE).save(held, "PNG")
    return held.getvalue()
