"""The application: who applies, whom we can ask. See idea.py and budget.py for the rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.enums import ApplicantKind
from pulje.forms.fields import forgive_missing, offer, text_field
from pulje.models import Applicant, Application
from pulje.models.fields import validate_cvr

NEW = "NEW"
WITH_CVR = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)


class ApplicantForm(forms.Form):
    """Who applies: one of the person's own applicants, or a new one."""

    applicant = forms.ChoiceField(
        label=_("Hvem søger?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvem der søger.")},
    )
    kind = forms.ChoiceField(
        label=_("Den nye ansøger er"),
        widget=forms.RadioSelect,
        required=False,
    )
    name = text_field(
        _("Navn"), 250, help_text=_("Foreningens eller gruppens navn – eller dit eget.")
    )
    cvr = forms.CharField(
        label=_("CVR-nummer"),
        required=False,
        help_text=_("Otte cifre. Netværk og enkeltpersoner har ikke noget CVR-nummer."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, applicants: Sequence[Applicant], kinds: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.applicants = {str(applicant.pk): applicant for applicant in applicants}
        known = [(pk, applicant.name) for pk, applicant in self.applicants.items()]
        offer(self, "applicant", [*known, (NEW, _("En ny ansøger"))])
        offer(self, "kind", [(k.value, k.label) for k in ApplicantKind if k in kinds])
        self.fields["applicant"].initial = known[0][0] if known else NEW

    @property
    def known(self) -> Applicant | None:
        """The chosen applicant, None for a new one."""
        return self.applicants.get(self.cleaned_data["applicant"])

    def clean_cvr(self) -> str:
        cvr = "".join(self.cleaned_data["cvr"].split())
        if cvr:
            validate_cvr(cvr)
        return cvr

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("applicant") != NEW:
            # what was typed about a new one is nobody's business now
            for name in ("kind", "name", "cvr"):
                self.errors.pop(name, None)
            return data
        if data.get("kind") in WITH_CVR and not data.get("cvr") and "cvr" not in self.errors:
            self.add_error("cvr", _("Skriv CVR-nummeret. Har I ikke et, så søg som netværk."))
        if not data.get("kind"):
            self.add_error("kind", _("Vælg, hvad den nye ansøger er."))
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Skriv ansøgerens navn."))
        return data


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
            "invalid": _("Skriv e-mailen som navn@eksempel.dk."),
        },
    )
    contact_phone = text_field(_("Telefon"), 30, widget=forms.TextInput({"type": "tel"}))
