"""Step 2 of the application: the idea, its time, the pool's own questions, and who it is done with.

A draft forgives what is missing; what a sent application lacks is told by completeness.py among
the queries of the application.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from pulje.forms.application.parts import DraftForm
from pulje.forms.fields import (
    NO_EMAIL,
    TOO_LONG,
    PlainField,
    area_field,
    day_field,
    number_field,
    offer,
    text_field,
)
from pulje.forms.questions import add_questions, field_name, forgive_hidden
from pulje.models import Application, Partner, Question

# kept in Danish, shown in the reader's language
TARGET_GROUPS = (N_("Børn og unge"), N_("Familier"), N_("Ældre"), N_("Nye borgere"), N_("Alle"))
TIMES = ("starts_on", "ends_on")
MOST_PARTNERS = 20


class IdeaForm(DraftForm):
    """Field names are the application's own; a question's is q_ and its key."""

    part: ClassVar[str] = "idea"
    part_of: ClassVar[Mapping[str, str]] = dict.fromkeys(TIMES, "dates")

    title = text_field(
        gettext_lazy("Hvad hedder projektet?"), 200, gettext_lazy("Giv projektet en titel.")
    )
    summary = area_field(
        gettext_lazy("Kort fortalt"),
        200,
        gettext_lazy("Fortæl kort, hvad projektet går ud på."),
    )
    description = area_field(
        gettext_lazy("Hvad vil I gøre?"), 10_000, gettext_lazy("Skriv, hvad der skal ske.")
    )
    target_group = forms.MultipleChoiceField(
        label=gettext_lazy("Hvem er det for?"),
        help_text=gettext_lazy("Vælg gerne flere."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(group, group) for group in TARGET_GROUPS],
    )
    area = text_field(
        gettext_lazy("Hvor foregår det mest?"),
        100,
        help_text=gettext_lazy("Fx en by eller hele kommunen."),
    )
    starts_on = day_field(gettext_lazy("Begynder"), gettext_lazy("Skriv, hvornår det begynder."))
    ends_on = day_field(gettext_lazy("Slutter"), gettext_lazy("Skriv, hvornår det slutter."))
    volunteers = number_field(gettext_lazy("Hvor mange frivillige er I?"))
    participants = number_field(gettext_lazy("Hvor mange deltager cirka?"))
    learning = area_field(gettext_lazy("Er der noget nyt, der skal prøves af?"), 2_000)
    supplements_paid_work = forms.BooleanField(
        label=gettext_lazy("De frivillige supplerer de ansatte og erstatter ikke lønnet arbejde")
    )

    def __init__(
        self,
        data: Any,
        *,
        application: Application,
        questions: Sequence[Question],
        opened: frozenset[str] | None = None,
    ) -> None:
        super().__init__(data, application=application, opened=opened)
        chosen = [word for word in application.target_group.split(", ") if word]
        self.initial["target_group"] = chosen
        groups = dict.fromkeys([*TARGET_GROUPS, *chosen])
        offer(self, "target_group", [(group, _(group)) for group in groups])
        add_questions(self, questions, application.answers)
        self.lock([field_name(question.key) for question in questions])
        self._speak_to(one=application.applicant.is_one_person)

    def _speak_to(self, *, one: bool) -> None:
        who = _("hvis du får støtte") if one else _("hvis I får støtte")
        self.fields["summary"].help_text = (
            _("Højst 200 tegn. Teksten bliver vist på hjemmesiden, %s.") % who
        )
        if one:
            self.fields["description"].label = _("Hvad vil du gøre?")
            self.fields["volunteers"].label = _("Hvor mange frivillige er med?")

    def clean(self) -> dict[str, Any]:
        super().clean()
        forgive_hidden(self)
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Projektet slutter, før det begynder. Ret datoerne."))
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        said = super().said()
        if "target_group" in said:
            said["target_group"] = ", ".join(said["target_group"])
        return said


class PartnerForm(forms.Form):
    """Somebody it is done with; an empty row is nobody."""

    name = PlainField(
        label=gettext_lazy("Hvem"),
        max_length=200,
        error_messages={
            "max_length": TOO_LONG,
            "required": gettext_lazy("Skriv, hvem der er med."),
        },
    )
    contribution = PlainField(
        label=gettext_lazy("Hvad bidrager de med?"),
        max_length=300,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    is_municipal = forms.BooleanField(
        label=gettext_lazy("Det er en kommunal institution, fx en skole eller et plejecenter"),
        required=False,
    )
    leader_name = PlainField(
        label=gettext_lazy("Lederens navn"),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    leader_email = forms.EmailField(
        label=gettext_lazy("Lederens e-mail"),
        required=False,
        help_text=gettext_lazy("Når ansøgningen sendes, beder vi lederen bekræfte med et link."),
        error_messages={"invalid": NO_EMAIL},
    )


class PartnersFormSet(BaseFormSet):
    """Rows of which any may be empty, also one that had something in it before."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        forgiving = {"empty_permitted": True, "use_required_attribute": False}
        return super().get_form_kwargs(index) | forgiving

    def rows(self) -> list[dict[str, Any]]:
        """The rows with somebody in them; ask when the set is valid."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


def partners_formset(data: Any, partners: Sequence[Partner]) -> PartnersFormSet:
    """The rows as typed, or as saved with one empty row after them."""
    factory = formset_factory(
        PartnerForm, PartnersFormSet, extra=1, max_num=MOST_PARTNERS, absolute_max=MOST_PARTNERS
    )
    if data is not None:
        return factory(data, prefix="partner")
    return factory(initial=[row_of(partner) for partner in partners], prefix="partner")


def row_of(partner: Partner) -> dict[str, Any]:
    """A saved partner as its row in the form."""
    return {name: getattr(partner, name) for name in PartnerForm.base_fields}
