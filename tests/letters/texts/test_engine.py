"""The language of the texts: what it lets through, what it says of the rest, what it costs."""

import re
import time
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.kinds.registry import KINDS
from letters.previews import samples
from letters.texts import engine
from letters.texts.fields import CODES, fields_of
from letters.texts.language import LONGEST
from letters.texts.standard import standard_of
from tests.letters.told import LETTERS, html_of, standards_for

REFUSAL = LETTERS["REJECTION"] | {"reasons": "Puljen er til noget andet (afsnit 3)."}
REASONS = f'<p dir="auto">{REFUSAL["reasons"]}</p>'
AWARD = LETTERS["AWARD"]
ENGLISH = {"wants_english": True}
DEMANDED = "{{ begrundelse }}\n\n{{ grundlag }}"


def words(body: str, *, kind: str = "REJECTION", heading: str = "Svar", english: str = "") -> Any:
    return SimpleNamespace(kind=kind, heading=heading, body=body, english=english)


def body_of(text: str, facts: dict[str, Any] = REFUSAL) -> str:
    parts = standards_for("AWARD").parts
    return engine.render(words(text), facts, parts).body.strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Kære {{ modtager }}\ntak", "<p>Kære Birkerød Lektiecafé\ntak</p>"),
        ("En\n\nto", "<p>En</p>\n<p>to</p>"),
        ("## Derfor\n- a\n- b", "<h2>Derfor</h2>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("**ja** og *nej*", "<p><strong>ja</strong> og <em>nej</em></p>"),
        ("A{% if afsnit %} og {{ afsnit }}{% endif %}.", "<p>A og afsnit 3.</p>"),
        ("{% if hasteafgørelse %}\nA\n{% else %}\nB\n{% endif %}\nC", "<p>B\nC</p>"),
        ("A\n\n{% if not delegeret or afsnit %}\nB\n\n{% endif %}", "<p>A</p>\n<p>B</p>"),
        ("{{ besluttet_den }} {{ ansøgt_beløb }}", "<p>14. januar 2027 25.000\xa0kr.</p>"),
        ("A\n{{ begrundelse }}\nB", f"<p>A</p>\n{REASONS}\n<p>B</p>"),
        ("<b>x [y](http://z) ![i](j) `k`", "<p>&lt;b&gt;x [y](http://z) ![i](j) `k`</p>"),
        ("> a\n\n---\n\n# b\n\n&lt;", "<p>&gt; a</p>\n<p>---</p>\n<h1>b</h1>\n<p>&amp;lt;</p>"),
    ],
)  # fmt: skip
def test_marks_and_fields(text: str, html: str) -> None:
    assert body_of(text) == html.replace("<h1>b</h1>", "b")  # a tag nobody may use: its words stay


def test_a_heading_is_a_line_of_words() -> None:
    worded = engine.render(words("x", heading="{{ Du }} *får* <b>{{ projekt }}"), REFUSAL)

    assert worded.heading == "I *får* &lt;b&gt;Lektiecafé to aftener om ugen"


def test_items_are_as_many_points_as_there_are() -> None:
    text = words("1. a\n1. {{ særlige_vilkår }}\n1. b", kind="VILKAAR")

    for conditions in ([], ["x & y"], ["x", "y"]):
        said = engine.render(text, AWARD | {"extra_conditions": conditions}).body
        points = re.findall("<li>(.*)</li>", said)
        assert [unescape(point) for point in points] == ["a", *conditions, "b"]


def test_what_is_danish_on_the_english_page_says_so() -> None:
    facts = AWARD | ENGLISH | {"extra_conditions": ["Aftalen er bekræftet."]}
    english = "{{ beløb }} for {{ projekt }}, {{ telefon }}, {{ rapport }}\n\n{{ begrundelse }}"
    text = words("Hej", kind="AWARD", english=f"{english}\n\n1. {{{{ særlige_vilkår }}}}")

    said = engine.render(text, facts)

    assert "lang" not in said.body
    told = re.findall(r"<(\w+) lang=\"da\">(?:<p dir=\"auto\">)?([^<]{8})", said.english)
    assert told == [("span", "Lektieca"), ("div", AWARD["reasons"][:8]), ("li", "Aftalen ")]


def test_english_only_where_it_is_wanted() -> None:
    text = words("Hej", english="By {{ besluttet_den }}\n\n## How\n\nSo")

    assert engine.render(text, REFUSAL).english == ""
    said = engine.render(text, REFUSAL | ENGLISH).english
    assert said == "<p>By 14 January 2027</p>\n<h3>How</h3>\n<p>So</p>\n"
    text = words("{{ beløb }} {{ svarfrist }}", kind="AWARD", english="{{ beløb }}")
    both = engine.render(text, AWARD | ENGLISH | {"amount_kr": "25000.00"})
    assert both.body.startswith("<p>25.000\xa0kr. ")
    assert both.english == "<p>DKK\xa025,000</p>\n"
    both = engine.render(text, AWARD | ENGLISH | {"amount_kr": "25000.50"})
    assert both.english == "<p>DKK\xa025,000.50</p>\n"
    page = html_of("AWARD", AWARD | ENGLISH)
    assert '<section lang="en"' in page
    assert "The letter in Danish is the one that counts." in page
    assert "In short, in English" not in html_of("AWARD", AWARD)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ punkt }}", "linje 1: Feltet {{ punkt }} findes ikke i dette brev. Mente du {{ poi"),
        ("a\n\n{{ xyzzy }}", "linje 3: Feltet {{ xyzzy }} findes ikke i dette brev. Se listen"),
        ("{% if\nxyzzy %}a{% endif %}", "linje 1: Feltet {{ xyzzy }} findes"),
        ("{{ du.__class__ }}", "linje 1: Kun et felts navn"),
        ("{{ du|upper }}", "linje 1: "),
        ("{{ du() }}", "linje 1: Kun et felts navn"),
        ("{{ 'a' * 9 }}", "linje 1: Kun et felts navn"),
        ("{{ du if point }}", "linje 1: Kun et felts navn"),
        ("a\n{% for x in du %}{% endfor %}", "linje 2: {% for %} kan ikke bruges her."),
        ("{% include 'x' %}", "linje 1: {% include %} kan ikke bruges"),
        ("{% import 'x' as y %}", "linje 1: {% import %} kan ikke"),
        ("{% set x = 1 %}", "linje 1: {% assign %} kan ikke"),
        ("{% macro x() %}{% endmacro %}", "linje 1: {% macro %} kan ikke"),
        ("{% ups %}", "linje 1: {% ups %} kan ikke bruges her."),
        ("{% if du == 1 %}{% endif %}", "linje 1: Efter if kan kun stå felter"),
        ("{% if du is string %}{% endif %}", "linje 1: "),
        ("a\n{% if du %}", "linje 2: Betingelsen her er ikke afsluttet med {% endif %}."),
        ("{% endif %}", "linje 1: {% endif %} kan ikke bruges her."),
        ("{{ du }", "linje 1: Et felt eller en betingelse er ikke"),
        ("Se {{ begrundelse }}", "linje 1: Feltet {{ begrundelse }} skal stå alene på en linje."),
        ("{{ delegeret }}", "linje 1: Feltet delegeret er en betingelse:"),
        ("a\n<script>", "linje 2: HTML kan ikke bruges her."),
        ("# a", "linje 1: En overskrift skrives med ##"),
        ("### a", "linje 1: En overskrift skrives med ##"),
        ("[a](b)", "linje 1: Links kan ikke bruges."),
        ("a\n---", "linje 2: En streg på tværs"),
        ("- a\n  - b", "linje 2: En liste kan ikke ligge inden i en anden"),
        ("| a | b |", "linje 1: Tabeller kan ikke skrives."),
        ("a\ue0001\ue001", "linje 1: Her er et tegn, som ikke kan stå i et brev."),
        ("a" * (LONGEST + 1), "teksten er på mere end 20.000 tegn."),
    ],
)  # fmt: skip
def test_what_is_no_text_is_said_with_its_line(text: str, sentence: str) -> None:
    found = engine.problems("REJECTION", "Svar", f"{text}\n\n{DEMANDED}", "")

    assert any(said.startswith(f"Teksten, {sentence}") for said in found), found


def test_the_law_s_fields_cannot_be_left_out() -> None:
    hidden = "{% if point %}\n{{ begrundelse }}\n{% endif %}\n\n{{ grundlag }}"
    sentence = "Teksten: Feltet {{ begrundelse }} skal stå i teksten, uden en betingelse om sig."

    for body in ("{{ grundlag }}", hidden):
        (said,) = engine.problems("REJECTION", "Svar", body, "")
        assert said.startswith(sentence)
    assert engine.problems("REJECTION", "Svar", DEMANDED, "") == []
    told = engine.problems("REJECTION", " ", "", "{{ x }}")
    assert told[:2] == ["Overskriften mangler.", "Teksten mangler."]
    assert told[2].startswith("Den engelske tekst, linje 1: Feltet {{ x }} findes ikke")


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("a\nb", "Den skal stå på én linje."),
        ("{{ begrundelse }}", "Feltet {{ begrundelse }} er ikke ord"),
        ("{{ x }}", "Feltet {{ x }} findes ikke"),
        ("{{ du }", "Et felt eller en betingelse er ikke"),
    ],
)
def test_what_is_no_heading(heading: str, sentence: str) -> None:
    (said,) = engine.problems("REJECTION", heading, DEMANDED, "")

    assert said.startswith(f"Overskriften: {sentence}")


@pytest.mark.parametrize("code", CODES)
def test_standard_texts_keep_the_rules(code: str) -> None:
    text = standard_of(code)

    assert engine.problems(code, text.heading, text.body, text.english) == []
    assert bool(text.english) == (code not in ("GRUNDLAG", "SPOERGSMAAL"))
    for field in fields_of(code):
        assert field.name.isidentifier()
        assert field.description.endswith((".", "!", "?")), field.name
        assert field.example, field.name


BOMBS = {
    "nested ifs": "{% if du %}" * 1800,
    "closed ifs": "{% if du %}" * 900 + "{% endif %}" * 900,
    "elifs": "{% if du %}" + "{% elif du %}" * 1500 + "{% endif %}",
    "nots": "{% if " + "not " * 4900 + "du %}{% endif %}",
    "ands": "{% if " + "du and " * 2800 + "du %}{% endif %}",
    "parentheses": "{{ " + "(" * 9990 + ")" * 9990 + " }}",
    "a value again and again": "{{ du }}" * 2400,
    "a block again and again": "{{ begrundelse }}\n\n" * 1050,
    "stars": "*a **b" * 3300,
    "lists": "- " * 9990,
    "blanks": "\t" * 19_000,
    "braces": "{{" * 9990,
    "brackets": "[" * 19_999,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_bounded(bomb: str) -> None:
    facts = REFUSAL | {"reasons": "Ord\n\n" * 1000}
    began = time.process_time()

    engine.problems("REJECTION", "x", bomb, bomb)
    try:
        said = engine.render(words(bomb), facts).body
    except engine.CannotWord as reason:
        said = str(reason)

    assert time.process_time() - began < 1
    assert len(said) < 250_000


def test_wording_is_quick() -> None:
    html_of("AWARD", AWARD)  # compiled once in a process
    began = time.process_time()

    for _ in range(10):
        html_of("AWARD", AWARD)

    assert (time.process_time() - began) / 10 < 0.02  # 2 ms on a quiet machine


PLACES = {
    "project": "Sagen {{ projekt }}, **{{ projekt }}** og:\n\n- {{ projekt }}\n\n## {{ projekt }}",
    "sections": "{% if afsnit %}Se {{ afsnit }}{% else %}Intet{% endif %}",
}
SIGNS = "{}%#*_-<>&\"'[]()`|\\/ \n\t1.aæ\ue000\ue001\ue005\u202e\u200d🎉ע"
STRANGE = st.text(st.sampled_from(SIGNS) | st.characters(codec="utf-8"))


@settings(max_examples=60, deadline=None)
@given(STRANGE)
def test_an_applicant_s_words_are_never_read_as_anything(said: str) -> None:
    shown = said or "x"
    for key, text in PLACES.items():
        plain = body_of(text, REFUSAL | {key: "x"})
        ours = body_of(text, REFUSAL | {key: shown})
        assert re.findall("<[^>]*>", ours) == re.findall("<[^>]*>", plain)
        bare = unescape(re.sub("<[^>]*>", "", ours))
        assert bare == re.sub("<[^>]*>", "", plain).replace("x", shown)


PIECES = """{{ }} {% %} if else elif endif not and or du point begrundelse grundlag raw for set
. | ( ) [ ] - * ** ## 1. # {# #} 'a' = < > \ue000 0 \ue001 ø \x00"""


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*PIECES.split(), "\n", "\n\n"])).map(" ".join))
def test_nothing_that_is_written_makes_an_error(source: str) -> None:
    found = engine.problems("REJECTION", "x", f"{source}\n\n{DEMANDED}", source)

    if not found:
        body_of(source)
    for said in found:
        assert said.endswith((".", "?"))


def test_whom_nobody_can_log_in_for_is_told_to_write_or_ring() -> None:
    """No standard text sends them to the case; a CVR number's MitID Erhverv is a way in."""
    for code in KINDS:
        said = on_paper(code)
        assert "/ansoeg/" not in said, code
        sent = re.search("på (din|jeres) sag|(?<!deadline )in your case|Skemaet ligger", said)
        assert sent is None, code

    said = on_paper("MISSING_INFORMATION")
    assert "Send svaret i et brev, eller ring til os:" in said
    assert "eller ring på 12 34 56 78. Oplys sagsnummer FP-2027-014." in said
    assert "/ansoeg/14/" in on_paper("HEARING", joins_by_cvr=True)


def on_paper(code: str, **more: object) -> str:
    facts = samples.facts(code, english=True) | {"is_on_paper": True} | more
    worded = engine.render(standard_of(code), facts, standards_for(code).parts)
    return f"{worded.body} {worded.english}"
