import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from pulje.enums import LegalBasis, PaymentPlan, QuestionKind
from pulje.forms.fields import forgive_missing
from pulje.forms.questions import (
    add_questions,
    answers_from,
    field_name,
    file_questions,
    forgive_hidden,
)
from pulje.models import Pool, PoolVersion, Question
from pulje.queries.application.questions import answered, questions_of, unanswered

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> list[Question]:
    """outdoors? -> (yes) what if it rains, and a permit; where; how many; the first day."""
    pool = Pool.objects.create(code="FP", year=2027, name="Frivillighedspuljen", slug="fp")
    version = PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=date(2027, 1, 1),
        adopted_on=date(2027, 1, 1),
        legal_basis=LegalBasis.KFM,
        purpose="Til frivillige.",
        supported="Materialer",
        applicant_kinds=["ASSOCIATION"],
        payment_plan=PaymentPlan.UPFRONT,
    )
    outdoors = _ask(version, 1, "ude", QuestionKind.YES_NO, is_required=True)
    rain = _ask(version, 2, "regn", QuestionKind.NUMBER, on=(outdoors, "YES"), is_required=True)
    _ask(version, 3, "tilladelse", QuestionKind.FILE, on=(outdoors, "YES"), is_required=True)
    place = _ask(version, 4, "sted", QuestionKind.CHOICE, choices=["Skole", "Andet"])
    _ask(version, 5, "andet", QuestionKind.TEXT, on=(place, "Andet"))
    _ask(version, 6, "title", QuestionKind.DATE)
    assert rain.is_required
    return questions_of(version)


def _ask(version, position, key, kind, *, on=(None, ""), **fields) -> Question:
    return Question.objects.create(
        version=version,
        position=position,
        key=key,
        kind=kind,
        label=f"Hvad med {key}?",
        shown_if=on[0],
        shown_if_answer=on[1],
        **fields,
    )


class IdeaForm(forms.Form):
    title = forms.CharField(required=False)

    def __init__(self, *args, questions, answers=None, sending=False, **kwargs):
        super().__init__(*args, **kwargs)
        add_questions(self, questions, answers or {})
        self.sending = sending

    def clean(self):
        if not self.sending:
            forgive_missing(self)
        forgive_hidden(self)
        return self.cleaned_data


def posted(asked, answers=None, *, sending=True, **typed) -> IdeaForm:
    data = {field_name(key): value for key, value in typed.items()}
    form = IdeaForm(data, questions=asked, answers=answers, sending=sending)
    form.is_valid()
    return form


def test_answers_are_text_by_key(asked):
    form = posted(asked, ude="YES", regn=" 12 ", sted="Skole", title="2027-02-02")

    assert form.errors == {}
    assert answers_from(form) == {
        "ude": "YES",
        "regn": "12",
        "sted": "Skole",
        "title": "2027-02-02",
    }
    assert [text for _question, text in answered(asked, answers_from(form))] == [
        "Ja",
        "12",
        "Skole",
        "2. februar 2027",
    ]


def test_a_question_never_hides_a_field_of_the_form(asked):
    assert "title" in posted(asked).fields
    assert field_name("title") in posted(asked).fields


@pytest.mark.parametrize("ude", ["NO", ""])
def test_what_is_not_asked_is_kept_and_no_error(asked, ude):
    form = posted(asked, {"ude": "YES", "regn": "12"}, ude=ude, regn="mange", sending=False)

    assert form.errors == {}
    assert answers_from(form) == ({"ude": "NO"} if ude else {}) | {"regn": "12"}
    assert [q.key for q, _text in answered(asked, answers_from(form))] == (["ude"] if ude else [])


def test_what_is_missing_is_named(asked):
    form = posted(asked, ude="YES", sted="Kirke", title="i morgen")

    assert form.errors == {
        field_name("regn"): ["Svar på ”Hvad med regn?”."],
        field_name("sted"): ["Vælg et af svarene."],
        field_name("title"): ["Skriv datoen med dag, måned og år, fx 02.02.2027."],
    }


def test_a_draft_may_lack_answers(asked):
    form = posted(asked, {"regn": "4"}, ude="YES", sending=False)

    assert form.errors == {}
    assert answers_from(form) == {"ude": "YES"}


@pytest.mark.parametrize(
    ("answers", "files", "lacking"),
    [
        pytest.param({}, [], ["ude"], id="nothing"),
        pytest.param({"ude": "NO"}, [], [], id="no"),
        pytest.param({"ude": "YES"}, [], ["regn", "tilladelse"], id="yes"),
        pytest.param({"ude": "YES", "regn": "0"}, ["tilladelse"], [], id="whole"),
    ],
)
def test_unanswered(asked, answers, files, lacking):
    assert [question.key for question in unanswered(asked, answers, files)] == lacking


def test_files_are_asked_for_when_their_condition_holds(asked):
    assert file_questions(asked, {"ude": "NO"}) == []
    assert [question.key for question in file_questions(asked, {"ude": "YES"})] == ["tilladelse"]


def test_page_shows_each_question_with_its_condition(asked):
    form = posted(asked, ude="YES")

    page = Template("{% load questions %}{% questions form %}").render(Context({"form": form}))

    assert page.count("data-shown-if") == 2
    assert 'data-shown-if="q_ude" data-shown-answer="YES"' in page
    assert "Kun hvis svaret på ”Hvad med ude?” er ”Ja”." in page
    assert 'class="pj-seg"' in page
    assert "Hvad med tilladelse?" not in page
    assert 'aria-describedby="id_q_regn-error"' in page


def test_on_a_page_in_english_what_the_pool_asks_is_told_to_be_in_danish(asked):
    form = IdeaForm(questions=asked)
    page = Template("{% load questions %}{% questions form %}")

    assert "lang=" not in page.render(Context({"form": form}))
    with override("en"):
        said = page.render(Context({"form": form}))
    for question in asked:
        if question.kind != QuestionKind.FILE:
            assert f'<span lang="da">{question.label}</span>' in said
    assert re.search(r'(lang="da"[^>]*>\s*Skole<|<select[^>]*lang="da")', said)
    assert not re.search(r'lang="da"[^>]*>(Yes|No)<', said)
