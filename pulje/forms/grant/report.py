"""The report: what came of the money, and the accounts beside the budget."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pulje.actions.grant.report import AccountLine
from pulje.enums import AttachmentKind, LineKind, Went
from pulje.forms.amounts import AmountField
from pulje.forms.attachment import Upload, UploadsField
from pulje.forms.fields import area_field, forgive_missing, number_field
from pulje.models import Report, ReportLine

EXTRA_ROWS = 2
SAID = ("went", "story", "worked", "learned", "participants", "volunteers", "may_publish")
MOST_ROWS = 200
NOTHING = Decimal("0.00")


class ReportForm(forms.Form):
    """``lines`` are the rows that the accounts begin with."""

    went = forms.ChoiceField(
        label=_("Blev det, som I havde håbet?"),
        choices=Went.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    story = area_field(_("Fortæl kort, hvad der skete"), 10_000, _("Fortæl kort, hvad der skete."))
    worked = area_field(_("Hvad virkede?"), 10_000)
    participants = number_field(_("Hvor mange deltog?"))
    volunteers = number_field(_("Hvor mange frivillige?"))
    learned = area_field(
        _("Hvad har I lært, som andre kan bruge?"),
        10_000,
        help_text=_("Også det, der gik skævt. Det er ofte det mest nyttige."),
    )
    may_publish = forms.BooleanField(
        label=_("I må gerne dele historien og billederne på hjemmesiden"),
        help_text=_("Dem, man kan kende på billederne, har sagt ja til det."),
        required=False,
    )
    attachments = UploadsField(
        AttachmentKind.ACCOUNTS,
        label=_("Regnskab og kvitteringer"),
        help_text=_("Vi tager stikprøver, så gem kvitteringerne i fem år. Højst 10 MB pr. fil."),
    )
    pictures = UploadsField(
        AttachmentKind.PICTURE,
        label=_("Billeder"),
        help_text=_("JPG eller PNG. Højst 10 MB pr. fil."),
    )
    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        lines: Sequence[ReportLine],
        one: bool = False,
        report: Report | None = None,
        sending: bool = False,
        **kwargs: Any,
    ) -> None:
        if report is not None:
            kwargs["initial"] = {name: getattr(report, name) for name in SAID}
        super().__init__(*args, **kwargs)
        if one:
            self.fields["went"].label = _("Blev det, som du havde håbet?")
            self.fields["learned"].label = _("Hvad har du lært, som andre kan bruge?")
        self.sending, self.account = sending, list(lines)[: self._rows_on_page()]
        for index, line in enumerate(self.account):
            self.fields[f"actual_{index}"] = _actual(line)
        for index in range(EXTRA_ROWS):
            self.fields[f"more_text_{index}"] = forms.CharField(
                max_length=200, required=False, widget=forms.TextInput({"class": "form-input"})
            )
            self.fields[f"more_actual_{index}"] = _actual(ReportLine(kind=LineKind.EXPENSE))

    def _rows_on_page(self) -> int:
        """A page saved by itself still shows its new rows apart: they are not there twice."""
        shown = str(self.data.get("rows", ""))
        return int(shown) if shown.isdecimal() and len(shown) < 4 else MOST_ROWS

    def clean_pictures(self) -> list[Upload]:
        pictures: list[Upload] = self.cleaned_data["pictures"]
        if not all(picture.content_type.startswith("image/") for picture in pictures):
            raise forms.ValidationError(_("Et billede skal være JPG eller PNG."))
        return pictures

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.sending:
            forgive_missing(self)
        for index in range(EXTRA_ROWS):
            if data.get(f"more_actual_{index}") and not data.get(f"more_text_{index}"):
                self.add_error(f"more_text_{index}", _("Skriv, hvad beløbet er brugt til."))
        return data

    def said(self) -> dict[str, Any]:
        """The report's own fields that can be kept."""
        return {name: self.cleaned_data[name] for name in SAID if name in self.cleaned_data}

    def uploads(self) -> list[Upload]:
        """The files that are good, also when one beside them is not."""
        data = self.cleaned_data
        return [*data.get("attachments", []), *data.get("pictures", [])]

    def lines(self) -> list[AccountLine]:
        """The accounts as typed; an empty field is 0 kr."""
        data = self.cleaned_data
        known = [
            AccountLine(LineKind(line.kind), line.text, line.budget_kr, self._read(bound.name))
            for line, bound in self._rows()
        ]
        typed = (
            (data.get(f"more_text_{i}"), data.get(f"more_actual_{i}")) for i in range(EXTRA_ROWS)
        )
        more = [
            AccountLine(LineKind.EXPENSE, text, NOTHING, amount)
            for text, amount in typed
            if text and amount
        ]
        return known + more

    def expenses(self) -> list[tuple[ReportLine, BoundField]]:
        """The rows of what was spent, with their fields."""
        return [row for row in self._rows() if row[0].kind == LineKind.EXPENSE]

    def incomes(self) -> list[tuple[ReportLine, BoundField]]:
        """The rows of money from others than us, with their fields."""
        return [row for row in self._rows() if row[0].kind != LineKind.EXPENSE]

    def expense_sums(self) -> dict[str, Decimal]:
        """Planned and spent, as far as can be read."""
        more = (self._read(f"more_actual_{index}") for index in range(EXTRA_ROWS))
        return self._sums(self.expenses(), sum(more, NOTHING))

    def income_sums(self) -> dict[str, Decimal]:
        """Expected from others and received, as far as can be read."""
        return self._sums(self.incomes(), NOTHING)

    def _sums(
        self, rows: Sequence[tuple[ReportLine, BoundField]], more_kr: Decimal
    ) -> dict[str, Decimal]:
        return {
            "budget": sum((line.budget_kr for line, _bound in rows), NOTHING),
            "actual": sum((self._read(bound.name) for _line, bound in rows), more_kr),
        }

    def _read(self, name: str) -> Decimal:
        said = self.cleaned_data.get(name) if self.is_bound else self.fields[name].initial
        return said or NOTHING

    def _rows(self) -> list[tuple[ReportLine, BoundField]]:
        return [(line, self[f"actual_{index}"]) for index, line in enumerate(self.account)]

    def more_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Empty rows for what the budget did not foresee."""
        return [(self[f"more_text_{i}"], self[f"more_actual_{i}"]) for i in range(EXTRA_ROWS)]


def _actual(line: ReportLine) -> AmountField:
    """What a row became; its sum is kept live by pulje.js."""
    field = AmountField(required=False, initial=line.actual_kr or None)
    field.widget.attrs["data-sum"] = "ud" if line.kind == LineKind.EXPENSE else "ind"
    return field
