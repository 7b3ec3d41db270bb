"""The filters of the inbox and of all cases, read from the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.models import Pool
from pulje.queries.inbox import Filters
from pulje.states import CaseState

ORDER_NAMES = [("frist", _("Frist")), ("alder", _("Alder")), ("beloeb", _("Beløb"))]

SELECT = {"class": "form-select"}


class FilterForm(forms.Form):
    """Search, pool, state and order; what makes no sense in an address is left out."""

    q = forms.CharField(
        label=_("Søg"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "class": "form-input"}),
    )
    pulje = forms.TypedChoiceField(
        label=_("Pulje"), required=False, coerce=int, empty_value=None, widget=forms.Select(SELECT)
    )
    status = forms.ChoiceField(label=_("Status"), required=False, widget=forms.Select(SELECT))
    orden = forms.ChoiceField(
        label=_("Sortér efter"),
        required=False,
        choices=ORDER_NAMES,
        widget=forms.Select(SELECT),
    )

    def __init__(
        self, data: Any, *, pools: list[Pool], states: list[CaseState], order: str = "frist"
    ) -> None:
        super().__init__(data)
        self.default_order = order
        self.fields["pulje"].choices = [
            ("", _("Alle puljer")),
            *((p.pk, f"{p.name} {p.year}") for p in pools),
        ]
        self.fields["status"].choices = [("", _("Alle")), *((s.value, s.label) for s in states)]
        if order == "nyeste":
            self.fields["orden"].choices = [("nyeste", _("Nyeste først")), *ORDER_NAMES]

    def filters(self, folder: str = "") -> Filters:
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            folder=folder,
            search=said.get("q", "").strip(),
            pool=said.get("pulje"),
            state=said.get("status", ""),
            order=said.get("orden") or self.default_order,
        )
