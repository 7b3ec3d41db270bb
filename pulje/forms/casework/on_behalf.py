"""What a case worker keys in for an applicant who cannot log in: who said it, how it came, when."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from pulje.actions.on_behalf import OnBehalf
from pulje.enums import AttachmentKind, CameBy
from pulje.forms.application.uploads import FILE_HINT
from pulje.forms.attachment import Upload, UploadsField
from pulje.forms.case import CaseForm, words
from pulje.forms.fields import day_field, text_field
from pulje.models import Application

AGAIN = "Vælg filerne igen: de er ikke gemt endnu."


class KeyedForm(CaseForm):
    """Who, how, when and the scanned papers; ``said`` is what the verb's action gets besides."""

    of = text_field(
        "Hvem har svaret?",
        200,
        "Skriv, hvem der har svaret.",
        help_text="Er det en anden end ansøgeren, skal du have set en fuldmagt (§ 8).",
    )
    came_by = forms.ChoiceField(
        label="Hvordan kom det?",
        choices=CameBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvordan svaret kom."},
    )
    came_on = day_field("Modtaget den", "Skriv, hvornår svaret kom.")
    files = UploadsField(AttachmentKind.OTHER, label="Scannede papirer", help_text=FILE_HINT)
    field_order = ("of", "came_by", "came_on")

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        begins = {"of": case.applicant.name, "came_on": timezone.localdate()}
        initial = begins | kwargs.pop("initial", {})
        super().__init__(data, case=case, initial=initial, **kwargs)

    def keyed(self) -> OnBehalf:
        said = self.cleaned_data
        return OnBehalf(said["of"], CameBy(said["came_by"]), said["came_on"])

    def uploads(self) -> list[Upload]:
        return list(self.cleaned_data["files"])

    def facts(self) -> Mapping[str, Any]:
        return {}

    def ask_for_files_again(self) -> None:
        """A browser forgets the files of a page that came back."""
        if self.files and not self.has_error("files"):
            self.add_error("files", AGAIN)


class AnswerKeyedForm(KeyedForm):
    """The applicant's words, or that they are in the papers."""

    answer = words("Svaret", rows=6, help_text="Ansøgerens egne ord, eller en scanning herunder.")
    field_order = ("answer", "files", "of", "came_by", "came_on")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("answer") and not said.get("files") and not self.has_error("files"):
            self.add_error("answer", "Skriv svaret, eller vælg en fil.")
        return said

    def facts(self) -> Mapping[str, Any]:
        names = ", ".join(file.name for file in self.uploads())
        return {"answer": self.cleaned_data["answer"] or f"Svaret er vedlagt: {names}."}


class AcceptKeyedForm(KeyedForm):
    """A yes to the award that stands on the page."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        decision = case.decisions.filter(is_current=True).first()
        initial = {"shown": decision.pk if decision else None}
        super().__init__(data, case=case, initial=initial, **kwargs)

    def facts(self) -> Mapping[str, Any]:
        return {"shown": self.cleaned_data["shown"]}


class DeclineKeyedForm(KeyedForm):
    reason = text_field("Hvorfor? (Ansøgeren behøver ikke sige det)", 300)

    def facts(self) -> Mapping[str, Any]:
        return {"reason": self.cleaned_data["reason"]}
