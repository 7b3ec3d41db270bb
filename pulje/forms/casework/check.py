"""What a case worker says of a point, of a file, and of what a case is about."""

from typing import Any

from django import forms

from pulje.enums import AttachmentReview, Theme
from pulje.forms.case import CaseForm
from pulje.forms.fields import PlainField
from pulje.models import Application
from pulje.states import ENDED

NO_THEME = "ingen"  # said, where an empty field would be nothing said
FINE = {"ja": True, "nej": False}


class PointForm(forms.Form):
    """One point of the checklist: two buttons and a remark."""

    punkt = PlainField(max_length=40)
    i_orden = forms.ChoiceField(choices=[(name, name) for name in FINE])
    bemaerkning = PlainField(max_length=300, required=False)

    def facts(self) -> dict[str, object]:
        said = self.cleaned_data
        return {
            "key": said["punkt"],
            "is_fine": FINE[said["i_orden"]],
            "note": said["bemaerkning"],
        }


class ReviewForm(CaseForm):
    """What was found about a file; the button says which."""

    review = forms.ChoiceField(
        choices=[(one.value, one.label) for one in AttachmentReview if one],
        widget=forms.HiddenInput,
        error_messages={"required": "Vælg ”Godkend” eller ”Skal sendes igen”."},
    )
    note = PlainField(
        label="Hvad er der galt?",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Kun når det skal sendes igen. Ansøger får det at læse.",
    )

    def facts(self) -> dict[str, object]:
        said = self.cleaned_data
        return {"review": AttachmentReview(said["review"]), "note": said["note"]}


class TitleForm(CaseForm):
    """How a file stands in a public register."""

    public_title = PlainField(
        label="Titel i postlisten",
        max_length=150,
        required=False,
        help_text="Uden navne på privatpersoner. Tom: titlen følger af, hvad bilaget er.",
    )
    is_exempt = forms.BooleanField(label="Undtaget fra postlisten", required=False)


class ClassifyForm(CaseForm):
    """What the case is about, and where, as the house counts it."""

    theme = forms.ChoiceField(
        label="Tema",
        choices=[(NO_THEME, "Ikke valgt"), *Theme.choices],
        widget=forms.Select,
        error_messages={"required": "Vælg et tema, eller vælg ”Ikke valgt”."},
    )
    area = PlainField(label="Sted", max_length=100, required=False)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.initial["theme"] = self.initial.get("theme") or NO_THEME

    @property
    def is_open(self) -> bool:
        return self.case.state not in ENDED

    def facts(self) -> dict[str, object]:
        theme = self.cleaned_data["theme"]
        return {"theme": "" if theme == NO_THEME else theme, "area": self.cleaned_data["area"]}
