"""What is typed at and around a meeting."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.models import Application
from pulje.queries.committee import AgendaRow
from pulje.templatetags.words import kr_text

FOLLOW, OTHER, REJECT, POSTPONE = "1", "2", "3", "4"


class AgendaForm(forms.Form):
    """Which recommended cases go on the agenda."""

    med = forms.ModelMultipleChoiceField(
        queryset=Application.objects.none(),
        error_messages={
            "required": _("Vælg mindst én sag."),
            "invalid_choice": _("En af sagerne er ikke længere klar til mødet. Vælg igen."),
        },
    )

    def __init__(self, data: Any = None, *, ready: Sequence[Application]) -> None:
        super().__init__(data)
        self.ready = ready
        pks = [case.pk for case in ready]
        self.fields["med"].queryset = Application.objects.filter(pk__in=pks).order_by("pk")

    def chosen(self) -> list[Application]:
        """The chosen cases in the order they were shown."""
        picked = {case.pk for case in self.cleaned_data["med"]}
        return [case for case in self.ready if case.pk in picked]


class RulingForm(forms.Form):
    """The committee's decision on one case: as recommended, another amount, a refusal, or later."""

    use_required_attribute = False  # which fields must be filled depends on the choice

    besl = forms.ChoiceField(
        label=_("Udvalgets beslutning"), widget=forms.RadioSelect, initial=FOLLOW
    )
    amount_kr = AmountField(label=_("Andet beløb"))
    reasons = words(
        _("Udvalgets begrundelse"),
        _("Skriv udvalgets begrundelse."),
        help_text=_("Skal med, når indstillingen ikke følges. Den kommer i brevet."),
    )

    def __init__(self, data: Any = None, *, row: AgendaRow) -> None:
        super().__init__(data)
        self.row = row
        self.fields["besl"].choices = [
            (FOLLOW, _("Følg indstillingen – %s") % kr_text(row.proposed_kr)),
            (OTHER, _("Giv et andet beløb")),
            (REJECT, _("Giv afslag")),
            (POSTPONE, _("Udsæt sagen")),
        ]
        choice = self.data.get("besl", "") if self.is_bound else OTHER
        self.fields["amount_kr"].required = choice == OTHER
        self.fields["reasons"].required = choice in (OTHER, REJECT)

    @property
    def is_postponed(self) -> bool:
        return self.cleaned_data["besl"] == POSTPONE

    def facts(self) -> Mapping[str, Any]:
        """Amount and reasons for ``decide``; following the recommendation needs no words."""
        choice = self.cleaned_data["besl"]
        amounts = {OTHER: self.cleaned_data["amount_kr"], REJECT: Decimal(0)}
        amount_kr = amounts.get(choice, self.row.proposed_kr)
        return {"amount_kr": amount_kr, "reasons": self.cleaned_data["reasons"].strip()}
