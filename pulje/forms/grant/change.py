"""A change of what a grant is for, asked for by the grantee and answered by the case worker."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pulje.actions.grant.change import NewLine
from pulje.enums import LineKind
from pulje.forms.amounts import AmountField
from pulje.forms.case import CaseForm, words
from pulje.forms.fields import PlainField, area_field, day_field
from pulje.models import Application, BudgetLine

EXTRA_ROWS = 2


class ChangeForm(forms.Form):
    """Filled in with what stands now: only what differs is asked for."""

    reason = area_field(
        _("Hvad skal ændres, og hvorfor?"), 5_000, _("Skriv, hvad der skal ændres, og hvorfor.")
    )
    starts_on = day_field(_("Begynder"), "")
    ends_on = day_field(_("Slutter"), "")
    purpose = area_field(_("Hvad skal pengene bruges til?"), 10_000)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, case: Application, lines: Sequence[BudgetLine]) -> None:
        super().__init__(
            data,
            initial={
                "starts_on": case.starts_on,
                "ends_on": case.ends_on,
                "purpose": case.description,
            },
        )
        self.case, self.budget = case, list(lines)
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False
        for index, line in enumerate(self.budget):
            self.fields[f"line_{index}"] = _amount(line.kind, line.amount_kr)
        for index in range(EXTRA_ROWS):
            self.fields[f"more_text_{index}"] = PlainField(
                max_length=200, required=False, widget=forms.TextInput({"class": "form-input"})
            )
            self.fields[f"more_amount_{index}"] = _amount(LineKind.EXPENSE, None)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for index in range(EXTRA_ROWS):
            if data.get(f"more_amount_{index}") and not data.get(f"more_text_{index}"):
                self.add_error(f"more_text_{index}", _("Skriv, hvad beløbet er til."))
        return data

    def facts(self) -> dict[str, Any]:
        """What the action gets: the new values where they differ, else nothing."""
        data = self.cleaned_data
        facts = {"reason": data["reason"], "lines": self._new_lines()}
        for name in ("starts_on", "ends_on"):
            facts[name] = data[name] if data[name] != getattr(self.case, name) else None
        purpose = data["purpose"].replace("\r\n", "\n").strip()
        is_same = purpose == self.case.description.replace("\r\n", "\n").strip()
        return facts | {"purpose": "" if is_same else purpose}

    def _new_lines(self) -> list[NewLine]:
        """The whole new budget; an emptied row is taken out; nothing when it is as it was."""
        kept = [(line, self.cleaned_data.get(f"line_{i}")) for i, line in enumerate(self.budget)]
        lines = [
            NewLine(line.kind, line.text, amount, line.category, line.funding_status)
            for line, amount in kept
            if amount
        ]
        more = [
            NewLine(LineKind.EXPENSE, text, amount)
            for i in range(EXTRA_ROWS)
            if (text := self.cleaned_data.get(f"more_text_{i}"))
            if (amount := self.cleaned_data.get(f"more_amount_{i}"))
        ]
        is_same = not more and all(amount == line.amount_kr for line, amount in kept)
        return [] if is_same else lines + more

    def rows(self) -> list[tuple[BudgetLine, BoundField]]:
        """The lines of the budget with the field of each."""
        return [(line, self[f"line_{index}"]) for index, line in enumerate(self.budget)]

    def more_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Empty rows for expenses that are new."""
        return [(self[f"more_text_{i}"], self[f"more_amount_{i}"]) for i in range(EXTRA_ROWS)]


def _amount(kind: str, amount: Decimal | None) -> AmountField:
    field = AmountField(required=False, initial=amount)
    field.widget.attrs["data-sum"] = "ud" if kind == LineKind.EXPENSE else "ind"
    return field


class AnswerChangeForm(CaseForm):
    """The case worker's yes or no."""

    is_approved = forms.TypedChoiceField(
        label=_("Svar"),
        choices=[("yes", _("Godkend ændringen")), ("no", _("Sig nej"))],
        widget=forms.RadioSelect,
        coerce=lambda said: said == "yes",
        error_messages={"required": _("Vælg, om ændringen godkendes.")},
    )
    answer = words(_("Skriv til ansøger. Ved et nej: hvorfor"))
    field_order = ("is_approved", "answer")

    def facts(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_order}
