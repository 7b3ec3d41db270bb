"""Every kind of letter x every outcome x hostile contents: both standards, and words in place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import page
import pytest

from letters import render, samples
from letters.actions import letter_html
from letters.facts import issued_at
from letters.kinds import KINDS
from letters.models import Letter
from letters.texts.chosen import complete
from letters.texts.standard import all_standards
from tests.letters import geometry, hostile

# a heading with nothing in it, or with nothing under it
EMPTY = r"<h[1-3][^>]*>\s*</h"
NOTHING_UNDER = r"<h[2-3][^>]*>[^<]*</h[2-3]>\s*(?:<h[2-3]|</section|</main|<div)"
TEXTS = {text.kind: text for text in all_standards()}
Facts = Mapping[str, Any]


def tellings(kind: str) -> Iterator[tuple[str, Facts]]:
    """What a letter of the kind is made from: as it should be, and as it might be.

    Contents that do not hide one another come together; one and several take turns.
    """
    yield "plain", samples.facts(kind)
    yield "strange", hostile.long_and_strange(samples.facts(kind, decided_by=samples.DELEGATED))
    one = samples.facts(kind, one=True, english=True, decided_by=samples.URGENT)
    yield "empty, one, english", hostile.empty(one)


def pdf_of(kind: str, facts: Facts) -> bytes:
    letter = Letter(kind=kind, facts=facts)
    html = letter_html(letter, complete(KINDS[kind], TEXTS))
    assert "<b>" not in html  # what somebody wrote is words
    assert not re.search(f"{EMPTY}|{NOTHING_UNDER}", html)
    return render.letter(html, facts, issued_at(facts))[0]


def wrong_with(pdf: bytes) -> set[str]:
    """The rules of both standards that the letter breaks."""
    found: set[str] = set()
    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert report.rules.total > 100
        found |= {failure.rule_id for failure in report.failures}
    if b"\r\nendstream" in pdf:  # it takes the data's CR for a line's end
        found.discard("PDFA3A-STREAM-LENGTH-001")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_stands_whatever_it_tells(kind: str) -> None:
    for name, facts in tellings(kind):
        with geometry.watched() as written:
            pdf = pdf_of(kind, facts)

        assert wrong_with(pdf) == set(), name
        assert geometry.stranded(written.documents[0]) == [], name
        assert geometry.misplaced(pdf) == [], name
        assert written.undrawn == [], name


@pytest.mark.parametrize("decided_by", samples.BODIES)
def test_a_decision_says_who_made_it(decided_by: str) -> None:
    said = {"committee": "på mødet den", "delegated": "på udvalgets vegne.", "urgent": "(§ 22)"}
    for kind in samples.OUTCOMES:
        facts = samples.facts(kind, decided_by=decided_by)
        html = letter_html(Letter(kind=kind, facts=facts), complete(KINDS[kind], TEXTS))
        assert said[decided_by] in html.replace("kommunestyrelsesloven ", "")
