"""What a letter may fetch (nothing) and cost (little): through the renderer, with HTML worse than
any text can be."""

import os
import re
import time
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from letters import render
from letters.rendering import limits
from letters.rendering.fonts import drawable
from tests.letters.test_render import ISSUED, html
from tests.letters.text import text_of

SECRET = "kode-der-ikke-maa-ud"
ATTACKS = [
    "<link rel=attachment href='{url}'>",
    "<link rel=stylesheet href='{url}'>",
    "<link rel='shortcut icon' href='{url}'>",
    "<a rel=attachment href='{url}'>x</a>",
    "<img src='{url}' alt=x>",
    "<img srcset='{url} 1x, {url} 2x' alt=x>",
    "<picture><source srcset='{url}'><img src='{url}' alt=x></picture>",
    "<object data='{url}'>x</object>",
    "<embed src='{url}'>",
    "<iframe src='{url}'></iframe>",
    "<video poster='{url}' src='{url}'></video>",
    "<input type=image src='{url}' alt=x>",
    "<body background='{url}'>",
    "<base href='{url}'><img src='x.png' alt=x>",
    "<style>@import url({url});</style>",
    "<style>@import '{url}' print;</style>",
    "<style>@font-face{{font-family:F;src:url({url})}} p{{font-family:F}}</style><p>x",
    "<style>@color-profile --c{{src:url({url})}}</style>",
    "<style>p{{background:url({url})}}</style><p>x",
    "<style>p::before{{content:url({url})}}</style><p>x",
    "<style>p{{border-image-source:url({url})}}</style><p style='border:9px solid'>x",
    "<style>@page{{background-image:url({url})}}</style><p>x",
    "<ul style='list-style-image:url({url})'><li>x</ul>",
    "<p style='mask-image:url({url});cursor:url({url})'>x",
    "<svg width=9 height=9><image href='{url}' width=9 height=9 /></svg>",
    "<svg width=9 height=9><use href='{url}#a' /></svg>",
    "<svg width=9 height=9><style>@import url({url});</style><rect width=9 height=9 /></svg>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM '{url}'>]><p>&x;</p>",
]


@pytest.fixture
def urls(tmp_path: Path) -> list[str]:
    secret = tmp_path / "secret.svg"
    secret.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><text>{SECRET}</text></svg>")
    addresses = ["http://127.0.0.1:9/x.png", "ftp://127.0.0.1:9/x", "asset:../../render.py"]
    return [secret.as_uri(), str(secret), *addresses, "data:image/svg+xml,%3Csvg/%3E"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_letter_fetches_nothing(
    attack: str, urls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either made without it, or refused; no file is opened and no address is asked."""
    engine = render._engine(os.getpid())
    opened: list[str] = []
    stock = engine.weasyprint.urls.URLFetcher
    monkeypatch.setattr(stock, "fetch", lambda _self, url, *_more: opened.append(url))
    monkeypatch.setattr(stock, "open", lambda _self, url, *_more: opened.append(url))

    for url in urls:
        with suppress(ValueError):  # says what it may not fetch
            pdf, _sha256 = render.letter(html(attack.format(url=url)), {}, ISSUED)
            assert SECRET not in text_of(pdf)
            assert list(PdfReader(BytesIO(pdf)).attachments) == ["afgoerelse.json"]

    assert opened == []


USES = "".join(
    f"<g id=u{n}>" + f"<use href='#u{n - 1}' />" * 10 + "</g>" if n else "<rect id=u0 width=1 />"
    for n in range(9)
)
VARIABLES = ";".join(f"--v{n}:" + f"var(--v{n - 1})" * 10 for n in range(1, 9))
BOMBS = {
    "nested flex": "<div style='display:flex'>" * 26 + "x",
    "nested grid": "<div style='display:grid'>" * 26 + "x",
    "nested tables": "<table><tr><td>" * 40 + "x",
    "nested floats": "<div style='float:left'>" * 40 + "x",
    "nested inline blocks": "<span style='display:inline-block'>" * 60 + "x",
    "wide cell": "<table><tr><td colspan=1000000>x<tr><td>y</table>",
    "high cell": "<table><tr><td rowspan=1000000>x<tr><td>y</table>",
    "variables": f"<p style='--v0:xxxxxxxxxx;{VARIABLES};content:var(--v8)'>x",
    "uses of uses": f"<svg width=9 height=9><defs>{USES}</defs><use href='#u8' /></svg>",
    "page breaks": "<p style='break-before:page'>" * 6_000,
    "headings": "<h2>x</h2>" * 15_000,
    "deep": "<div>" * 30_000 + "x",
    "long table": "<table>" + "<tr><td>x<td>y" * 12_000,
    "long word": "x" * 190_000,
    "huge letters": "<p style='font-size:99999999px'>x y z",
    "huge page": "<style>@page{size:99999999mm 99999999mm}</style><p>x",
    "counters": "<style>p::before{content:counter(p,upper-roman)}</style>"
    "<p style='counter-reset:p 999999999'>x",
    "columns": "<div style='columns:100000;column-width:1px'>" + "x " * 5_000,
}


# the signal may come while hypothesis times the garbage collector, and is lost there: another
# comes a second later
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_within_its_bounds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made, or refused in a sentence, in about the seconds it has; never a hang or a crash."""
    monkeypatch.setattr(render, "LETTER", replace(render.LETTER, seconds=0.4))
    began = time.process_time()

    said = ""
    try:
        render.letter(html(BOMBS[name]), {}, ISSUED)
    except limits.CannotRender as reason:
        said = str(reason)

    assert not said or re.fullmatch(r"Brevet .*\. Forkort begrundelsen, og prøv igen\.", said)
    assert time.process_time() - began < 2.5


def test_too_much_says_what_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    monkeypatch.setattr(render, "LETTER", replace(render.LETTER, seconds=0.4, pages=1))
    for body in ("x" * 200_001, "<p style='break-before:page'>x" * 3, BOMBS["nested flex"]):
        with pytest.raises(limits.CannotRender) as refused:
            render.letter(html(body), {}, ISSUED)
        said.append(str(refused.value).split(".")[0])
    for error in (MemoryError, RecursionError, OverflowError):
        with pytest.raises(limits.CannotRender) as refused, limits.within(limits.LETTER):
            raise error
        said.append(str(refused.value).split(".")[0])

    assert said == [
        "Brevet har for meget tekst",
        "Brevet fylder mere end 1 sider",
        "Brevet tog mere end 0",
        "Brevet brugte for meget hukommelse",
        "Brevet har for mange lag inden i hinanden",
        "Brevet har mål, der ikke kan tegnes",
    ]


def test_words_over_80_characters_may_break_and_nothing_else_changes() -> None:
    word, entity = "x" * 100, "&amp;" * 81
    pieces, entities = "\u200b".join(["x" * 20] * 5), "\u200b".join(["&amp;" * 20] * 4)

    said = drawable(f"<p class='{word}'>{word} kort</p>{entity}")

    assert said == (f"<p class='{word}'>{pieces} kort</p>{entities}\u200b&amp;")


def test_a_paper_without_a_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="without a word"):
        render.letter("<html lang=da><style>@page{@bottom-right{content:none}}</style>", {}, ISSUED)
