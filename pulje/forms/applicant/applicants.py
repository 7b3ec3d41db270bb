"""The list of applicants and the merging of two."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.enums import ApplicantKind
from pulje.forms.casework.inbox import SELECT
from pulje.models import Applicant


class ApplicantFilterForm(forms.Form):
    """Shown only; the address is read by ``queries.applicants.read_filters``."""

    q = forms.CharField(
        label=_("Søg navn eller CVR-nr."),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "class": "form-input"}),
    )
    type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[("", _("Alle")), *ApplicantKind.choices],
        widget=forms.Select(SELECT),
    )


class MergeForm(forms.Form):
    """Which of the two stays, and that they are the same."""

    use_required_attribute = False  # our own sentence, not the browser's

    keep = forms.TypedChoiceField(
        label=_("Hvilken skal blive?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvilken der skal blive.")},
    )
    is_sure = forms.BooleanField(
        label=_("Ja, det er den samme ansøger"),
        help_text=_("Det kan ikke fortrydes."),
        error_messages={"required": _("Sæt et mærke, når du er sikker på, at det er den samme.")},
    )

    def __init__(self, data: Any = None, *, one: Applicant, other: Applicant) -> None:
        first = one.pk if one.cvr or not other.cvr else other.pk
        super().__init__(data, initial={"keep": first})
        self.both = {one.pk: one, other.pk: other}
        named = [(pk, _named(row)) for pk, row in self.both.items()]
        self.fields["keep"].choices = named

    def chosen(self) -> tuple[Applicant, Applicant]:
        """The one that stays and the one that goes."""
        keep = self.cleaned_data["keep"]
        (drop,) = set(self.both) - {keep}
        return self.both[keep], self.both[drop]


def _named(applicant: Applicant) -> str:
    number = _(", CVR-nr. %s") % applicant.cvr if applicant.cvr else ""
    return f"{applicant.name}{number} (nr. {applicant.pk})"
