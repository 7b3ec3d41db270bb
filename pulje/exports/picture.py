"""A small picture of an image or of a PDF's first page: bytes in, PNG out.

Run as a program of its own, with little memory and little time, since the bytes are a stranger's:
whatever they do to the decoder, they do it there. It knows nothing of ours but this file.
"""

import contextlib
import resource
import sys
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

SIDE = 240
MOST_PIXELS = 60_000_000
SECONDS = 8
MEMORY = 1024 * 1024 * 1024


def picture(content: bytes) -> bytes:
    """The PNG. Raises whatever the decoder raises."""
    image = _page(content) if content.startswith(b"%PDF-") else _photo(content)
    image.thumbnail((SIDE, SIDE))
    held = BytesIO()
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    flat.save(held, "PNG", optimize=True)  # nothing of the file but its pixels
    return held.getvalue()


def _photo(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a large photo is read small
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if upright.mode in ("RGBA", "LA", "P", "PA") else "RGB")


def _page(content: bytes) -> Image.Image:
    page = pypdfium2.PdfDocument(content)[0]
    return page.render(scale=SIDE / max(*page.get_size(), 1)).to_pil().convert("RGB")


if __name__ == "__main__":
    with contextlib.suppress(ValueError, OSError):  # macOS has no limit on memory
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(picture(sys.stdin.buffer.read()))
