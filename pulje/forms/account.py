from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from pulje.models.fields import validate_cvr


class LogInForm(AuthenticationForm):
    """E-mail and password; says the same whichever of them is wrong."""

    error_messages = {
        "invalid_login": _("E-mail og adgangskode passer ikke sammen. Prøv igen."),
        "inactive": _("E-mail og adgangskode passer ikke sammen. Prøv igen."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"].widget.attrs["autofocus"]  # most people come for MitID above it

    def clean_username(self) -> str:
        """One spelling, so that capitals give nobody more attempts."""
        return self.cleaned_data["username"].strip().lower()


class EmailForm(forms.Form):
    """An e-mail to send a link to."""

    email = forms.EmailField(
        label=_("Din e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Skriv din e-mail."),
            "invalid": _("Skriv en hel e-mail, fx navn@forening.dk."),
        },
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class DemoIdentityForm(forms.Form):
    """Whom the demo's MitID shall say that one is; with a CVR number it is MitID Erhverv."""

    name = forms.CharField(
        label=_("Navn"), max_length=200, error_messages={"required": _("Skriv et navn.")}
    )
    born_on = forms.DateField(
        label=_("Fødselsdag"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Vælg en dag.")},
    )
    is_business = forms.BooleanField(label=_("MitID Erhverv"), required=False)
    cvr = forms.CharField(label=_("CVR-nummer"), required=False, max_length=8)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.pop("is_business", False):
            said["cvr"] = ""
            return said
        try:
            if not said.get("cvr"):
                raise forms.ValidationError(_("Skriv CVR-nummeret."))
            validate_cvr(said["cvr"])
        except forms.ValidationError as error:
            self.add_error("cvr", error)
        return said
