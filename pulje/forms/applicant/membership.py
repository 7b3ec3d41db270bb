"""What members do about each other and their applicant; one small form each."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.enums import AttachmentKind, MemberRole
from pulje.forms.attachment import Upload, UploadsField
from pulje.forms.fields import NO_EMAIL, text_field
from pulje.models import Applicant

MAY_SIGN = _("Må søge og sige ja på foreningens vegne")
POSTCODE = re.compile(r"\d{4}")
ROLES = [(role.value, role.label) for role in MemberRole]


class NothingForm(forms.Form):
    """A button alone."""


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"required": _("Skriv e-mailen på den, I inviterer."), "invalid": NO_EMAIL},
    )
    role = forms.ChoiceField(label=_("Rolle"), choices=ROLES, initial=MemberRole.WRITER)
    may_sign = forms.BooleanField(label=MAY_SIGN, required=False)

    use_required_attribute = False


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Rolle"), choices=ROLES)
    may_sign = forms.BooleanField(label=MAY_SIGN, required=False)

    use_required_attribute = False


class HandOverForm(forms.Form):
    """To whom one gives one's role and right."""

    member = forms.ChoiceField(
        label=_("Giv mine opgaver og min ret til"),
        error_messages={
            "required": _("Vælg, hvem der tager over."),
            "invalid_choice": _("Vælg, hvem der tager over."),
        },
    )
    leave_too = forms.BooleanField(label=_("Jeg forlader foreningen samtidig"), required=False)

    use_required_attribute = False


class ContactDataForm(forms.Form):
    """How the applicant is reached."""

    street = text_field(_("Adresse"), 200)
    postcode = text_field(_("Postnr."), 10, widget=forms.TextInput({"inputmode": "numeric"}))
    town = text_field(_("By"), 100)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, error_messages={"invalid": NO_EMAIL}
    )
    phone = text_field(_("Telefon"), 30, widget=forms.TextInput({"type": "tel"}))

    use_required_attribute = False

    def __init__(self, data: Any = None, *, applicant: Applicant) -> None:
        names = type(self).base_fields
        super().__init__(data, initial={name: getattr(applicant, name) for name in names})

    def clean_postcode(self) -> str:
        postcode: str = self.cleaned_data["postcode"]
        if postcode and not POSTCODE.fullmatch(postcode):
            raise forms.ValidationError(_("Et dansk postnummer har fire cifre."))
        return postcode


class SigningForm(forms.Form):
    """The applicant's own rule of signing."""

    two_must_sign = forms.BooleanField(
        label=_("To skal skrive under, før en ansøgning eller rapport sendes"), required=False
    )


class ProofForm(forms.Form):
    """The document that shows one's right."""

    proof = UploadsField(
        AttachmentKind.OTHER, label=_("Vedtægter, referat eller liste over bestyrelsen")
    )

    def clean_proof(self) -> Upload:
        uploads: list[Upload] = self.cleaned_data["proof"]
        if not uploads:
            raise forms.ValidationError(_("Vælg en fil."))
        return uploads[0]


class LeaderForm(forms.Form):
    """A leader's answer about a partnership; ``answer`` is the button."""

    remark = text_field(
        _("Bemærkning"),
        500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Passer noget ikke, så skriv hvad. Ansøgeren kan læse det."),
    )
    supplements = forms.BooleanField(
        label=_("De frivillige supplerer vores ansatte og erstatter ikke lønnet arbejde"),
        required=False,
    )

    use_required_attribute = False

    def __init__(self, *args: Any, says_yes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.says_yes = says_yes

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.says_yes and not data.get("supplements"):
            self.add_error(
                "supplements",
                _("Sæt kryds, hvis det er rigtigt. Ellers svar nej, og skriv hvorfor."),
            )
        if not self.says_yes and not data.get("remark") and "remark" not in self.errors:
            self.add_error("remark", _("Skriv, hvad der ikke passer, så ansøgeren kan rette det."))
        return data
