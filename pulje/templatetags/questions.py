"""`{% load questions %}{% questions form %}`: a pool's own questions among a form's other fields.

A question that is only asked after a certain answer stands with its condition in words; the script
hides it until the answer is given (``data-shown-if``).
"""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BaseForm

from pulje.enums import QuestionKind
from pulje.templatetags import form_parts

register = template.Library()


@register.inclusion_tag("components/questions.html")
def questions(form: BaseForm) -> dict[str, Any]:
    return {"rows": list(_rows(form))}


def _rows(form: BaseForm) -> Iterator[dict[str, Any]]:
    for bound in form:
        question = getattr(bound.field, "question", None)
        if question is None:
            continue
        row = {"bound": bound, "shown_if": bound.field.shown_if}
        if question.kind == QuestionKind.YES_NO:
            context = form_parts.field_context(bound, hint="", attrs={})
            row["yes_no"] = context | {"label": bound.label}
        yield row
