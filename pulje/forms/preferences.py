"""A person's own settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.fields import text_field
from pulje.models import User

NAMES = ("name", "phone", "wants_message_mail", "wants_reminder_mail")


class PreferencesForm(forms.Form):
    """``is_proved``: the name comes with the identity and is not typed."""

    name = text_field(_("Dit navn"), 200, _("Skriv dit navn."))
    phone = text_field(_("Telefon"), 30)
    wants_message_mail = forms.BooleanField(
        label=_("Send mig en mail, når der er en ny besked i en sag"), required=False
    )
    wants_reminder_mail = forms.BooleanField(
        label=_("Send mig en mail, når en frist nærmer sig"), required=False
    )
    use_required_attribute = False

    def __init__(self, data: Any = None, *, user: User, is_proved: bool) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in NAMES})
        self.fields["name"].disabled = is_proved
