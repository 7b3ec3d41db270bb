"""What an applicant answers in a case: words, files, a no."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.enums import AttachmentKind
from pulje.forms.attachment import UploadsField
from pulje.forms.fields import area_field


class AnswerForm(forms.Form):
    """An answer to what we asked for: words, files or both."""

    text = area_field(_("Besked til os"), 10_000)
    attachments = UploadsField(
        AttachmentKind.OTHER,
        label=_("Vælg filer"),
        help_text=_("PDF, Word, Excel, ODT eller billede. Højst 10 MB hver."),
    )
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("text") and not data.get("attachments") and not self.errors:
            raise ValidationError(_("Vælg en fil, eller skriv et svar."))
        return data


class TextForm(forms.Form):
    """Words that must be there: a message, remarks."""

    text = area_field(_("Skriv til os"), 10_000, _("Skriv noget, før du sender."))
    use_required_attribute = False


class DeclineForm(forms.Form):
    """A no to the grant; nobody has to say why."""

    reason = area_field(_("Hvorfor?"), 300)
    use_required_attribute = False
