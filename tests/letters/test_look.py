"""The logo and the colour of a municipality: checked, used, and never in a letter's way."""

from io import BytesIO
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from PIL import Image
from pypdf import PdfReader

from letters import checks, render
from letters.rendering import look
from letters.rendering.proof import standards_broken
from tests.letters.test_render import ISSUED, html
from tests.letters.text import text_of

BRAND = (
    "<div class=brand><img src='asset:mark.svg' alt='Kommunens mærke'><p>Prøve Kommune</p></div>"
)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 10'>{}</svg>"
SHAPE = "<g transform='scale(1)'><path d='M0 0h40v10z' fill='#123456' stroke-width='.5' /></g>"
REFUSED = {
    "script": SVG.format("<script>alert(1)</script>"),
    "event": SVG.format("<rect onload='x()' />"),
    "style": SVG.format("<style>rect{fill:url(http://x)}</style>"),
    "style attribute": SVG.format("<rect style='fill:red' />"),
    "link": SVG.format("<a href='http://x'><rect /></a>"),
    "image": SVG.format("<image href='file:///etc/passwd' />"),
    "use": SVG.format("<use href='#a' />"),
    "gradient": SVG.format("<linearGradient id='a' />"),
    "reference": SVG.format("<rect fill='url(#a)' />"),
    "text": SVG.format("<text>x</text>"),
    "foreign": SVG.format("<foreignObject />"),
    "other name space": SVG.format("<x:rect xmlns:x='urn:x' />"),
    "entity": "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;"),
    "deep": SVG.format("<g>" * 30 + "</g>" * 30),
    "many": SVG.format("<g />" * 2_001),
    "large": SVG.format(" " * 100_000),
    "no size": "<svg xmlns='http://www.w3.org/2000/svg' />",
    "no height": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 0' />",
    "too wide": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 99 1' />",
    "html": "<html><body /></html>",
    "nothing": "",
    "half a picture": "\x89PNG\r\n",
}


def png(width: int, height: int) -> bytes:
    kept = BytesIO()
    Image.new("RGBA", (width, height), (15, 90, 71, 128)).save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def logo(settings: object, tmp_path: Path) -> Path:
    """Where the letters' logo is; what was read of another is forgotten."""
    place = tmp_path / "logo"
    settings.LETTER_LOGO = str(place)  # type: ignore[attr-defined]
    look._checked.cache_clear()
    render._engine.cache_clear()
    yield place
    look._checked.cache_clear()
    render._engine.cache_clear()


def drawn() -> tuple[bytes, int]:
    """A letter, and how many pictures its first page has."""
    pdf, _sha256 = render.letter(html(BRAND), {}, ISSUED)
    return pdf, len(PdfReader(BytesIO(pdf)).pages[0].images)


@pytest.mark.parametrize("name", REFUSED)
def test_a_logo_that_is_not_plain_shapes_is_refused(name: str, tmp_path: Path) -> None:
    place = tmp_path / "logo"
    place.write_bytes(REFUSED[name].encode("latin-1"))

    with pytest.raises(look.NotInOrder) as reason:
        look.logo_of(place)

    assert str(reason.value).endswith(".")


def test_a_logo_of_shapes_or_a_png_is_used(logo: Path) -> None:
    logo.write_text(SVG.format(SHAPE))
    assert look.problems() == []
    assert "width: 40.00mm; height: 10.00mm;" in look.dressed("")
    pdf, images = drawn()
    assert (standards_broken(pdf), images) == ([], 0)

    logo.write_bytes(png(300, 100))
    look._checked.cache_clear()
    render._engine.cache_clear()
    pdf, images = drawn()
    assert "width: 30.00mm; height: 10.00mm;" in look.dressed("")
    assert (standards_broken(pdf), images > 0) == ([], True)


def test_a_broken_logo_leaves_the_name_and_tells_staff(logo: Path) -> None:
    logo.write_bytes(png(300, 100)[:60])

    pdf, images = drawn()

    assert images == 0
    assert "Prøve Kommune" in text_of(pdf).replace("\xa0", " ")
    assert standards_broken(pdf) == []
    (sentence,) = look.problems()
    assert sentence == (
        "Logoet kan ikke bruges: Filen er ikke et helt PNG-billede. "
        "Brevene har kun navnet, til det er rettet."
    )
    assert [found.msg for found in checks.look_in_order()] == [sentence]
    assert sentence in render_to_string("letters/_look.html")


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("#7A1F3D", ""),
        ("#ffcc00", "kontrasten 1,5 mod hvidt"),
        ("red", "skrives som #0f5a47"),
        ("#0f5a47;}", "skrives som #0f5a47"),
    ],
)
def test_a_colour_must_be_readable(written: str, refused: str, settings: object) -> None:
    settings.LETTER_COLOUR = written  # type: ignore[attr-defined]

    css = look.dressed("a { color: #0a5a46; } .result { background: #e9f3ee; border: #0f5a47; }")

    if refused:
        assert refused in look.problems()[0]
        assert "#0f5a47" in css
    else:
        assert look.problems() == []
        assert css == "a { color: #7a1f3d; } .result { background: #f4ecef; border: #7a1f3d; }"
