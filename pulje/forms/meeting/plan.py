"""When and where a committee meets."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.forms.fields import NO_DATE, DayField, MomentField, text_field
from pulje.models import Committee

PAST = _("Dagen er gået. Er årstallet rigtigt?")


class ChangeForm(forms.Form):
    """Time, place and last day of the agenda; left empty they are the committee's usual."""

    use_required_attribute = False

    held_at = MomentField(
        label=_("Hvornår"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Vælg dag og klokkeslæt."),
            "invalid": _("Skriv dag og klokkeslæt, fx 14.01.2027 16:30."),
        },
    )
    place = text_field(_("Hvor"), 200, help_text=_("Står der intet, er det udvalgets faste sted."))
    agenda_due_on = DayField(
        label=_("Dagsordenen låses"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NO_DATE},
        help_text=_("Står der intet, er det så mange dage før mødet, som udvalget plejer."),
    )
    confirm = forms.BooleanField(
        label=_("Ja, ret mødet. Jeg siger det selv til medlemmerne"), required=False
    )

    def __init__(self, data: Any = None, *, is_sent: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not is_sent:
            del self.fields["confirm"]

    def clean_held_at(self) -> datetime:
        held_at: datetime = self.cleaned_data["held_at"]
        if "held_at" in self.changed_data and timezone.localdate(held_at) < timezone.localdate():
            raise forms.ValidationError(PAST)
        return held_at

    def clean_agenda_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["agenda_due_on"]
        if due_on and "agenda_due_on" in self.changed_data and due_on < timezone.localdate():
            raise forms.ValidationError(PAST)
        return due_on

    def clean(self) -> dict[str, Any]:
        """Who has the agenda has the old time and place: somebody must tell them."""
        said = super().clean() or self.cleaned_data
        if said.pop("confirm", True) is False and self.is_moved:
            asked = _("Udvalget har fået dagsordenen. Sæt kryds, når mødet alligevel skal rettes.")
            self.add_error("confirm", asked)
        return said

    @property
    def is_moved(self) -> bool:
        """Another time or place than the members know."""
        return bool({"held_at", "place"} & set(self.changed_data))


class PlanForm(ChangeForm):
    """A new meeting in the calendar."""

    committee = forms.ModelChoiceField(
        queryset=Committee.objects.order_by("name"),
        label=_("Udvalg"),
        empty_label=_("Vælg et udvalg"),
        error_messages={"required": _("Vælg et udvalg.")},
    )
    field_order = ("committee",)
