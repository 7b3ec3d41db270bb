"""Step 5 of the application: what one says when sending it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pulje.forms.fields import area_field
from pulje.models import Application


class ReviewForm(forms.Form):
    """``is_true`` is said at the sending only; ``may_publish`` is the application's own."""

    is_true = forms.BooleanField(required=False)
    may_publish = forms.BooleanField(required=False)

    use_required_attribute = False

    def __init__(self, data: Any, *, application: Application, sending: bool) -> None:
        super().__init__(data, initial={"may_publish": application.may_publish})
        self.sending = sending
        one = application.applicant.is_one_person
        self.fields["is_true"].label = (
            _("Oplysningerne er rigtige")
            if one
            else _("Oplysningerne er rigtige, og jeg må søge på ansøgerens vegne")
        )
        self.fields["may_publish"].label = (
            _("Kommunen må gerne fortælle om projektet på hjemmesiden, hvis jeg får støtte")
            if one
            else _("Kommunen må gerne fortælle om projektet på hjemmesiden, hvis vi får støtte")
        )

    def clean(self) -> dict[str, Any]:
        if self.sending and not self.cleaned_data.get("is_true"):
            self.add_error("is_true", _("Sæt kryds ved, at oplysningerne er rigtige."))
        return self.cleaned_data


class SignForm(forms.Form):
    """Sign, or say what should be mended first."""

    is_true = forms.BooleanField(
        label=gettext_lazy("Jeg har læst ansøgningen, og oplysningerne er rigtige"),
        required=False,
    )
    comment = area_field(gettext_lazy("Hvad skal rettes?"), 2_000)

    use_required_attribute = False

    def __init__(self, data: Any, *, giving_back: bool) -> None:
        super().__init__(data)
        self.giving_back = giving_back

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.giving_back and not said.get("comment") and "comment" not in self.errors:
            self.add_error("comment", _("Skriv, hvad der skal rettes, så de andre kan rette det."))
        if not self.giving_back and not said.get("is_true"):
            self.add_error("is_true", _("Sæt kryds ved, at du har læst ansøgningen."))
        return said
