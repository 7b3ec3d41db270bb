from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """E-mail and password; says the same whichever of them is wrong."""

    error_messages = {
        "invalid_login": _("E-mail og adgangskode passer ikke sammen. Prøv igen."),
        "inactive": _("E-mail og adgangskode passer ikke sammen. Prøv igen."),
    }

    def clean_username(self) -> str:
        """One spelling, so that capitals give nobody more attempts."""
        return self.cleaned_data["username"].strip().lower()
