"""Somebody who is no longer with an applicant sends a form of its case: they keep their text."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from pulje.forms.application.budget import RowForm
from pulje.forms.application.idea import IdeaForm, PartnerForm
from pulje.forms.application.who import WhoForm
from pulje.forms.grant.change import ChangeForm
from pulje.forms.grant.report import ReportForm
from pulje.queries.applicant.applicant import left_case
from workflow.views.person import PersonRequest

FORMS: tuple[type[forms.BaseForm], ...] = (
    RowForm,
    PartnerForm,
    WhoForm,
    ChangeForm,
    ReportForm,
    IdeaForm,
)
P = ParamSpec("P")
# what a form has a number of, and what a pool asks itself; their labels are not known here
OTHERS = re.compile(r"(q_.+|(more_text|more_amount|more_actual|line|actual)_\d+|text)")
NO_TEXT = (forms.ChoiceField, forms.MultipleChoiceField, forms.BooleanField, forms.FileField)


def saves_the_text(
    view: Callable[Concatenate[PersonRequest, int, P], HttpResponse],
) -> Callable[Concatenate[PersonRequest, int, P], HttpResponse]:
    """A form from a person who has left gives them what they typed back, beside the refusal.

    For views of one case by its pk; a page that is only read is a 404 as for everybody else.
    """

    @wraps(view)
    def wrapped(request: PersonRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except Http404:
            case = left_case(request.user, pk) if request.method == "POST" else None
            if case is None:
                raise
            return _refused(request, case.applicant.name)

    return wrapped


def _refused(request: PersonRequest, name: str) -> HttpResponse:
    """The page; to an autosave the sentence alone, put into the save line wherever it aimed."""
    if request.headers.get("HX-Request"):
        line = render(request, "workflow/applicant/former_line.html", {"name": name})
        line["HX-Reswap"] = "none"
        return line
    context = {"name": name, "texts": _typed(request.POST)}
    return render(request, "workflow/applicant/former.html", context, status=403)


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    """Every text that was typed, with what its field is called."""
    labels = _labels()
    found = []
    for name in data:
        plain = name.rpartition("-")[2]
        text = data[name].strip()
        if text and (plain in labels or OTHERS.fullmatch(plain)):
            found.append((labels.get(plain) or _("Tekst"), text))
    return found


def _labels() -> dict[str, str]:
    return {
        name: str(field.label or "")
        for form in FORMS
        for name, field in form.base_fields.items()
        if not isinstance(field, NO_TEXT) and not field.widget.is_hidden
    }
