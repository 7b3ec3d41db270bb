"""When and where a committee meets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.fields import NO_DATE, DayField, MomentField, text_field
from pulje.models import Committee


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


class PlanForm(ChangeForm):
    """A new meeting in the calendar."""

    committee = forms.ModelChoiceField(
        queryset=Committee.objects.order_by("name"),
        label=_("Udvalg"),
        empty_label=_("Vælg et udvalg"),
        error_messages={"required": _("Vælg et udvalg.")},
    )
    field_order = ("committee",)
