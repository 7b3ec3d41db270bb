"""How letters reach an applicant: exempt or not, and the CPR number of a person."""

from typing import Any

from django import forms

from pulje.enums import ApplicantKind
from pulje.forms.fields import text_field
from pulje.models import Applicant


class ReachForm(forms.Form):
    """The number is only ever typed, never shown; left empty, the one there is stays."""

    use_required_attribute = False  # our own sentence, not the browser's

    is_exempt = forms.BooleanField(label="Fritaget for Digital Post", required=False)
    number = text_field("CPR-nummer", 20)

    def __init__(self, data: Any = None, *, applicant: Applicant) -> None:
        super().__init__(data, initial={"is_exempt": applicant.is_exempt})
        if applicant.kind == ApplicantKind.INDIVIDUAL:
            self.fields["number"].widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}
        else:
            del self.fields["number"]
