"""Take a letter, or its fingerprint, to be checked."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from letters.verifying import fingerprint_of, typed_fingerprint

LARGEST_BYTES = 10 * 1024 * 1024


class VerifyForm(forms.Form):
    """A PDF or the 64 signs of its fingerprint; ``sha256`` when one was given."""

    file = forms.FileField(
        label=_("Brevet som PDF"),
        required=False,
        allow_empty_file=True,
        help_text=_("Filen, som I fik den. Vi gemmer den ikke."),
        widget=forms.FileInput(attrs={"class": "form-input", "accept": "application/pdf"}),
    )
    typed = forms.CharField(
        label=_("… eller dens fingeraftryk (SHA-256)"),
        required=False,
        max_length=200,
        help_text=_("64 tegn: tal og bogstaverne a–f."),
        widget=forms.TextInput(
            attrs={"class": "form-input", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    sha256 = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file, typed = cleaned.get("file"), cleaned.get("typed", "")
        if file and file.size > LARGEST_BYTES:
            self.add_error("file", _("Filen fylder mere end 10 MB. Så store breve sender vi ikke."))
        elif file and not file.size:
            self.add_error("file", _("Filen er tom. Vælg brevet, som I fik det."))
        elif file and not _is_pdf(file):
            self.add_error("file", _("Filen er ikke en PDF. Vælg brevet, som I fik det."))
        elif file:
            self.sha256 = fingerprint_of(file.chunks())
        elif typed:
            self.sha256 = typed_fingerprint(typed)
            if not self.sha256:
                self.add_error(
                    "typed", _("Et fingeraftryk har 64 tegn: tal og bogstaverne a–f. Tjek det.")
                )
        elif not self.errors:
            self.add_error("file", _("Vælg brevet som PDF, eller skriv dets fingeraftryk."))
        return cleaned


def _is_pdf(file: UploadedFile) -> bool:
    """It says so at its beginning, perhaps after some bytes of a mail program's."""
    file.seek(0)
    return b"%PDF-" in file.read(1024)
