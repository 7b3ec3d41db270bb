"""The letters' fonts: our own and nobody else's; and text as they can draw it.

IBM Plex Sans has Latin, Greek and Cyrillic; the others are fallen back on, character by character,
in the order of OTHERS. What none can draw is replaced: no name, emoji or script stops a letter.
What the glyphs of a script do not tell is told beside them (letters/rendering/tags.py).
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

CUTS = [f"IBMPlexSans-{cut}.ttf" for cut in ("Regular", "Italic", "SemiBold", "Bold")]
# Noto Sans: they join and reorder their signs, and cannot be read sign by sign
JOINING = ["Bengali", "Devanagari", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Malayalam"]
JOINING += ["Myanmar", "Sinhala", "Tamil", "Telugu"]
OTHERS = {  # family -> files; the last has a plain glyph for nearly everything (Chinese, Thai, ...)
    "IBM Plex Sans Arabic": ("IBMPlexSansArabic-Regular.ttf", "IBMPlexSansArabic-SemiBold.ttf"),
    "IBM Plex Sans Hebrew": ("IBMPlexSansHebrew-Regular.ttf", "IBMPlexSansHebrew-SemiBold.ttf"),
    "Noto Emoji": ("NotoEmoji-Regular.ttf",),
    **{f"Noto Sans {script}": (f"NotoSans{script}-Regular.ttf",) for script in JOINING},
    "UnifontExMono": ("UnifontEX.ttf",),
}
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
{one_family}<match target="pattern">{fall_back}</match>
<alias binding="same"><family>emoji</family><prefer><family>Noto Emoji</family></prefer></alias>
</fontconfig>
"""
HEAVIER = [family for family, files in OTHERS.items() if len(files) > 1]
ONE_FAMILY = """<match target="scan"><test name="family"><string>{family} SemiBold</string></test>
<edit name="family" mode="assign"><string>{family}</string></edit></match>
"""
FALL_BACK = """<edit name="family" mode="append_last"><string>{family}</string></edit>"""

LONGEST_WORD = 80
LONGEST_PIECE = 20  # a quarter of a line: the line before it is filled
UNSEEN = {"\n", "\t", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\ufe0e", "\ufe0f"}
LONG_WORD = re.compile(rf"(<[^>]*>)|((?:&[#\w]+;|[^\s<&\u200b]){{{LONGEST_WORD + 1},}})")
PIECE = re.compile(rf"(?:&[#\w]+;|[^&]){{1,{LONGEST_PIECE}}}")
# three marks on one letter is more than any script has; thirty run over the lines above
MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
PILE = re.compile(f"({MARK}{{3}}){MARK}+")
# what is written from the right, with the digits and signs inside it, and the brackets after it
FROM_RIGHT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
FROM_RIGHT_RUN = re.compile(
    f"((?>{FROM_RIGHT}+(?:[ \\d.,:;!?()/\u2013-]*{FROM_RIGHT}+)*))(\\)*+)(?!\\s*<)"
)
AUTO = re.compile(r'<p dir="auto">(.*?)</p>', re.DOTALL)
# their glyphs stand in another order than their signs, or for two signs at once; and keycaps
REORDERED = re.compile("[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u20e3]")


def missing() -> Path | None:
    """The first font file that set-up has not made; None when all are there."""
    files = [*CUTS, *(name for names in OTHERS.values() for name in names)]
    return next((_path(name) for name in files if not _path(name).is_file()), None)


def read() -> None:
    """Learn what the fonts have: a tenth of a second, once, for a worker and its children."""
    _ordinary()
    _others()
    _title_widths()


@contextmanager
def ours_only() -> Iterator[None]:
    """Fontconfig sees our folder and nothing of the host: the same bytes everywhere."""
    folder = Path(settings.DATA_DIR).resolve() / "fontconfig"
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "fonts.conf"
    rules = {
        "one_family": "".join(ONE_FAMILY.format(family=family) for family in HEAVIER),
        "fall_back": "".join(FALL_BACK.format(family=family) for family in OTHERS),
    }
    # fontconfig does not see that a rule for reading the fonts is newer than what it remembers
    cache = folder / f"cache-{hashlib.sha256(repr(rules).encode()).hexdigest()[:8]}"
    fonts = Path(settings.LETTER_FONTS_DIR).resolve()
    text = FONTS_CONF.format(fonts=fonts, cache=cache, **rules)
    if not conf.exists() or conf.read_text("utf-8") != text:
        part = folder / f"fonts.{os.getpid()}.conf"
        part.write_text(text, "utf-8")
        part.replace(conf)
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(conf)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def drawable(html: str) -> str:
    """The letter as the fonts can draw it and a line can hold it.

    Characters no font has become a plain likeness, "?" or nothing; marks do not pile up; words over
    80 characters may break; what is written from the right ends where it ends, so that an amount
    after an Arabic name stays after it; a paragraph marked ``dir="auto"`` goes the way of its first
    letter; what turns text around is left out.
    """
    strange = set(html) - _ordinary()
    if strange:
        html = html.translate({ord(sign): _instead(sign) for sign in strange})
        html = PILE.sub(r"\1", html)
        html = FROM_RIGHT_RUN.sub(_ended, html)
        html = AUTO.sub(_directed, html)
    return LONG_WORD.sub(_broken, html)


def width_of(text: str, points: float) -> float:
    """How wide a title's text is, about: what its font does not have is as wide as an "m"."""
    widths = _title_widths()
    return sum(widths.get(sign, widths["m"]) for sign in text) * points


@cache
def _title_widths() -> dict[str, float]:
    with TTFont(_path(CUTS[2])) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def _ended(found: re.Match[str]) -> str:
    """The run with a mark at its end: brackets it opened itself belong to it, others do not."""
    run, closing = found.groups()
    own = max(run.count("(") - run.count(")"), 0)
    return f"{run}{closing[:own]}\u200e{closing[own:]}"


def _directed(found: re.Match[str]) -> str:
    """A paragraph from the right needs no mark to end what is."""
    said = re.sub("<[^>]*>", "", unescape(found[1]).replace("\u200e", ""))
    ways = (unicodedata.bidirectional(sign) for sign in said)
    first = next((way for way in ways if way in ("L", "R", "AL")), "L")
    if first == "L":
        return found[0]
    return '<p dir="rtl">{}</p>'.format(found[1].replace("\u200e", ""))


def is_strange(text: str) -> bool:
    """True when a sign in it is not in the letters' own font."""
    return not text.isascii() and not _ordinary().issuperset(text)


def is_reordered(text: str) -> bool:
    """True when readers get other words out of its glyphs; not where they turn it around."""
    return bool(REORDERED.search(text)) and not re.search(FROM_RIGHT, text)


def _broken(found: re.Match[str]) -> str:
    tag, word = found.groups()
    return tag or "\u200b".join(PIECE.findall(word))


def _instead(sign: str) -> str:
    if sign in UNSEEN:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if set(plain) <= _ordinary():
        return plain
    category = unicodedata.category(sign)
    if category[0] != "C" and ord(sign) in _others():
        return sign
    return "?" if category[0] in "LN" else ""


@cache
def _ordinary() -> frozenset[str]:
    """What the letters' own font has, and the two signs that lay out the HTML."""
    seen = (chr(code) for code in _codes(CUTS[0]))
    return frozenset(sign for sign in seen if unicodedata.category(sign)[0] != "C") | {"\n", "\t"}


@cache
def _others() -> frozenset[int]:
    return frozenset(code for names in OTHERS.values() for code in _codes(names[0]))


def _codes(name: str) -> list[int]:
    with TTFont(_path(name), lazy=True) as font:
        return list(font.getBestCmap())


def _path(name: str) -> Path:
    return Path(settings.LETTER_FONTS_DIR) / name
