"""What the parts of the application have in common, and whom we can ask."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.fields import NO_EMAIL, forgive_missing, text_field
from pulje.models import Application
from pulje.models.user import reaches


class DraftForm(forms.Form):
    """A part of the application; field names are its own. A draft forgives what is missing.

    ``opened`` are the parts we asked the applicant to mend, None all; fields of others are locked.
    """

    part: ClassVar[str]
    part_of: ClassVar[Mapping[str, str]] = {}

    use_required_attribute = False

    def __init__(
        self, data: Any, *, application: Application, opened: frozenset[str] | None = None
    ) -> None:
        initial = {name: getattr(application, name) for name in type(self).base_fields}
        super().__init__(data, initial=initial)
        self.opened = opened
        self.lock(type(self).base_fields)

    def lock(self, names: Iterable[str]) -> None:
        """Lock those of the fields that belong to a part nobody asked about."""
        for name in names:
            part = self.part_of.get(name, self.part)
            if name in self.fields and self.opened is not None and part not in self.opened:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        forgive_missing(self)
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        """The fields that can be kept, whatever is wrong with the others."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not self.fields[name].disabled
        }


class ContactForm(DraftForm):
    """Whom we can ask."""

    part: ClassVar[str] = "contact"

    contact_name = text_field(_("Kontaktperson"), 200, _("Skriv, hvem vi kan kontakte."))
    contact_email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Hertil skriver vi, når der er nyt."),
        error_messages={
            "required": _("Skriv kontaktpersonens e-mail."),
            "invalid": NO_EMAIL,
        },
    )
    contact_phone = text_field(_("Telefon"), 30, widget=forms.TextInput({"type": "tel"}))
    wants_english = forms.BooleanField(
        label=_("Skriv også kort på engelsk i brevene"),
        required=False,
        help_text=_("Brevene er på dansk. Med et kryds får de en side på engelsk til sidst."),
    )

    def clean_contact_email(self) -> str:
        """An address nobody reads is no address: the decision is sent to it."""
        email: str = self.cleaned_data["contact_email"]
        if not reaches(email):
            raise forms.ValidationError(_("Skriv kontaktpersonens e-mail."))
        return email
