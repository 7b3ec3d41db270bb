"""What a second reader ticks."""

from django import forms

from letters.models import Letter


class ApproveForm(forms.Form):
    """The refusals somebody has read; only letters that wait for a reader can be ticked."""

    letters = forms.ModelMultipleChoiceField(
        queryset=Letter.objects.none(),
        label="Breve, der er læst",
        error_messages={
            "required": "Sæt kryds ved de breve, du har læst.",
            "invalid_choice": "Et af brevene venter ikke længere. Genindlæs siden.",
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["letters"].queryset = Letter.objects.awaiting_reader()  # type: ignore[attr-defined]
