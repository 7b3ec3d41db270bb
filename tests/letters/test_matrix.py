"""Every kind of letter x every outcome x hostile contents: both standards, and words in place."""

import random
import re
from collections.abc import Iterator
from typing import Any

import page
import pytest

from letters import render
from letters.facts.base import issued_at
from letters.kinds.registry import KINDS
from letters.previews import samples
from letters.rendering.bound import bound
from tests.letters import geometry, hostile
from tests.letters.pictures.comparing import different
from tests.letters.told import html_of

# pictures kept besides each kind's on the sample case: the page in English
PICTURED = {("AWARD", "empty, one, english"): "AWARD-english"}
# a heading with nothing in it, or with nothing under it
EMPTY = r"<h[1-3][^>]*>\s*</h"
NOTHING_UNDER = r"<h[2-3][^>]*>[^<]*</h[2-3]>\s*(?:<h[2-3]|</section|</main|<div)"
WORDS = re.findall(
    r"\S+",
    "udvalget lektiecafé og i til børn frivillige aftener Birkerød bibliotek, støtte projekt, som"
    " er åben for alle de unge mellem 5.–9. klasse at være med hver uge",
)
Facts = dict[str, Any]
# what a letter says where the case is another than the sample's; the first two as hostile PDFs, too
TOLD_BEFORE = {"decided_on": "2027-01-14", "granted_kr": "25000.00"}
REPLACED = {"replaced_on": "2027-01-14", "replaced_kr": "12500.00"}
PAID_BY_RATES = {"paid_kr": "5000.00", "payment_plan": "INSTALMENTS"}
BRANCHES: dict[str, list[tuple[Facts, str]]] = {
    "RECEIPT": [
        ({"is_late": True}, "Ansøgningen kom efter fristen."),
        ({"is_keyed_in": True}, "Vi har skrevet ansøgningen ind for"),
        ({"meeting_on": ""}, "Fritidsudvalget afgør ansøgningen, og I får"),
        ({"answer_on": ""}, "Vi kender ikke svardatoen endnu."),
    ],
    "EXTENSION": [
        ({"state": "IN_HEARING"}, "bemærkninger senest"),
        ({"state": "RETURNED"}, "Send oplysningerne senest"),
        ({"state": "APPROVED"}, "Sig ja eller nej senest"),
    ],
    "POSTPONED": [
        ({"answer_on": ""}, "ikke give jer en ny svardato"),
        ({"new_meeting_on": "2027-02-11"}, "Dagsordenen kan stadig blive ændret"),
    ],
    "AWARD": [
        (REPLACED, "erstatter tilsagnet af 14. januar 2027 på 12.500\xa0kr."),
        (REPLACED, "afholdt før jeres første tilsagn"),
        ({"payment_plan": "INSTALMENTS"}, "Vi udbetaler i rater"),
        ({"pays_from": "2027-02-02"}, "har sagt ja, dog tidligst 2. februar 2027."),
        (
            {"payment_plan": "INSTALMENTS", "pays_next": "2027-08-02"},
            "har sagt ja, den næste tidligst 2. august 2027, og den sidste, når",
        ),
        ({"payment_plan": "ON_REQUEST"}, "og beder om pengene"),
    ],
    "AWARD_CONDITIONS": [
        ({"payment_plan": "REIMBURSEMENT"}, "når projektet er slut"),
        ({"payment_plan": "DEFICIT_GUARANTEE"}, "er en underskudsgaranti"),
    ],
    "PARTIAL_AWARD": [
        ({"paid_kr": "5000.00", "rest_kr": "7500.00"}, "7.500\xa0kr. tilbage"),
        ({"paid_kr": "12500.00", "rest_kr": ""}, "I har fået hele beløbet."),
        (PAID_BY_RATES | {"rest_kr": "7500.00"}, "Vi udbetaler resten i rater"),
        ({"is_kept": True}, "så tilskuddet bortfalder ikke, hvis"),
        ({"is_paid_internally": True}, "ved en intern omkontering"),
    ],
    "AWARD_REMINDER": [({"is_kept": True}, "så tilskuddet bortfalder ikke, hvis")],
    "ANNULMENT": [({"was_grant": False}, "Det var et afslag")],
    "PAYMENT_NOTICE": [({"is_internal": True}, "ved en intern omkontering")],
    "PAYMENT_REJECTED": [({"is_internal": True}, "bliver omkonteret")],
    "CHANGE_APPROVED": [({"has_new_purpose": True}, "Formålet er det")],
    "REPORT_LAST": [({"paid_kr": "0.00"}, "tilsagnet på 25.000\xa0kr. bortfalder")],
    "REPORT_APPROVED": [
        ({"shown_kr": "10000.00", "left_kr": "2500.00"}, "kan udtale jer, før vi afgør det"),
        ({"cut_kr": "5000.00"}, "udbetaler vi ikke de sidste 5.000\xa0kr."),
        ({"is_waived": True}, "ikke behøver at sende en rapport"),
    ],
    "REPORT_REDUCED": [
        ({"left_kr": "2500.00"}, "har vi ikke afgjort endnu"),
        ({"payment_plan": "DEFICIT_GUARANTEE"}, "viser et underskud på"),
    ],
    "HEARING": [
        (TOLD_BEFORE | {"paid_kr": "12500.00"}, "helt eller delvist tilbage"),
        (TOLD_BEFORE | {"paid_kr": ""}, "så I får mindre eller ikke noget"),
    ],
    "REJECTION": [
        (REPLACED, "I får ikke længere tilskud til"),
        (REPLACED | {"replaced_kr": ""}, "erstatter afslaget af"),
    ],
    "REPAYMENT_CLAIM": [
        ({"is_heard_by_reminder": True}, "i den sidste rykker for rapporten"),
        ({"is_by_education_act": True, "heard_on": ""}, "folkeoplysningslovens § 33"),
        ({"answer": ""}, "Vi har ikke fået svar."),
    ],
    "CLOSING": [
        ({"is_repayment": True, "repaid_kr": "2500.00"}, "Vi har modtaget 2.500"),
        ({"is_repayment": True, "is_open": True}, "Sagen er ikke lukket endnu."),
        ({"is_repayment": True}, "skal ikke betale noget."),
        ({"repaid_kr": "25000.00"}, "tilbage. Tak for jeres"),
    ],
    "LAPSE": [
        ({"was": "RETURNED"}, "bedt om oplysninger til"),
        ({"was": "ACCEPTED"}, "Vi har ikke fået det, vi bad om."),
    ],
    "WITHDRAWAL": [({"had_grant": True}, "Tilskuddet går tilbage")],
    "REOPENING": [
        ({"state": "RETURNED"}, "Svar senest"),
        ({"state": "PAID", "answer_by": ""}, "skal ikke gøre noget nu"),
        ({"state": "PAID"}, "Send rapporten senest"),
    ],
    "APPEAL_UPHELD": [({"accept_by": "2027-03-12"}, "stadig sige ja eller nej")],
    "APPEAL_LATE": [({"accept_by": "2027-03-12"}, "stadig sige ja eller nej")],
}


def tellings(kind: str) -> Iterator[tuple[str, Facts]]:
    """What a letter of the kind is made from: as it should be, and as it might be.

    Contents that do not hide one another come together; one and several take turns.
    """
    first, second = [*(facts for facts, _said in BRANCHES.get(kind, [])), {}, {}][:2]
    yield "plain", samples.facts(kind)
    other = {"decided_by": samples.DELEGATED, "outcome": samples.PARTIAL}
    yield "strange", hostile.long_and_strange(samples.facts(kind, **other)) | first
    one = {"one": True, "english": True, "decided_by": samples.URGENT}
    refused = samples.facts(kind, outcome=samples.REJECTED, **one)
    yield "empty, one, english", hostile.empty(refused) | second


def pdf_of(kind: str, facts: Facts) -> bytes:
    return render.letter(whole(kind, facts), facts, issued_at(facts))[0]


def whole(kind: str, facts: Facts) -> str:
    html = html_of(kind, facts)
    assert "<b>" not in html  # what somebody wrote is words
    assert not re.search(f"{EMPTY}|{NOTHING_UNDER}", html)
    return html


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
        if picture := kind if name == "plain" else PICTURED.get((kind, name)):
            assert different(pdf, picture) == [], "not as kept: var/pictures, make pictures-new"


def test_each_branch_of_a_text_says_its_own() -> None:
    for kind, branches in BRANCHES.items():
        plain = samples.facts(kind)
        for facts, said in branches:
            assert said in whole(kind, plain | facts), (kind, facts)
            assert said not in whole(kind, plain), (kind, facts)


@pytest.mark.parametrize("decided_by", samples.BODIES)
def test_a_decision_says_who_made_it(decided_by: str) -> None:
    said = {
        "committee": "på mødet den",
        "delegated": "på udvalgets vegne.",
        "urgent": "vegne, fordi",
    }
    for kind in samples.OUTCOMES:
        facts = samples.facts(kind, decided_by=decided_by)
        html = html_of(kind, facts)

        assert said[decided_by] in html


def test_the_last_two_words_stay_together_where_they_are_short() -> None:
    text = [
        "Lektiecaféen",
        "er",
        "åben",
        "for",
        "alle",
        "de",
        "unge",
        "i",
        "kommunen",
        "hver",
        "uge",
    ]
    for tag, end in (("p", "<em>og vi</em>"), ("h1", "om ugen\n"), ("li", "og det")):
        ends = [f"<{tag}>{' '.join((text * 4)[:n])} {end}</{tag}>" for n in range(4, 40)]
        html = f"<!DOCTYPE html><html lang='da'><title>Tekst</title>{''.join(ends)}</html>"

        alone, words = geometry.stranded(geometry.laid_out(html)), end.strip("\n<>/em").split()

        assert alone
        assert {line.split()[-1] for line in alone} == {words[-1]}
        assert geometry.stranded(geometry.laid_out(bound(html))) == []
    long = "<p>hele kommunens børneundervisning</p>"
    assert bound(long) == long


@pytest.mark.slow
def test_of_2400_paragraphs_no_word_is_stranded_and_the_stock_engine_strands_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(6)
    paragraphs = [_marked_up(chance) for _n in range(2_400)]
    ours = _stranded(paragraphs)
    inline = geometry.weasyprint().layout.inline
    stock = inline.split_first_line.__wrapped__
    for place in (inline, geometry.weasyprint().text.line_break):
        monkeypatch.setattr(place, "split_first_line", stock)

    assert ours == []
    assert _stranded(paragraphs[:400]) == ["alle | Birkerød", "unge | støtte"]  # 14 of them all


def _stranded(paragraphs: list[str]) -> list[str]:
    body = "".join(paragraphs)
    html = f"<!DOCTYPE html><html lang='da'><title>Tekst</title>{body}</html>"
    return [line for line in geometry.stranded(geometry.laid_out(html)) if " | " in line]


def _marked_up(chance: random.Random) -> str:
    """A paragraph of 12-60 words with one to three of them in strong or em."""
    words = [chance.choice(WORDS) for _n in range(chance.randint(12, 60))]
    for _n in range(chance.randint(1, 3)):
        place, tag = chance.randrange(1, len(words) - 1), chance.choice(["strong", "em"])
        words[place] = f"<{tag}>{words[place]}</{tag}>"
    return f"<p>{' '.join(words)}</p>"
