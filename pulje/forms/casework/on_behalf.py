"""What a case worker keys in for an applicant who cannot log in: who said it, how it came, when."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from pulje.actions.on_behalf import OnBehalf
from pulje.enums import AttachmentKind, CameBy
from pulje.forms.application.uploads import FILE_HINT
from pulje.forms.attachment import Upload, UploadsField
from pulje.forms.case import CaseForm, words
from pulje.forms.fields import day_field, text_field
from pulje.models import Application

OWN_WORDS = "Ansøgerens egne ord, eller en scanning herunder."
AGAIN = "Vælg filerne igen: de er ikke gemt endnu."


class KeyedForm(CaseForm):
    """Who, how, when and the scanned papers; ``facts`` is what the verb's action gets besides."""

    who: ClassVar[str]  # asks for the name
    what: ClassVar[str] = "svaret"  # that came

    of = text_field(
        "",
        200,
        "Skriv navnet på den, det kom fra.",
        help_text="Er det en anden end ansøgeren, skal du have set en fuldmagt (§ 8).",
    )
    came_by = forms.ChoiceField(choices=CameBy.choices, widget=forms.RadioSelect)
    came_on = day_field("Modtaget den", "Skriv, hvilken dag det kom.")
    files = UploadsField(AttachmentKind.OTHER, label="Scannede papirer", help_text=FILE_HINT)
    field_order = ("of", "came_by", "came_on")

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        begins = {"of": case.applicant.name, "came_on": timezone.localdate()}
        initial = begins | kwargs.pop("initial", {})
        super().__init__(data, case=case, initial=initial, **kwargs)
        self.fields["of"].label = self.who
        came_by = self.fields["came_by"]
        came_by.label = f"Hvordan kom {self.what}?"
        came_by.error_messages["required"] = f"Vælg, hvordan {self.what} kom."

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

    who = "Hvem har svaret?"
    answer = words("Svaret", rows=6, help_text=OWN_WORDS)
    field_order = ("answer", "files", "of", "came_by", "came_on")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("answer") and not said.get("files") and not self.has_error("files"):
            self.add_error("answer", f"Skriv {self.what}, eller vælg en fil.")
        return said

    def facts(self) -> Mapping[str, Any]:
        names = ", ".join(file.name for file in self.uploads())
        attached = f"{self.what.capitalize()} er vedlagt: {names}."
        return {"answer": self.cleaned_data["answer"] or attached}


class RemarksKeyedForm(AnswerKeyedForm):
    who = "Hvem har bemærkningerne?"
    what = "bemærkningerne"
    answer = words("Bemærkningerne", rows=6, help_text=OWN_WORDS)


class AcceptKeyedForm(KeyedForm):
    """A yes to the award that stands on the page."""

    who = "Hvem har sagt ja?"
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        decision = case.decisions.filter(is_current=True).first()
        initial = {"shown": decision.pk if decision else None}
        super().__init__(data, case=case, initial=initial, **kwargs)

    def facts(self) -> Mapping[str, Any]:
        return {"shown": self.cleaned_data["shown"]}


class DeclineKeyedForm(KeyedForm):
    who = "Hvem har sagt nej?"
    reason = text_field("Hvorfor?", 300, help_text="Ansøgeren behøver ikke sige det.")
    field_order = ("reason", "of", "came_by", "came_on")

    def facts(self) -> Mapping[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class ReportKeyedForm(KeyedForm):
    who = "Hvem har skrevet rapporten?"
    what = "rapporten"


class WithdrawKeyedForm(KeyedForm):
    who = "Hvem trækker ansøgningen?"
    what = "beskeden"


class ChangeKeyedForm(KeyedForm):
    who = "Hvem vil ændre projektet?"
    what = "ønsket"


class PapersKeyedForm(KeyedForm):
    """The papers of a control, or what was said instead of them."""

    who = "Hvem har sendt bilagene?"
    what = "bilagene"
    text = words("Hvad skrev ansøgeren om dem?", rows=3)
    field_order = ("files", "text", "of", "came_by", "came_on")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["files"].label = "Bilagene, scannet"

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("text") and not said.get("files") and not self.has_error("files"):
            self.add_error("files", "Vælg bilagene, eller skriv, hvad ansøgeren svarede.")
        return said

    def facts(self) -> Mapping[str, Any]:
        return {"text": self.cleaned_data["text"]}
