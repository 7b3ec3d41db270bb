"""The application: who applies, the idea, the time, the people. The budget is in budget.py.

A form that is only saved forgives what is missing; a form that is sent does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.enums import ApplicantKind, AttachmentKind
from pulje.forms.attachment import Upload, UploadsField
from pulje.forms.fields import (
    area_field,
    day_field,
    forgive_missing,
    number_field,
    offer,
    text_field,
)
from pulje.models import Applicant, Application, User
from pulje.models.fields import validate_cvr

NEW = "NEW"
WITH_CVR = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)
TARGET_GROUPS = ("Børn og unge", "Familier", "Ældre", "Nye borgere", "Alle")
# which fields a part of an information request opens again (pulje/actions/clarification.py)
PARTS: Mapping[str, tuple[str, ...]] = {
    "idea": ("title", "summary", "description", "target_group", "area", "volunteers")
    + ("participants", "partners", "learning", "supplements_paid_work"),
    "dates": ("starts_on", "ends_on"),
    "contact": ("contact_name", "contact_email", "contact_phone"),
    "attachments": ("bylaws", "accounts", "other"),
}


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


class ApplicationForm(forms.Form):
    """Everything about the project but its budget; field names are the application's own."""

    title = text_field(_("Hvad hedder projektet?"), 200, _("Giv projektet en titel."))
    summary = area_field(
        _("Kort fortalt"),
        200,
        _("Fortæl kort, hvad projektet går ud på."),
        help_text=_(
            "Højst 200 tegn. Teksten kan blive vist på hjemmesiden, hvis der gives støtte."
        ),
    )
    description = area_field(_("Hvad skal der ske?"), 10_000, _("Skriv, hvad der skal ske."))
    target_group = forms.MultipleChoiceField(
        label=_("Hvem er det for?"),
        help_text=_("Vælg gerne flere."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(group, group) for group in TARGET_GROUPS],
        error_messages={"required": _("Vælg, hvem det er for.")},
    )
    area = text_field(
        _("Hvor foregår det mest?"), 100, help_text=_("Fx en by eller hele kommunen.")
    )
    starts_on = day_field(_("Begynder"), _("Skriv, hvornår det begynder."))
    ends_on = day_field(_("Slutter"), _("Skriv, hvornår det slutter."))
    volunteers = number_field(_("Hvor mange frivillige?"))
    participants = number_field(_("Hvor mange deltager cirka?"))
    partners = area_field(
        _("Er der andre med?"),
        2_000,
        help_text=_("Fx en skole, et plejecenter eller en anden forening."),
    )
    learning = area_field(_("Er der noget nyt, der skal prøves af?"), 2_000)
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
    supplements_paid_work = forms.BooleanField(
        label=_("De frivillige supplerer de ansatte og erstatter ikke lønnet arbejde"),
        error_messages={
            "required": _(
                "Sæt kryds ved, at de frivillige supplerer og ikke erstatter lønnet arbejde."
            )
        },
    )
    bylaws = UploadsField(AttachmentKind.BYLAWS, label=_("Vedtægter"))
    accounts = UploadsField(AttachmentKind.ACCOUNTS, label=_("Seneste regnskab"))
    other = UploadsField(AttachmentKind.OTHER, label=_("Andre bilag"))

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        user: User,
        application: Application | None = None,
        sending: bool = False,
        parts: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _said(application, user)
        super().__init__(*args, **kwargs)
        self.sending = sending
        groups = dict.fromkeys([*TARGET_GROUPS, *kwargs["initial"].get("target_group", [])])
        offer(self, "target_group", [(group, group) for group in groups])
        for name in _locked(parts):
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        if not self.sending:
            forgive_missing(self)
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if self.sending and starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Projektet slutter, før det begynder. Ret datoerne."))
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        """The application's own fields that can be kept, whatever is wrong with the others."""
        left_out = {*PARTS["attachments"], *(n for n in self.fields if self.fields[n].disabled)}
        said = {n: value for n, value in self.cleaned_data.items() if n not in left_out}
        if "target_group" in said:
            said["target_group"] = ", ".join(said["target_group"])
        return said

    def uploads(self) -> list[Upload]:
        """All files that can be kept."""
        return [
            upload for name in PARTS["attachments"] for upload in self.cleaned_data.get(name, [])
        ]


def _said(application: Application | None, user: User) -> dict[str, Any]:
    """What stands in the form when it is opened."""
    if application is None:
        return {"contact_name": user.name, "contact_email": user.email, "contact_phone": user.phone}
    names = [name for part in PARTS.values() for name in part if name not in PARTS["attachments"]]
    said = {name: getattr(application, name) for name in names}
    return said | {"target_group": [word for word in application.target_group.split(", ") if word]}


def _locked(parts: Sequence[str] | None) -> list[str]:
    """The fields that stay as they are; ``parts`` None means none, else all but the named parts."""
    if parts is None:
        return []
    return [name for part, names in PARTS.items() if part not in parts for name in names]
