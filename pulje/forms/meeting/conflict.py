"""What is typed about who is disqualified at a meeting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.case import PersonField, words
from pulje.forms.fields import text_field
from pulje.models import AgendaItem, Application, User
from pulje.queries.meeting.conflict import ConflictRow

LONGEST = 300
SAID = _("Skriv kort hvorfor.")


class ConflictForm(forms.Form):
    """A member's own disqualification, or doubt, in one or more cases of the meeting."""

    sag = forms.MultipleChoiceField(
        label=_("Hvilke sager gælder det?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Vælg mindst én sag."),
            "invalid_choice": _("En af sagerne er ændret. Vælg igen."),
        },
    )
    reason = words(
        _("Hvorfor?"),
        SAID,
        rows=2,
        help_text=_("Kort. Begrundelsen føres til protokol."),
    )

    def __init__(self, data: Any = None, *, rows: Sequence[ConflictRow], chosen: str = "") -> None:
        super().__init__(data, initial={"sag": [chosen] if chosen else []})
        self.free = {str(row.item.application_id): row for row in rows if not row.is_out}
        self.fields["sag"].choices = [(key, row.item.position) for key, row in self.free.items()]

    def clean_reason(self) -> str:
        return str(self.cleaned_data["reason"])[:LONGEST]

    def cases(self) -> list[Application]:
        chosen = set(self.cleaned_data["sag"])
        return [row.item.application for key, row in self.free.items() if key in chosen]

    def ticks(self) -> list[tuple[ConflictRow, bool]]:
        """Each case with whether it is ticked; those the register tells of come first."""
        ticked = {str(value) for value in self["sag"].value() or ()}
        rows = sorted(self.free.items(), key=lambda pair: not pair[1].ties)
        return [(row, key in ticked) for key, row in rows]


class RaiseForm(forms.Form):
    """Somebody asks whether a member is disqualified in a case."""

    use_required_attribute = False

    person = PersonField(
        queryset=User.objects.none(),
        label=_("Hvem gælder det?"),
        empty_label=_("Vælg en person"),
        error_messages={"required": _("Vælg en person.")},
    )
    sag = forms.ChoiceField(
        label=_("Hvilken sag?"),
        error_messages={
            "required": _("Vælg en sag."),
            "invalid_choice": _("Sagen er ikke på dagsordenen. Vælg igen."),
        },
    )
    reason = text_field(
        _("Hvorfor?"), LONGEST, SAID, help_text=_("Kort. Begrundelsen føres til protokol.")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[User],
        items: Sequence[AgendaItem],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        keys = [person.pk for person in people]
        self.fields["person"].queryset = User.objects.filter(pk__in=keys).order_by("name", "pk")
        self.cases = {str(item.application_id): item.application for item in items}
        self.fields["sag"].choices = [
            ("", _("Vælg en sag")),
            *(
                (str(i.application_id), f"{i.position} {i.application.applicant.name}")
                for i in items
            ),
        ]


class SettleForm(forms.Form):
    """The committee's answer."""

    use_required_attribute = False

    svar = forms.ChoiceField(
        label=_("Udvalgets beslutning"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg udvalgets beslutning.")},
    )
    reason = text_field(_("Udvalgets begrundelse"), LONGEST, help_text=_("Føres til protokol."))

    def __init__(self, data: Any = None, *, name: str) -> None:
        super().__init__(data)
        self.fields["svar"].choices = [
            ("ja", _("%s er inhabil i sagen") % name),
            ("nej", _("%s er ikke inhabil, og sagen åbnes igen") % name),
        ]

    @property
    def is_disqualified(self) -> bool:
        return bool(self.cleaned_data["svar"] == "ja")
