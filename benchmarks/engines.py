"""Each way to make the award letter, for one_engine.py: given its rows' facts, gives a function
that makes one and tells how many bytes it has (0: none is left)."""

import json
import os
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import typst as typst_engine
from django.conf import settings
from django.utils import timezone

from letters import actions, render
from letters.facts.base import issued_at
from letters.models import Letter, Paper
from letters.rendering import look

Make = Callable[[], int]
TEMPLATE = Path(__file__).parent / "typst_letter.typ"
FACES = {"Regular": (400, "normal"), "Italic": (400, "italic"), "SemiBold": (600, "normal")}
FACES |= {"Bold": (700, "normal")}
BLOCKS = {"h1", "h2", "p", "li", "dt", "dd", "th", "td", "caption"}


def rows(told: dict[str, Any]) -> Make:
    actions.start_renderer()
    actions.warm_renderer()
    due = Letter.objects.to_render(timezone.now())
    order = "pk" if told["from_first"] else "-pk"

    def batches() -> Iterator[int]:
        while pks := list(due.order_by(order).values_list("pk", flat=True)[:50]):
            yield from pks

    queue = batches()

    def make() -> int:
        for pk in queue:
            if actions.render(pk):
                return len(Paper.objects.get(pk=pk).pdf)
        return 0

    return make


def warm(told: dict[str, Any]) -> Make:
    letter = _letter(told)
    render.check()
    render.warm()
    return lambda: len(actions.printed(letter)[0])


def sealed(told: dict[str, Any]) -> Make:
    letter = _letter(told)
    settings.LETTER_SEAL_P12, settings.LETTER_SEAL_PASSWORD = told["seal"]
    render.check()
    render.warm()
    return lambda: len(render.sealed(actions.printed(letter)[0])[0])


def naive(told: dict[str, Any]) -> Make:
    """Fonts by @font-face, everything read anew for each letter, the same standard asked for."""
    weasyprint = import_module("weasyprint")
    letter = _letter(told)
    logo = look.OWN_LOGO.as_uri()
    css = (render.ASSETS / "brev.css").read_text("utf-8") + "".join(
        f'@font-face {{ font-family: "IBM Plex Sans"; font-weight: {weight}; font-style: {style};'
        f" src: url({Path(settings.LETTER_FONTS_DIR, f'IBMPlexSans-{cut}.ttf').as_uri()}); }}"
        for cut, (weight, style) in FACES.items()
    )

    def make() -> int:
        html = actions.letter_html(letter).replace(look.LOGO, logo)
        fonts = weasyprint.text.fonts.FontConfiguration()
        sheet = weasyprint.CSS(string=css, font_config=fonts)
        facts = weasyprint.Attachment(string=json.dumps(letter.facts), name="afgoerelse.json")
        document = weasyprint.HTML(string=html)
        return len(
            document.write_pdf(
                stylesheets=[sheet],
                font_config=fonts,
                pdf_variant="pdf/a-3a",
                attachments=[facts],
            )
        )

    return make


def typst(told: dict[str, Any]) -> Make:
    """The words of the same letter, in the same fonts, laid out by typst_letter.typ."""
    letter = _letter(told)
    compiler = typst_engine.Compiler(
        input=str(TEMPLATE), font_paths=[str(settings.LETTER_FONTS_DIR)], ignore_system_fonts=True
    )

    def make() -> int:
        words = _Words()
        words.feed(actions.letter_html(letter))
        given = {"letter": json.dumps(words.blocks), "number": letter.facts["number"]}
        return len(compiler.compile(format="pdf", pdf_standards=["a-3a"], sys_inputs=given))

    return make


def _letter(told: dict[str, Any]) -> Letter:
    """The letter as it was queued, from its row: it finds its texts by its case."""
    letter = Letter.objects.select_related("application").get(pk=told["letter"])
    assert issued_at(letter.facts)
    os.environ.pop("FONTCONFIG_FILE", None)
    return letter


class _Words(HTMLParser):
    """The letter's blocks in order: [tag, text]."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[list[str]] = []
        self._is_open = False

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        if tag in BLOCKS:
            self.blocks.append([tag, ""])
            self._is_open = True

    def handle_endtag(self, tag: str) -> None:
        self._is_open = self._is_open and tag not in BLOCKS

    def handle_data(self, data: str) -> None:
        if self._is_open and (text := re.sub(r"\s+", " ", data)).strip():
            self.blocks[-1][1] += text
