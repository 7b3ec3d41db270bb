"""Step 4 as a form: files for every place, and why a file that was asked for is not there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.actions.document import LARGEST_CASE_BYTES
from pulje.enums import AttachmentKind, AttachmentNote
from pulje.forms.attachment import Upload, UploadsField
from pulje.models import Attachment
from pulje.queries.application.attachments import Slot

NOTE = "note_"
FULL = _("”%(name)s” er der ikke plads til: Bilagene må tilsammen fylde 100 MB.")
FILE_HINT = _("PDF, Word, Excel, ODT eller billede (JPG, PNG). Højst 10 MB pr. fil.")


class AttachmentsForm(forms.Form):
    """A field of files for each slot, and a choice where one is asked for and none is there."""

    use_required_attribute = False

    def __init__(
        self, data: Any, files: Any, *, slots: Sequence[Slot], notes: dict[str, str]
    ) -> None:
        super().__init__(data, files)
        self.slots = slots
        for slot in slots:
            self.fields[slot.name] = UploadsField(
                slot.kind,
                slot.question,
                label=slot.label,
                help_text=FILE_HINT,
                required=slot.is_demanded,  # for the eye: a draft is saved without it
            )
            if slot.note_key and not slot.files:
                self.fields[NOTE + slot.name] = _note_field(notes.get(slot.note_key, ""))

    def clean(self) -> dict[str, Any]:
        room = LARGEST_CASE_BYTES - sum(file.size for slot in self.slots for file in slot.files)
        for slot in self.slots:
            field = self.fields[slot.name]
            for upload in list(field.kept):
                room -= len(upload.content)
                if room < 0:
                    field.kept.remove(upload)
                    self.add_error(slot.name, ValidationError(FULL, params={"name": upload.name}))
        return self.cleaned_data

    def uploads(self) -> list[Upload]:
        """All files that can be kept, also those chosen beside one that cannot."""
        return [upload for slot in self.slots for upload in self.fields[slot.name].kept]

    def notes(self) -> dict[str, str]:
        """What is said of the files that are not there, by the slots' ``note_key``."""
        said = {slot.note_key: NOTE + slot.name for slot in self.slots if slot.note_key}
        return {
            key: self.cleaned_data[name]
            for key, name in said.items()
            if name in self.data and name in self.cleaned_data
        }


class ReplacementForm(forms.Form):
    """One file in the place of another."""

    use_required_attribute = False

    def __init__(self, data: Any, files: Any, *, slot: Attachment) -> None:
        super().__init__(data, files)
        self.fields["file"] = UploadsField(
            AttachmentKind(slot.kind),
            slot.question,
            label=_("Ny fil"),
            help_text=FILE_HINT,
            required=True,
        )

    def uploads(self) -> list[Upload]:
        return list(self.fields["file"].kept)


class NoteField(forms.ChoiceField):
    """Why a file is not there; nothing said means that it will be."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if value else ""


def _note_field(initial: str) -> NoteField:
    choices = [("", _("Nej, den bliver vedlagt her")), *AttachmentNote.choices]
    return NoteField(label=_("Kommer filen på en anden måde?"), choices=choices, initial=initial)
