"""What is typed when money is paid."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.models import Payment
from pulje.queries.grant.payments import payable


class ProposeForm(forms.Form):
    """The instalments that go into the batch."""

    rate = forms.ModelMultipleChoiceField(
        queryset=Payment.objects.none(),
        error_messages={"required": _("Vælg mindst én udbetaling.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["rate"].queryset = payable()

    def chosen(self) -> Sequence[Payment]:
        return list(self.cleaned_data["rate"])


class ApproveForm(forms.Form):
    seen = forms.BooleanField(
        label=_("Jeg har set beløb og modtagere efter"),
        error_messages={"required": _("Sæt kryds, når du har set beløb og modtagere efter.")},
    )


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("Hvorfor er udbetalingen afvist?"),
        max_length=300,
        error_messages={"required": _("Skriv, hvorfor udbetalingen er afvist.")},
    )
