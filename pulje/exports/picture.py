"""A picture of an image or of one page of a PDF: bytes in, the number of pages and a picture out.

Run as a program of its own, with little memory and little time, since the bytes are a stranger's:
whatever they do to the decoder, they do it there. It knows nothing of ours but this file.
"""

import contextlib
import resource
import sys
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

SMALL = 240  # up to this long it is a PNG; a whole page is a JPEG of a tenth the size
MOST_PIXELS = 60_000_000
SECONDS = 8
MEMORY = 1024 * 1024 * 1024


def picture(content: bytes, side: int, number: int) -> tuple[int, bytes]:
    """How many pages there are, and page ``number`` (or the last) at most ``side`` pixels long.

    Raises whatever the decoder raises.
    """
    is_pdf = content.startswith(b"%PDF-")
    pages, image = _page(content, side, number) if is_pdf else (1, _photo(content, side))
    image.thumbnail((side, side))
    held = BytesIO()
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    # nothing of the file but its pixels
    flat.save(held, "PNG" if side <= SMALL else "JPEG", optimize=True)
    return pages, held.getvalue()


def _photo(content: bytes, side: int) -> Image.Image:
    image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (2 * side, 2 * side))  # a large photo is read small
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if upright.mode in ("RGBA", "LA", "P", "PA") else "RGB")


def _page(content: bytes, side: int, number: int) -> tuple[int, Image.Image]:
    document = pypdfium2.PdfDocument(content)
    page = document[min(number, len(document)) - 1]
    drawn = page.render(scale=side / max(*page.get_size(), 1)).to_pil().convert("RGB")
    return len(document), drawn


if __name__ == "__main__":
    with contextlib.suppress(ValueError, OSError):  # macOS has no limit on memory
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pages, drawn = picture(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(b"%d\n" % pages + drawn)
