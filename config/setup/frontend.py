"""Make var/frontend from node_modules: what pages and letters need of dkfds and htmx, no more.

    python3 config/setup/frontend.py

Needs fontTools besides. The result is not committed. What is changed in dkfds' stylesheet, and why:
 1. the theme's colours become CSS variables (a municipality's own colours without Sass)
 2. its @font-face rules go: pulje.css has its own, on the small split files
 3. the sourceMappingURL comment goes (the manifest storage of static files fails on it)
 4. ../img/svg-icons/ becomes icons/, and the logo of virk.dk (a trademark) is not referenced
"""

import re
import shutil
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "var" / "frontend"
THEME = {
    "#0059b3": "var(--pj-primary)",
    "#004993": "var(--pj-primary-dark)",
    "#003972": "var(--pj-primary-darker)",
    "#004d99": "var(--pj-link)",
}
WEB_FONTS = [
    "Regular-Latin1",
    "Regular-Latin2",
    "SemiBold-Latin1",
    "SemiBold-Latin2",
    "Bold-Latin1",
    "Italic-Latin1",
]
# static TTF: WOFF2 makes WeasyPrint 1.9 times slower
LETTER_FONTS = ["Regular", "Italic", "SemiBold", "Bold"]
# scripts that join and reorder their signs: Noto Sans
JOINING = """bengali devanagari gujarati gurmukhi kannada khmer malayalam myanmar sinhala tamil
telugu""".split()
# what letters/rendering/fonts.py falls back on (ADR 0024); WOFF1: fontTools takes a minute to
# unpack the WOFF2 of the last
OTHER_LETTER_FONTS = {
    "@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-400-normal.woff": (
        "IBMPlexSansArabic-Regular.ttf"
    ),
    "@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-600-normal.woff": (
        "IBMPlexSansArabic-SemiBold.ttf"
    ),
    "@fontsource/ibm-plex-sans-hebrew/files/ibm-plex-sans-hebrew-hebrew-400-normal.woff": (
        "IBMPlexSansHebrew-Regular.ttf"
    ),
    "@fontsource/ibm-plex-sans-hebrew/files/ibm-plex-sans-hebrew-hebrew-600-normal.woff": (
        "IBMPlexSansHebrew-SemiBold.ttf"
    ),
    "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf": "NotoEmoji-Regular.ttf",
    "@fontsource/unifontex/files/unifontex-latin-400-normal.woff": "UnifontEX.ttf",
} | {
    f"@fontsource/noto-sans-{script}/files/noto-sans-{script}-{script}-400-normal.woff": (
        f"NotoSans{script.title()}-Regular.ttf"
    )
    for script in JOINING
}
LETTER_FONT_LICENCES = {
    "@fontsource/ibm-plex-sans-arabic/LICENSE": "LICENSE-IBMPlexArabic-OFL.txt",
    "@fontsource/ibm-plex-sans-hebrew/LICENSE": "LICENSE-IBMPlexHebrew-OFL.txt",
    "@expo-google-fonts/noto-emoji/LICENSE_FONT": "LICENSE-NotoEmoji-OFL.txt",
    "@fontsource/unifontex/LICENSE": "LICENSE-UnifontEX-OFL.txt",
} | {
    f"@fontsource/noto-sans-{script}/LICENSE": f"LICENSE-NotoSans{script.title()}-OFL.txt"
    for script in JOINING
}
ICONS = """arrow-back arrow-downward arrow-forward arrow-upward attach-file calendar-month chat
check chevron-left close delete download edit email error file file-excel file-image file-pdf
file-word groups help info list-check lock notifications payments person person-add plus print
reply save search send settings success time visibility warning""".split()


def main() -> None:
    """Promises a complete var/frontend or an error, never half of one."""
    packages, new = ROOT / "node_modules", OUT.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    dkfds(packages / "dkfds", new / "dkfds")
    letter_fonts(packages, new / "letters" / "fonts")
    copy(packages / "htmx.org" / "dist" / "htmx.min.js", new / "htmx" / "htmx.min.js")
    copy(packages / "htmx.org" / "LICENSE", new / "htmx" / "LICENSE")
    shutil.rmtree(OUT, ignore_errors=True)
    new.rename(OUT)


def dkfds(package: Path, out: Path) -> None:
    css = stylesheet((package / "dist/css/dkfds-virkdk.min.css").read_text("utf-8"))
    named = sorted(set(re.findall(r'url\("?(?!data:)([^")]+)', css)))
    if stray := [name for name in named if not name.startswith("icons/")]:
        raise SystemExit(
            f"dkfds.css names files that we do not copy: {stray}. Mend config/setup/frontend.py."
        )
    for name in named:
        copy(package / "dist/img/svg-icons" / name.removeprefix("icons/"), out / name)
    (out / "dkfds.css").write_text(css + "\n", "utf-8")
    (out / "icons.svg").write_text(
        sprite((package / "dist/img/all-svg-icons.svg").read_text("utf-8")), "utf-8"
    )
    fonts = package / "dist/fonts/IBMPlexSans/split/woff2"
    for cut in WEB_FONTS:
        copy(fonts / f"IBMPlexSans-{cut}.woff2", out / "fonts" / f"IBMPlexSans-{cut}.woff2")
    copy(fonts / "license.txt", out / "LICENSE-IBMPlex-OFL.txt")
    copy(package / "LICENSE.md", out / "LICENSE-dkfds.md")


def stylesheet(css: str) -> str:
    css = re.sub(r"/\*# sourceMappingURL.*?\*/", "", css).strip()
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r'background-image:url\("?\.\./img/logo[^)]*\);?', "", css)
    for colour, variable in THEME.items():
        css = re.sub(re.escape(colour), variable, css, flags=re.IGNORECASE)
    return css.replace("../img/svg-icons/", "icons/")


def sprite(svg: str) -> str:
    symbols = dict(re.findall(r'(?s)<symbol id="([^"]+)"(.*?</symbol>)', svg))
    chosen = "".join(f'<symbol id="{name}"{symbols[name]}' for name in sorted(ICONS))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{chosen}</svg>\n'


def letter_fonts(packages: Path, out: Path) -> None:
    plex = packages / "dkfds" / "dist" / "fonts" / "IBMPlexSans"
    for cut in LETTER_FONTS:
        copy(plex / "complete/ttf" / f"IBMPlexSans-{cut}.ttf", out / f"IBMPlexSans-{cut}.ttf")
    copy(plex / "split/woff2/license.txt", out / "LICENSE-IBMPlex-OFL.txt")
    for source, name in LETTER_FONT_LICENCES.items():
        copy(packages / source, out / name)
    for source, name in OTHER_LETTER_FONTS.items():
        with TTFont(packages / source, recalcTimestamp=False, recalcBBoxes=False) as font:
            font.flavor = None
            font.save(out / name)


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
