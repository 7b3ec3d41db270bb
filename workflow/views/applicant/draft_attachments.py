"""Step 4: the attachments. Every good file is kept, also when the one beside it is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application.application import save_draft
from pulje.actions.application.attachment import is_received, remove_attachment
from pulje.actions.document import LARGEST_CASE_BYTES
from pulje.errors import PuljeError
from pulje.forms.application.uploads import AttachmentsForm, ReplacementForm
from pulje.models import Application, Attachment, User
from pulje.queries.application.attachments import slots_of
from workflow.views.applicant.cases import own_case_or_404, store, tell_of_same
from workflow.views.applicant.draft import OPEN, StepPage, opened_parts, show
from workflow.views.person import PersonRequest

NOTES = "attachment_notes"


class AttachmentsPage(StepPage):
    name: ClassVar[str] = "attachments"
    template: ClassVar[str] = "workflow/applicant/draft/attachments.html"
    parts: ClassVar[frozenset[str]] = frozenset({"attachments"})

    def build(self) -> None:
        self.slots = slots_of(self.case)
        notes = self.case.attachment_notes
        self.form = AttachmentsForm(self.data, self.files, slots=self.slots, notes=notes)
        self.stays = self.data is not None and "laegop" in self.data

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {
            slot.note_key: application.attachment_notes.get(slot.note_key, "")
            for slot in self.slots
            if slot.note_key
        }

    def typed(self) -> Mapping[str, Any]:
        return self.form.notes()

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None:
        notes = {key: note for key, note in (application.attachment_notes | values).items() if note}
        save_draft(application, by=by, at=at, fields={NOTES: notes})

    def after(self, *, by: User, at: datetime) -> None:
        with transaction.atomic():
            same = store(self.case, self.form.uploads(), by=by, at=at)
        tell_of_same(self.request, same)

    def label(self, name: str) -> str:
        return next((slot.label for slot in self.slots if slot.note_key == name), name)

    def context(self) -> dict[str, Any]:
        slots = slots_of(self.case)  # with what has just come
        filled = sum(file.size for slot in slots for file in slot.files)
        return {
            "slots": [
                {
                    "slot": slot,
                    "field": self.form[slot.name],
                    "note": self._note(slot.name) if not slot.files else None,
                    "files": [(file, self._may_go(file)) for file in slot.files],
                }
                for slot in slots
            ],
            "filled": filled,
            "room": LARGEST_CASE_BYTES,
            "is_scanned": bool(settings.CLAMD_URL),
        }

    def _note(self, name: str) -> Any:
        name = f"note_{name}"
        return self.form[name] if name in self.form.fields else None

    def _may_go(self, file: Attachment) -> bool:
        file.application = self.case
        return not self.is_locked and not is_received(file)


def attachments(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, AttachmentsPage)


def remove(request: PersonRequest, pk: int, attachment: int) -> HttpResponse:
    """Ask before a file is removed, or take another in its place."""
    case = own_case_or_404(request, pk)
    found = case.attachments.filter(pk=attachment).first()
    opened = opened_parts(case) if case.state in OPEN else frozenset()
    if found is None or (opened is not None and "attachments" not in opened):
        return redirect("applicant:draft_attachments", case.pk)  # gone already, or sent
    found.application = case
    data = request.POST if request.method == "POST" else None
    form = ReplacementForm(data, request.FILES if data is not None else None, slot=found)
    if data is not None:
        sentence = _replace_or_remove(request, found, form)
        if sentence:
            messages.success(request, sentence)
            return redirect("applicant:draft_attachments", case.pk)
    return render(
        request,
        "workflow/applicant/remove_attachment.html",
        {"case": case, "file": found, "form": form},
    )


def _replace_or_remove(request: PersonRequest, file: Attachment, form: ReplacementForm) -> str:
    """What was done, in a sentence; empty when it was refused, with the reason on the form."""
    now, is_good = timezone.now(), form.is_valid()
    if "erstat" in request.POST and not is_good:
        return ""
    if "erstat" in request.POST and not form.uploads():
        form.add_error("file", _("Vælg den fil, der skal stå i stedet."))
        return ""
    try:
        with transaction.atomic():
            remove_attachment(file, by=request.user, at=now)
            if "erstat" in request.POST:
                same = store(file.application, form.uploads(), by=request.user, at=now)
                tell_of_same(request, same)
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
        return ""
    said = _("”%s” er erstattet.") if "erstat" in request.POST else _("”%s” er fjernet.")
    return said % file.name
