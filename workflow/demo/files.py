"""Small files made on the spot: a page of text as PDF, a picture in colours."""

import random
import textwrap
from io import BytesIO

from PIL import Image, ImageDraw

COLOURS = ("#0f5a47", "#f2b441", "#8fd0b4", "#e9f3ee", "#8a5a00", "#b5d7e8")


def paper(heading: str, text: str) -> bytes:
    """One page of A4 with a heading and some lines."""
    lines = [heading, "", *textwrap.wrap(text, 80)]
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td\n{shown}ET".encode("cp1252")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def picture(dice: random.Random) -> bytes:
    """A little PNG of a summer's day: sky, sun, grass and people as dots."""
    image = Image.new("RGB", (320, 200), "#b5d7e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 130, 320, 200), fill="#8fd0b4")
    draw.ellipse((250, 20, 290, 60), fill="#f2b441")
    for _person in range(dice.randint(6, 14)):
        x, y = dice.randint(10, 300), dice.randint(115, 180)
        draw.ellipse((x, y - 12, x + 10, y - 2), fill="#e9c9a8")
        draw.rectangle((x, y, x + 10, y + 16), fill=dice.choice(COLOURS))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
