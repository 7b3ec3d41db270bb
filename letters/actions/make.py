"""Make the PDF of a letter, from its facts and nothing else."""

import hashlib
from datetime import datetime, timedelta
from functools import cache as keep
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import questions
from letters import render as paper
from letters.actions.approve import hold_back
from letters.actions.rows import fail, locked, moment, when_made
from letters.facts.base import in_template, issued_at
from letters.kinds.registry import KINDS
from letters.models import (
    Enclosure,
    Letter,
    LetterState,
    Paper,
)
from letters.rendering import look
from letters.texts import chosen as texts
from letters.texts import engine
from letters.texts.parts import QUESTIONS
from pulje.models import PoolVersion

MAX_TRIES = 2  # a letter that has killed two workers kills no third
TAKEN = timedelta(seconds=1)
TEMPLATES = Path(__file__).parent.parent / "templates" / "letters"
CANNOT_MAKE = (engine.CannotWord, paper.CannotRender)


def start_renderer() -> None:
    """Refuse, with a sentence, to work where letters cannot be made well; import the engine."""
    paper.check()


def warm_renderer() -> None:
    """Make this process ready for many letters."""
    paper.warm()


def render(letter_id: int) -> bool:
    """Make the PDF of a queued letter; False when there is nothing to do or another has it."""
    if not _begin_rendering(letter_id):
        return False
    with transaction.atomic():
        letter = locked(Letter.objects.filter(state=LetterState.QUEUED), letter_id)
        if letter is None:
            return False
        try:
            chosen = choose_texts(letter)
            plain, plain_sha256 = printed(letter, chosen)
            pdf, sha256 = paper.sealed(plain)
            enclosed = _enclosed(letter)
        except CANNOT_MAKE as reason:
            return fail(letter, str(reason))
        letter.state = when_made(letter)
        letter.sha256, letter.attempts = sha256, 0
        letter.unsealed_sha256 = plain_sha256 if paper.has_seal() else ""
        letter.text, letter.parts = chosen.row, chosen.rows_of_parts
        letter.template_version = f"{chosen.name} {text_version()}"
        letter.renderer = paper.version()
        letter.rendered_at, letter.next_attempt_at = moment(letter), timezone.now()
        letter.failure = ""
        letter.save()
        Paper.objects.create(letter=letter, pdf=pdf)
        if enclosed:
            Enclosure.objects.create(letter=letter, pdf=enclosed[0], sha256=enclosed[1])
        hold_back(letter)
    return True


def _begin_rendering(letter_id: int) -> bool:
    """Count the try before it is made: a letter that kills its worker is not tried for ever."""
    with transaction.atomic():
        letter = locked(Letter.objects.to_render(timezone.now()), letter_id)
        if letter is None:
            return False
        if letter.attempts >= MAX_TRIES:
            return fail(letter, _("Brevet kunne ikke laves i %d forsøg. Se loggen.") % MAX_TRIES)
        letter.attempts += 1
        letter.next_attempt_at = timezone.now() + TAKEN  # until its lock is ours
        letter.save(update_fields=["attempts", "next_attempt_at"])
    return True


def printed(letter: Letter, chosen: texts.Chosen | None = None) -> tuple[bytes, str]:
    """The letter as a PDF with its hash, from its facts and texts alone; writes nothing."""
    html = letter_html(letter, chosen)
    told = {name: fact for name, fact in letter.facts.items() if name != "enclosure"}
    return paper.letter(html, told, issued_at(letter.facts))


def choose_texts(letter: Letter) -> texts.Chosen:
    """The texts in force today for the letter's kind and its case's legal basis.

    Raises CannotWord naming the one that is missing.
    """
    basis = letter.application.version.legal_basis
    kind = KINDS[letter.kind]
    return texts.in_force_for(kind, basis, timezone.localdate())


def _enclosed(letter: Letter) -> tuple[bytes, str] | None:
    """The application as it was sent, where the letter's facts hold one."""
    if "enclosure" not in letter.facts:
        return None
    facts = letter.facts
    return paper.document(
        enclosure_html(letter), facts["enclosure"], issued_at(facts), name="ansoegning.json"
    )


def enclosure_html(letter: Letter) -> str:
    """The application as HTML, from the letter's facts and nothing else."""
    told = in_template(letter.facts) | {"title": _("Ansøgning")}
    html: str = render_to_string("letters/application.html", told)
    return html


def letter_html(letter: Letter, chosen: texts.Chosen | None = None) -> str:
    """The letter as HTML, from its facts and the texts given, else those it was made with."""
    kind = KINDS[letter.kind]
    chosen = chosen or texts.used_by(letter) or choose_texts(letter)
    worded = engine.render(chosen.text, letter.facts, chosen.parts)
    questions = engine.render(chosen.parts[QUESTIONS], letter.facts) if kind.has_questions else None
    told = in_template(letter.facts) | {
        "kind": {"result": kind.result, "needs_guidance": kind.needs_guidance},
        "worded": worded,
        "questions": questions and questions.body,
    }
    html: str = render_to_string("letters/letter.html", told)
    return html


def make_questions(version: PoolVersion, now: datetime) -> bytes:
    """A pool's questions on paper, kept in the cache for whoever asks next."""
    facts = questions.facts_of(version, now)
    html = render_to_string("letters/questions.html", facts)
    pdf, _sha256 = paper.document(html, facts, issued_at(facts), name="spoergsmaal.json")
    cache.set(questions_key(facts), pdf, questions.KEPT_SECONDS)
    return pdf


def questions_key(facts: dict[str, Any]) -> str:
    """Where the questions are kept in the cache."""
    return questions.key_of(paper.canonical(facts), text_version())


@keep
def text_version() -> str:
    """Twelve hex digits that change when the letters' frame or style does."""
    files = sorted([*TEMPLATES.glob("*.html"), paper.ASSETS / "brev.css"])
    parts = [*(path.read_bytes() for path in files), look.mark()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]
