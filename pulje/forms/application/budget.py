"""The applicant's budget: three lists of rows, typed as text and amount.

``Budget(data)`` as typed, ``Budget(lines=…)`` as saved. ``calm``: half a row is no error yet.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from pulje.actions.application.application import Line
from pulje.enums import ExpenseCategory, FundingStatus, LineKind
from pulje.forms.amounts import AmountField
from pulje.forms.fields import TOO_LONG, PlainField, forgive_missing
from pulje.models import BudgetLine
from pulje.queries.application.budget import posts
from pulje.rules.budget import asked, expense, income
from pulje.templatetags.words import kr_text

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

    def __init__(self, *args: Any, calm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calm = calm
        self.fields["text"].widget.attrs.pop("maxlength", None)  # it would cut pasted text

    def clean_amount_kr(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount_kr"]
        if not amount:
            raise forms.ValidationError(_("Beløbet skal være større end 0."))
        return amount

    def clean(self) -> dict[str, Any]:
        if self.calm:
            forgive_missing(self)
        return self.cleaned_data

    @property
    def is_whole(self) -> bool:
        data = self.cleaned_data if self.is_valid() else {}
        return bool(data.get("text") and data.get("amount_kr"))


class ExpenseRowForm(RowForm):
    """An expense, and its type where the pool has rules about types."""

    category = forms.ChoiceField(
        choices=[("", _("Vælg udgiftstype")), *ExpenseCategory.choices],
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )


class FundingRowForm(RowForm):
    """Money from others, and how far it is."""

    funding_status = forms.ChoiceField(
        choices=FundingStatus.choices,
        required=False,
        widget=forms.Select({"class": "form-select", "data-status": ""}),
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

    @property
    def is_full(self) -> bool:
        return self.total_form_count() >= MOST_ROWS

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["amount_kr"].widget.attrs["data-sum"] = self.sum

    def lines(self) -> list[Line]:
        """The rows that are whole, as typed or as saved."""
        kind = LineKind(self.prefix)
        if not self.is_bound:
            return [Line(kind=kind, **row) for row in self.initial or ()]
        self.is_valid()
        return [Line(kind=kind, **form.cleaned_data) for form in self.forms if form.is_whole]

    @property
    def total_kr(self) -> Decimal:
        """The sum of what can be read so far; money that was refused is not counted."""
        found = posts(self.lines())
        return expense(found) + income(found)


class Budget:
    """The three lists as one."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        lines: Iterable[BudgetLine] = (),
        *,
        with_categories: bool = False,
        calm: bool = False,
    ) -> None:
        saved = list(lines)
        self.has_categories = with_categories
        forms = {kind: RowForm for kind in LineKind} | {LineKind.OTHER_FUNDING: FundingRowForm}
        if with_categories:
            forms[LineKind.EXPENSE] = ExpenseRowForm
        self.parts = {
            kind: _rows(kind, form, data, [line for line in saved if line.kind == kind], calm)
            for kind, form in forms.items()
        }

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
        return asked(posts(self.lines()))

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts.values()])

    def lines(self) -> list[Line]:
        """The whole rows, ready to be saved."""
        return [line for part in self.parts.values() for line in part.lines()]


def in_words(lines: Iterable[Line | BudgetLine]) -> list[str]:
    """The lines as people read them: "Udgift: Saft – 100 kr. (forplejning)"."""
    return [_line_in_words(line) for line in lines]


def _line_in_words(line: Line | BudgetLine) -> str:
    more = [
        str(ExpenseCategory(line.category).label) if line.category else "",
        str(FundingStatus(line.funding_status).label) if line.funding_status else "",
    ]
    said = ", ".join(filter(None, more)).lower()
    text = f"{LineKind(line.kind).label}: {line.text} – {kr_text(line.amount_kr)}"
    return f"{text} ({said})" if said else text


def with_row(data: Any, kind: str) -> Any:
    """The typed data with one more empty row in the list of that kind."""
    mended = data.copy()
    total = _total(data, kind)
    if kind in LineKind and total < MOST_ROWS:
        mended[f"{kind}-TOTAL_FORMS"] = str(total + 1)
    return mended


def without_row(data: Any, row: str) -> Any:
    """The typed data without one row, e.g. ``EXPENSE-2``; those below it move up."""
    kind, _dash, number = row.rpartition("-")
    mended, total = data.copy(), _total(data, kind)
    if kind not in LineKind or not number.isdecimal() or int(number) >= total:
        return mended
    for index in range(int(number), total):
        for name in ("text", "amount_kr", "category", "funding_status"):
            mended[f"{kind}-{index}-{name}"] = data.get(f"{kind}-{index + 1}-{name}", "")
    mended[f"{kind}-TOTAL_FORMS"] = str(max(total - 1, 1))
    return mended


def _total(data: Any, kind: str) -> int:
    total = data.get(f"{kind}-TOTAL_FORMS", "")
    return min(int(total), MOST_ROWS) if total.isdecimal() and len(total) < 5 else 0


def _rows(
    kind: LineKind,
    form: type[RowForm],
    data: Mapping[str, Any] | None,
    saved: list[BudgetLine],
    calm: bool,
) -> RowsFormSet:
    extra = max(1, EMPTY_ROWS[kind] - len(saved))
    made = formset_factory(
        form, RowsFormSet, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    factory = cast(type[RowsFormSet], made)
    if data is not None:
        return factory(data, prefix=kind.value, form_kwargs={"calm": calm})
    rows = [{name: getattr(line, name) for name in form.base_fields} for line in saved]
    return factory(initial=rows, prefix=kind.value)
