"""How letters reach an applicant: its name and address, exempt or not, a person's CPR number."""

from typing import Any

from django import forms

from pulje.enums import ApplicantKind
from pulje.forms.applicant.membership import ContactDataForm
from pulje.forms.fields import text_field
from pulje.models import Applicant
from pulje.models.fields import is_cvr, validate_cvr


class CorrectionForm(ContactDataForm):
    """The house may also mend a name that is not the register's, and a CVR number that is none."""

    cvr = forms.CharField(label="CVR-nr.", max_length=8, validators=[validate_cvr])
    name = text_field("Navn", 250, "Skriv ansøgers navn.")

    def __init__(self, data: Any = None, *, applicant: Applicant) -> None:
        super().__init__(data, applicant=applicant)
        if applicant.cvr:
            del self.fields["name"]
        if not applicant.cvr or is_cvr(applicant.cvr):
            del self.fields["cvr"]


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
