"""What a member writes about a case of the agenda: a note of their own, and a question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.enums import Mark
from pulje.forms.case import CaseForm, words
from pulje.forms.fields import TOO_LONG, FreeText, PlainField
from pulje.models import MemberNote

LONGEST_NOTE = 20_000
NO_MARK = "NONE"  # a radio is not shown without a value


class MemberNoteForm(forms.Form):
    """Saved as one writes; ``base`` is the version one writes on."""

    use_required_attribute = False

    mark = forms.ChoiceField(
        label=_("Mit mærke"),
        choices=[(NO_MARK, Mark.NONE.label), *((m.value, m.label) for m in Mark if m.value)],
        required=False,
        widget=forms.RadioSelect,
    )
    text = PlainField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=FreeText({"rows": 4, "data-most": LONGEST_NOTE}),
        error_messages={"max_length": TOO_LONG},
        help_text=_("Kun du kan se den."),
    )
    base = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput({"id": "base"}))

    @classmethod
    def of(cls, note: MemberNote, base: str) -> "MemberNoteForm":
        return cls(initial={"mark": note.mark or NO_MARK, "text": note.text, "base": base})

    def clean_mark(self) -> str:
        mark: str = self.cleaned_data["mark"]
        return "" if mark == NO_MARK else mark


class MemberQuestionForm(forms.Form):
    """A question to the administration."""

    use_required_attribute = False

    question = words(
        _("Dit spørgsmål"),
        _("Skriv dit spørgsmål."),
        help_text=_("Alle i udvalget kan se spørgsmålet og svaret."),
    )


class MemberAnswerForm(CaseForm):
    """The administration's answer."""

    text = words(
        _("Svar"), _("Skriv et svar til udvalget."), help_text=_("Alle i udvalget kan se svaret.")
    )
