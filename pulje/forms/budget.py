"""The applicant's budget: three lists of rows, typed as text and amount."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from pulje.actions.application import Line
from pulje.enums import FundingStatus, LineKind
from pulje.forms.amounts import AmountField
from pulje.forms.fields import TOO_LONG, PlainField
from pulje.models import BudgetLine

EMPTY_ROWS = {LineKind.EXPENSE: 3, LineKind.OWN_FUNDING: 1, LineKind.OTHER_FUNDING: 1}
MOST_ROWS = 60


class RowForm(forms.Form):
    """One row. An empty row is no row; half a row is an error that says which half is missing."""

    text = PlainField(
        max_length=200,
        widget=forms.TextInput({"class": "form-input"}),
        error_messages={"required": _("Skriv, hvad beløbet er til."), "max_length": TOO_LONG},
    )
    amount_kr = AmountField()

    def clean_amount_kr(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount_kr"]
        if not amount:
            raise forms.ValidationError(_("Beløbet skal være større end 0."))
        return amount


class FundingRowForm(RowForm):
    """Money from others, and how far it is."""

    funding_status = forms.ChoiceField(
        choices=FundingStatus.choices,
        required=False,
        widget=forms.Select({"class": "form-select mt-2"}),
    )


class RowsFormSet(BaseFormSet):
    """Rows of which any may be empty, also one that had something in it before."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        forgiving = {"empty_permitted": True, "use_required_attribute": False}
        return super().get_form_kwargs(index) | forgiving

    @property
    def sum(self) -> str:
        """Which live sum of pulje.js the amounts add to: money out or in."""
        return "ud" if self.prefix == LineKind.EXPENSE else "ind"

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["amount_kr"].widget.attrs["data-sum"] = self.sum

    @property
    def total_kr(self) -> Decimal:
        """The sum of what can be read so far."""
        if not self.is_bound:
            return sum((row["amount_kr"] for row in self.initial or ()), Decimal(0))
        self.is_valid()
        found = (getattr(form, "cleaned_data", {}).get("amount_kr") for form in self.forms)
        return sum(filter(None, found), Decimal(0))

    def rows(self) -> list[dict[str, Any]]:
        """The rows that are whole."""
        return [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]


class Budget:
    """The three lists as one: ``Budget(data)`` as typed, ``Budget(lines=…)`` as saved."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, lines: Iterable[BudgetLine] = ()
    ) -> None:
        saved = list(lines)
        self.parts = {kind: _rows(kind, data, saved) for kind in LineKind}

    @property
    def expense(self) -> RowsFormSet:
        return self.parts[LineKind.EXPENSE]

    @property
    def own(self) -> RowsFormSet:
        return self.parts[LineKind.OWN_FUNDING]

    @property
    def other(self) -> RowsFormSet:
        return self.parts[LineKind.OTHER_FUNDING]

    @property
    def income_kr(self) -> Decimal:
        return self.own.total_kr + self.other.total_kr

    @property
    def asked_kr(self) -> Decimal:
        """What is applied for: the expenses that nobody else pays."""
        return max(self.expense.total_kr - self.income_kr, Decimal(0))

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts.values()])

    def lines(self) -> list[Line]:
        """The whole rows, ready to be saved."""
        return [Line(kind=kind, **row) for kind, part in self.parts.items() for row in part.rows()]


def without_row(data: Any, row: str) -> Any:
    """The typed data with one row emptied; ``row`` is the row's prefix, e.g. ``EXPENSE-2``."""
    mended = data.copy()
    for name in ("text", "amount_kr", "funding_status"):
        mended[f"{row}-{name}"] = ""
    return mended


def _rows(kind: LineKind, data: Mapping[str, Any] | None, saved: list[BudgetLine]) -> RowsFormSet:
    form = FundingRowForm if kind == LineKind.OTHER_FUNDING else RowForm
    made = formset_factory(
        form, RowsFormSet, extra=EMPTY_ROWS[kind], max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    factory = cast(type[RowsFormSet], made)
    if data is not None:
        return factory(data, prefix=kind.value)
    rows = [
        {"text": line.text, "amount_kr": line.amount_kr, "funding_status": line.funding_status}
        for line in saved
        if line.kind == kind
    ]
    return factory(initial=rows, prefix=kind.value)
