"""To whom a case is given; whoever is away is said to be."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.enums import AssessmentState
from pulje.forms.case import CaseForm
from pulje.models import Application, User
from pulje.queries.casework.colleagues import colleagues
from pulje.templatetags.words import dato

WITH_ASSESSMENT = _("Giv også den åbne vurdering videre")


class ColleagueField(forms.ModelChoiceField):
    """The case workers; the form sets the queryset when it is made, for the day it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=User.objects.none(),
            empty_label=_("Vælg en sagsbehandler"),
            error_messages={"required": _("Vælg en sagsbehandler.")},
            **kwargs,
        )

    def label_from_instance(self, obj: User) -> str:
        if obj.away_until is None:
            return obj.name
        return _("%(name)s – væk til og med %(day)s") % {
            "name": obj.name,
            "day": dato(obj.away_until),
        }


class GiveCaseForm(CaseForm):
    """One case; the open assessment of whoever has it can go along."""

    to = ColleagueField(label=_("Giv sagen til"))
    with_assessment = forms.BooleanField(label=WITH_ASSESSMENT, required=False)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        people = colleagues(timezone.localdate()).exclude(conflicts__application=case)
        self.fields["to"].queryset = people.exclude(pk=case.caseworker_id or 0)
        worker = case.caseworker
        mine = case.assessments.filter(reviewer=worker, state=AssessmentState.OPEN)
        if worker is not None and mine.exists():
            field = self.fields["with_assessment"]
            field.help_text = _("Den, som %s ikke har afgivet.") % worker.name
        else:
            del self.fields["with_assessment"]
