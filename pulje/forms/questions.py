"""A pool's own questions as fields of an application form; answers are text by the question's key.

    def __init__(…):
        add_questions(self, questions_of(version), application.answers)
    def clean(self):
        …                         # forgive_missing(self) when it is only a draft
        forgive_hidden(self)      # what is not asked is no error
    fields["answers"] = answers_from(form)

    {% load questions %} … {% questions form %}

A FILE question is an attachment (``file_questions``) and no field.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pulje.enums import QuestionKind
from pulje.forms.fields import MOST_PEOPLE, NO_NUMBER, area_field, day_field, text_field
from pulje.models import Question
from pulje.queries.application.questions import condition_sentence, shown_questions, yes_no

PREFIX = "q_"  # a question's key may be the name of one of the form's own fields
LONGEST_LINE, LONGEST_TEXT = 250, 5_000


def add_questions(
    form: forms.Form, questions: Sequence[Question], answers: Mapping[str, str]
) -> None:
    """Add a field for each of a version's questions, with the answer given so far.

    Call it in the form's ``__init__``, after ``super().__init__``.
    """
    by_pk = {question.pk: question for question in questions}
    form.questions, form.answers_before = list(questions), dict(answers)
    for question in questions:
        if question.kind == QuestionKind.FILE:
            continue
        field = _field(question)
        field.question, field.shown_if = question, _shown_if(question, by_pk)
        form.fields[field_name(question.key)] = field
        form.initial.setdefault(field_name(question.key), answers.get(question.key, ""))


def field_name(key: str) -> str:
    """The name of a question's field in the form."""
    return PREFIX + key


def forgive_hidden(form: forms.Form) -> None:
    """Drop the errors of questions that are not asked; their old answers are kept."""
    asked = {question.key for question in shown_questions(form.questions, answers_from(form))}
    for name, field in form.fields.items():
        if hasattr(field, "question") and field.question.key not in asked:
            form.errors.pop(name, None)


def answers_from(form: forms.Form) -> dict[str, str]:
    """All answers after a post, to be kept on the application; also those that are not asked.

    A field with an error keeps the answer it had.
    """
    answers = dict(form.answers_before)
    for name, field in form.fields.items():
        if hasattr(field, "question") and name in form.cleaned_data:
            text = _text(form.cleaned_data[name])
            answers.pop(field.question.key, None)
            answers |= {field.question.key: text} if text else {}
    return answers


def file_questions(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """The questions that are asked and answered by a file; step 4 has a slot for each."""
    asked = shown_questions(questions, answers)
    return [question for question in asked if question.kind == QuestionKind.FILE]


def _shown_if(question: Question, by_pk: Mapping[int, Question]) -> dict[str, str]:
    if question.shown_if_id is None:
        return {}
    on = by_pk[question.shown_if_id]
    return {
        "name": field_name(on.key),
        "answer": question.shown_if_answer,
        "sentence": condition_sentence(question, on),
    }


def _field(question: Question) -> forms.Field:
    label, missing = question.label, _("Svar på ”%s”.") % question.label
    match question.kind:
        case QuestionKind.LONG_TEXT:
            field: forms.Field = area_field(label, LONGEST_TEXT, missing)
        case QuestionKind.NUMBER:
            field = _number(label)
        case QuestionKind.DATE:
            field = day_field(label, missing)
        case QuestionKind.CHOICE:
            field = _choice(label, [(choice, choice) for choice in question.choices])
        case QuestionKind.YES_NO:
            field = _choice(label, list(yes_no().items()))
        case _:
            field = text_field(label, LONGEST_LINE, missing)
    field.required, field.help_text = question.is_required, question.help_text
    field.error_messages["required"] = missing
    return field


def _number(label: str) -> forms.Field:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PEOPLE,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_NUMBER),
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-width-xs"}),
    )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg et af svarene.")},
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
