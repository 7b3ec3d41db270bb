"""What a case worker types on a letter's own page."""

from collections.abc import Iterable
from typing import Any

from django import forms

from letters.actions.remake import LONGEST
from letters.models import Channel


class CorrectForm(forms.Form):
    """A paragraph before the signature; empty takes it out again."""

    words = forms.CharField(
        label="Det vil jeg tilføje",
        help_text="Et afsnit før underskriften. Begrundelsen selv rettes i afgørelsen.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"Skriv højst {LONGEST} tegn. Der er %(show_value)d."},
    )


class ChannelForm(forms.Form):
    """The ways that lead to this recipient."""

    channel = forms.ChoiceField(
        label="Send som",
        error_messages={
            "invalid_choice": "Brevet kan ikke sendes ad den vej.",
            "required": "Vælg, hvordan brevet skal sendes.",
        },
    )

    def __init__(self, *args: Any, ways: Iterable[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(ways)

    def offer(self, ways: Iterable[Channel]) -> None:
        """None is chosen beforehand: the list holds only other ways than the letter's own."""
        choices = [("", "Vælg"), *((way.value, way.label) for way in ways)]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]
