"""What the chair writes when a case cannot wait for the committee."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from pulje.actions.meeting.urgent import LONGEST_REASON
from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.forms.fields import area_field
from pulje.templatetags.words import dato, kr_text

FOLLOW, OTHER, REJECT = "1", "2", "3"


class UrgentForm(forms.Form):
    """As recommended, another amount or a refusal, and why it could not wait."""

    use_required_attribute = False  # which fields must be filled depends on the choice

    besl = forms.ChoiceField(
        label="Afgørelse",
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad du afgør."},
    )
    amount_kr = AmountField(label="Andet beløb")
    reasons = words(
        "Begrundelse",
        "Skriv begrundelsen.",
        help_text="Skal med, når indstillingen ikke følges: mindst 10 bogstaver."
        " Den kommer i brevet.",
    )
    urgency = area_field(
        "Hvorfor kan sagen ikke vente?",
        LONGEST_REASON,
        "Skriv, hvorfor sagen ikke kan vente til udvalgets næste møde.",
    )

    def __init__(
        self, data: Any = None, *, proposed_kr: Decimal, next_on: datetime | None = None
    ) -> None:
        super().__init__(data)
        self.fields["urgency"].help_text = (
            f"Udvalgets næste møde er den {dato(next_on)}. Udvalget læser det dér."
            if next_on
            else "Der er ikke planlagt et møde i udvalget. Udvalget læser det på det næste."
        )
        self.proposed_kr = proposed_kr
        self.fields["besl"].choices = [
            (FOLLOW, f"Følg indstillingen – {kr_text(proposed_kr) if proposed_kr else 'afslag'}"),
            (OTHER, "Giv et andet beløb"),
            (REJECT, "Giv afslag"),
        ]
        choice = self.data.get("besl", "")
        self.fields["amount_kr"].required = choice == OTHER
        self.fields["reasons"].required = choice in (OTHER, REJECT)

    def facts(self) -> Mapping[str, Any]:
        """What the action takes; following the recommendation needs no words."""
        typed = self.cleaned_data
        amounts = {OTHER: typed["amount_kr"], REJECT: Decimal(0)}
        return {
            "amount_kr": amounts.get(typed["besl"], self.proposed_kr),
            "reasons": typed["reasons"].strip(),
            "urgency": typed["urgency"],
        }
