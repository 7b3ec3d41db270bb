"""How letters look: the municipality's logo and colour, which are settings, checked before use.

A logo that is missing or not in order never stops a letter: the name stands alone, and
``problems()`` tells staff. Checked by `manage.py check`, at a worker's start and on the letters'
page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from PIL import Image

OWN_LOGO = Path(__file__).parent.parent / "static" / "letters" / "mark.svg"
LOGO = "asset:mark.svg"  # what templates call it, whatever file it is
OWN_COLOUR = "#0f5a47"
LINKS, TINT = "#0a5a46", "#e9f3ee"  # its companions in the style sheets
READABLE = 4.5  # contrast of text, WCAG 2.2 AA

SVG_BYTES, PNG_BYTES, PIXELS = 100_000, 500_000, 4_000_000
ELEMENTS, DEPTH = 2_000, 20
HEIGHT_MM, WIDEST_MM = 10.0, 45.0
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
TOLD = {"title", "desc"}  # words nobody sees
NAMES = re.compile(
    "id|version|viewBox|width|height|preserveAspectRatio|d|points|transform|role|focusable"
    "|x|y|x1|y1|x2|y2|r|rx|ry|cx|cy|aria-label|aria-labelledby|aria-hidden"
    "|fill|fill-rule|stroke|stroke-width|stroke-linecap|stroke-linejoin|stroke-miterlimit"
)
VALUE = re.compile(r"[\w\s#%.,()+\-–æøåÆØÅ]*")


class NotInOrder(Exception):
    """The logo or the colour cannot be used; the message is a Danish sentence."""


@dataclass(frozen=True)
class Logo:
    content: bytes
    kind: str
    proportion: float  # width to height


@dataclass(frozen=True)
class Look:
    colour: str
    logo: Logo | None
    problems: tuple[str, ...]


def problems() -> list[str]:
    """What is wrong with the settings, in sentences for staff; empty when all is in order."""
    return list(_look().problems)


def mark() -> bytes:
    """What tells one look from another."""
    look = _look()
    return look.colour.encode() + (look.logo.content if look.logo else b"")


def pictures() -> dict[str, tuple[str, bytes]]:
    """All that a letter may fetch: name -> media type and content."""
    logo = _look().logo
    return {LOGO: (logo.kind, logo.content)} if logo else {}


def dressed(css: str) -> str:
    """A style sheet in the municipality's colour, with room for its logo."""
    look = _look()
    if look.colour != OWN_COLOUR:
        css = css.replace(OWN_COLOUR, look.colour).replace(LINKS, look.colour)
        css = css.replace(TINT, _tint(look.colour))
    if look.logo is None:
        return f"{css}\n.brand img {{ display: none; }}\n.brand {{ padding-left: 0; }}\n"
    if look.logo.content == OWN_LOGO.read_bytes():
        return css
    width = min(HEIGHT_MM * look.logo.proportion, WIDEST_MM)
    size = f"width: {width:.2f}mm; height: {width / look.logo.proportion:.2f}mm;"
    size += " image-rendering: crisp-edges;"  # PDF/A forbids that a reader smooths a picture
    return f"{css}\n.brand img {{ {size} }}\n.brand {{ padding-left: {width + 3:.2f}mm; }}\n"


def _look() -> Look:
    return _checked(settings.LETTER_LOGO, settings.LETTER_COLOUR)


@lru_cache(maxsize=4)
def _checked(path: str, colour: str) -> Look:
    found: list[str] = []
    logo: Logo | None = None
    try:
        logo = logo_of(Path(path) if path else OWN_LOGO)
    except NotInOrder as reason:
        found.append(f"Logoet kan ikke bruges: {reason} Brevene har kun navnet, til det er rettet.")
    try:
        colour = colour_of(colour or OWN_COLOUR)
    except NotInOrder as reason:
        found.append(f"Brevenes farve kan ikke bruges: {reason} Brevene har standardfarven.")
        colour = OWN_COLOUR
    return Look(colour, logo, tuple(found))


def colour_of(written: str) -> str:
    """The colour as #rrggbb. Raises NotInOrder when it is none or cannot be read on white."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", written):
        raise NotInOrder("LETTER_COLOUR skal skrives som #0f5a47.")
    contrast = 1.05 / (_luminance(written) + 0.05)
    if contrast < READABLE:
        told = f"{contrast:.1f}".replace(".", ",")
        raise NotInOrder(f"{written} har kontrasten {told} mod hvidt; der skal være mindst 4,5.")
    return written.lower()


def logo_of(path: Path) -> Logo:
    """The logo, when it is an SVG of plain shapes or a PNG. Raises NotInOrder."""
    try:
        content = path.read_bytes()
    except OSError:
        raise NotInOrder("Filen i LETTER_LOGO findes ikke eller kan ikke læses.") from None
    found = _png(content) if content.startswith(b"\x89PNG") else _svg(content)
    if not 0.25 <= found.proportion <= 8:
        raise NotInOrder(
            "Det må højst være 8 gange så bredt som højt og 4 gange så højt som bredt."
        )
    return found


def _png(content: bytes) -> Logo:
    if len(content) > PNG_BYTES:
        raise NotInOrder("Filen er over 500 kB.")
    # WeasyPrint tells Pillow to take half pictures for whole ones, in the whole process
    if b"IEND" not in content[-12:]:
        raise NotInOrder("Filen er ikke et helt PNG-billede.")
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            width, height = picture.size
            if width * height > PIXELS:
                raise NotInOrder("Billedet har over 4 millioner punkter.")
            picture.load()
    except (OSError, SyntaxError, ValueError):
        raise NotInOrder("Filen er ikke et helt PNG-billede.") from None
    return Logo(content, "image/png", width / height)


def _svg(content: bytes) -> Logo:
    if len(content) > SVG_BYTES:
        raise NotInOrder("Filen er over 100 kB.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise NotInOrder("Filen har en DOCTYPE; gem den som enkel SVG.")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise NotInOrder("Filen er hverken SVG eller PNG.") from None
    if root.tag != f"{SVG}svg":
        raise NotInOrder("Filen er hverken SVG eller PNG.")
    if sum(1 for _element in root.iter()) > ELEMENTS:
        raise NotInOrder("Filen har over 2.000 former.")
    _check_shapes(root, DEPTH)
    return Logo(content, "image/svg+xml", _proportion(root))


def _check_shapes(element: ElementTree.Element, depth: int) -> None:
    name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else "?"
    if name not in SHAPES | TOLD:
        raise NotInOrder(f"Filen bruger <{name[:20]}>; kun former med ren farve kan bruges.")
    for attribute, value in element.attrib.items():
        if not NAMES.fullmatch(attribute):
            raise NotInOrder(f"Filen bruger {attribute[-30:]}; skriv farver som fill og stroke.")
        if attribute not in {"id", "aria-label"} and not VALUE.fullmatch(value):
            raise NotInOrder(f"{attribute} har en værdi, der ikke kan bruges.")
        if "url" in value.lower():
            raise NotInOrder(f"{attribute} henviser til noget andet; brug rene farver.")
    if depth == 0:
        raise NotInOrder("Filen har for mange lag inden i hinanden.")
    for child in element:
        _check_shapes(child, depth - 1)


def _proportion(root: ElementTree.Element) -> float:
    box = root.get("viewBox", "").replace(",", " ").split()
    sides = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    try:
        width, height = (float(side.removesuffix("px")) for side in sides)
        return width / height
    except (ValueError, ZeroDivisionError):
        raise NotInOrder("Filen siger ikke, hvor stor den er; giv den en viewBox.") from None


def _luminance(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _tint(colour: str) -> str:
    """The colour on white, a twelfth as strong: behind the result."""
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) / 12):02x}" for part in parts)
