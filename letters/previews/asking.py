"""A text tried on the invented case, or a letter before its verb is done.

Asked of a letters' worker, handed over through the cache: kept under a digest of all that stands
in the letter, so a preview is never old, and the cache may be emptied at any time. A real case's
letter stays half a minute.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from time import monotonic, sleep
from typing import Any

from celery import current_app
from django.core.cache import cache

from letters.facts.base import BASES
from letters.facts.guidance import guidance_told
from letters.kinds.registry import KINDS
from letters.models import LetterText
from letters.previews import samples
from letters.texts.chosen import Chosen
from letters.texts.engine import Words, parts_of
from letters.texts.fields import fields_of
from letters.texts.parts import PARTS
from letters.texts.standard import Standard, standard_of
from pulje.enums import LegalBasis
from pulje.models import AppealGuidance

TASK = "letters.tasks.make_preview"
PATIENCE_SECONDS, ASKED_SECONDS, KEPT_SECONDS = 4, 30, 900
REAL_PATIENCE_SECONDS, REAL_KEPT_SECONDS = 8, 30  # of a real case's letter
LIVE_SECONDS = 1.5  # while somebody types: the page asks again by itself, and holds no thread
SAMPLE_BASIS = LegalBasis.KFM
NO_GUIDANCE = "Klagevejledningen for %s er ikke godkendt. Før det kan brevet ikke sendes."
CARRIER = "REJECTION"  # shows a part of the frame, and the appeal guidance


@dataclass(frozen=True)
class Choices:
    """On whom the text is tried; ``outcome`` counts only for a letter that tells no own one."""

    one: bool = False
    outcome: str = samples.GRANTED
    decided_by: str = samples.COMMITTEE
    english: bool = False


@dataclass(frozen=True)
class Drawn:
    """The letter as PDF and its pages as PNG, or the sentence that says why not."""

    pdf: bytes = b""
    pages: tuple[bytes, ...] = ()
    failure: str = ""

    @property
    def as_urls(self) -> list[str]:
        """The pages as addresses that hold them: nothing more is fetched."""
        return [f"data:image/png;base64,{b64encode(page).decode()}" for page in self.pages]


@dataclass(frozen=True)
class Preview:
    """All that a letter is made of, as plain values."""

    facts: Mapping[str, Any]
    text: Standard
    parts: Mapping[str, Standard]
    is_real: bool = False

    @property
    def kept_seconds(self) -> int:
        return REAL_KEPT_SECONDS if self.is_real else KEPT_SECONDS

    @property
    def key(self) -> str:
        said = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return f"preview:{hashlib.sha256(said.encode()).hexdigest()}"


def preview_of(words: Words, basis: str, choices: Choices, day: date) -> Preview:
    """The letter that says these words; a part is shown in a letter that calls for it."""
    code = words.kind
    kind = code if code in KINDS else _carrier(code)
    shown = words_shown([kind, *PARTS], basis, day) | {code: words}
    facts = samples.facts(kind, **asdict(choices))
    if basis and "basis" in facts:
        facts["basis"] = BASES[basis]
    if KINDS[kind].needs_guidance:
        facts |= _guidance(basis or SAMPLE_BASIS, one=choices.one)
    parts = {part: _plain(shown[part]) for part in PARTS}
    return Preview(facts, _plain(shown[kind]), parts)


def _guidance(basis: str, *, one: bool) -> dict[str, Any]:
    """The appeal guidance in force, word for word: whoever approves reads what is sent."""
    rows = AppealGuidance.objects.filter(legal_basis=basis).exclude(approved_at=None)
    newest = rows.order_by("-version").first()
    told = guidance_told(newest, basis, one=one)
    if newest is None:
        told["guidance"]["paragraphs"] = [NO_GUIDANCE % LegalBasis(basis).label]
    return told


def guidance_preview(basis: LegalBasis, paragraphs: list[str], day: date) -> Preview:
    """A refusal with this appeal guidance."""
    words = words_shown([CARRIER], basis, day)[CARRIER]
    preview = preview_of(words, basis, Choices(), day)
    told = {"basis": str(basis.label), "version": 0, "is_approved": True, "paragraphs": paragraphs}
    return Preview({**preview.facts, "guidance": told}, preview.text, preview.parts)


def preview_of_real(facts: Mapping[str, Any], chosen: Chosen) -> Preview:
    """A letter as it would be sent, with the texts in force."""
    parts = {code: _plain(words) for code, words in chosen.parts.items()}
    return Preview(facts, _plain(chosen.text), parts, is_real=True)


def words_shown(codes: Iterable[str], basis: str, day: date) -> dict[str, Words]:
    """Each one's text in force, else its newest draft, else the file; one query."""
    codes = set(codes)
    shown: dict[str, Words] = {code: standard_of(code) for code in codes}
    rows = LetterText.objects.filter(kind__in=codes, legal_basis__in={"", basis})
    shown |= {row.kind: row for row in rows.order_by("legal_basis", "version", "pk")}
    used = rows & LetterText.objects.in_force(day)
    return shown | {row.kind: row for row in used.order_by("legal_basis", "version", "pk")}


def _carrier(part: str) -> str:
    """A kind of letter whose standard text calls for the part; those of the frame: a refusal."""
    able = (code for code in KINDS if any(field.part == part for field in fields_of(code)))
    return next((code for code in able if part in parts_of(standard_of(code))), CARRIER)


def _plain(words: Words) -> Standard:
    return Standard(words.kind, words.heading, words.body, words.english)


def drawn(preview: Preview, *, is_live: bool = False) -> Drawn | None:
    """Have it made, and wait for it; None when it takes too long."""
    found = asked(preview)
    end = monotonic() + _patience(preview, is_live)
    while found is None and monotonic() < end:
        sleep(0.05)
        found = _kept(preview.key)
    return found


def asked(preview: Preview) -> Drawn | None:
    """What is made already; else None, and it is asked for, once for all who ask now."""
    key = preview.key
    found = _kept(key)
    if found is None and cache.add(f"{key}:asked", True, ASKED_SECONDS):
        cache.set(f"{key}:wanted", asdict(preview), preview.kept_seconds)
        current_app.send_task(TASK, [key], expires=ASKED_SECONDS)
    return found


def _patience(preview: Preview, is_live: bool) -> float:
    if is_live:
        return min(LIVE_SECONDS, PATIENCE_SECONDS)
    return REAL_PATIENCE_SECONDS if preview.is_real else PATIENCE_SECONDS


def _kept(key: str) -> Drawn | None:
    found = cache.get(key)
    return None if found is None else Drawn(**found)


def wanted(key: str) -> Preview | None:
    """What the worker is to make; None when nobody waits any longer."""
    said = cache.get(f"{key}:wanted")
    if said is None:
        return None
    parts = {code: Standard(**words) for code, words in said["parts"].items()}
    return Preview(said["facts"], Standard(**said["text"]), parts, said["is_real"])


def hand_over(key: str, made: Drawn, kept_seconds: int) -> None:
    """Put it where those who wait look."""
    cache.set(key, asdict(made), kept_seconds)
