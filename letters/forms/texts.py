"""What is typed on the pages of the texts: a letter's text, its preview, the appeal guidance."""

import re
from typing import Any

from django import forms

from letters.facts.pronouns import words
from letters.previews import samples
from letters.texts.mistakes import problems
from pulje.forms.fields import TOO_LONG, FreeText, day_field, text_field
from pulje.rules.texts import says_nothing

LONGEST_NOTE, LONGEST_HEADING, LONGEST_BODY, LONGEST_ENGLISH = 200, 300, 15_000, 4_000
LONGEST_GUIDANCE = 6_000
GUIDANCE_WORDS = ("kontakt", *words(one=True))
FORM = "tekst"  # the id of the form that the preview's choices belong to


class PreviewForm(forms.Form):
    """On whom and what a letter is tried: a person or several, what was decided and by whom."""

    som = forms.ChoiceField(
        label="Brevet er til",
        choices=[("jer", "En forening (I)"), ("dig", "Én person (du)")],
        required=False,
    )
    udfald = forms.ChoiceField(
        label="Sagen endte med",
        choices=[
            (samples.GRANTED, "Bevilget"),
            (samples.PARTIAL, "Delvist bevilget"),
            (samples.REJECTED, "Afslag"),
        ],
        required=False,
    )
    af = forms.ChoiceField(
        label="Besluttet af",
        choices=[
            (samples.COMMITTEE, "Et udvalg"),
            (samples.DELEGATED, "Forvaltningen, delegeret"),
            (samples.URGENT, "Formanden, hasteafgørelse"),
        ],
        required=False,
    )
    engelsk = forms.BooleanField(label="Med side på engelsk", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM


class LinesField(forms.CharField):
    """A text with lines, as it was typed but for the line ends of the browser's choice."""

    widget = FreeText

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return "\n".join(line.rstrip() for line in str(text or "").splitlines())


class TextForm(forms.Form):
    """A version of a letter's text; what the letters' worker could not read is refused here."""

    heading = text_field("Overskrift", LONGEST_HEADING, "Skriv brevets overskrift.")
    body = LinesField(
        label="Tekst",
        max_length=LONGEST_BODY,
        error_messages={"required": "Skriv brevets tekst.", "max_length": TOO_LONG},
    )
    english = LinesField(
        label="Kort på engelsk",
        max_length=LONGEST_ENGLISH,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    note = text_field("Hvad er ændret?", LONGEST_NOTE)
    valid_from = day_field("Gælder fra", "Skriv den dag, teksten gælder fra.")
    valid_until = day_field("Gælder til og med", "")

    def __init__(self, *args: Any, kind: str, is_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["valid_until"].required = False
        if is_part:
            del self.fields["heading"]
        self.problems: list[str] = []

    def clean(self) -> dict[str, Any]:
        said = {"heading": ""} | self.cleaned_data
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "Teksten kan ikke udløbe, før den gælder.")
        if said.get("body") and "english" in said:
            words = {name: said[name] for name in ("heading", "body", "english")}
            self.problems = problems(self.kind, **words)
            told = set(self.errors)  # an empty field has said so itself
            found = [(self._field_of(sentence), sentence) for sentence in self.problems]
            for field, sentence in found:
                if field not in told:
                    self.add_error(field, sentence)
        return said

    def _field_of(self, sentence: str) -> str:
        """The field a sentence is about, by the word it begins with."""
        begins = {"Overskrift": "heading", "Den engelske": "english"}
        named = [name for word, name in begins.items() if sentence.startswith(word)]
        return next((name for name in named if name in self.fields), "body")


class EndForm(forms.Form):
    """The last day of a text in force."""

    valid_until = day_field("Gælder til og med", "Skriv tekstens sidste dag.")


class GuidanceForm(forms.Form):
    """An appeal guidance: plain paragraphs with {du} and {kontakt} in them."""

    text = LinesField(
        label="Klagevejledning",
        max_length=LONGEST_GUIDANCE,
        error_messages={"required": "Skriv klagevejledningen.", "max_length": TOO_LONG},
    )
    note = text_field("Hvad er ændret?", LONGEST_NOTE)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if says_nothing(text):
            raise forms.ValidationError("Skriv klagevejledningen.")
        unknown = sorted(set(re.findall(r"\{([^{}]*)\}", text)) - {*GUIDANCE_WORDS})
        if unknown:
            named = ", ".join("{" + word + "}" for word in unknown)
            raise forms.ValidationError(f"Vi kender ikke {named}. Brug et af felterne i listen.")
        return text


class ApproveGuidanceForm(forms.Form):
    """Which lawyer has read it; the action says when that is demanded."""

    legal_review = text_field("Hvem har godkendt den som jurist, og hvornår?", LONGEST_NOTE)
