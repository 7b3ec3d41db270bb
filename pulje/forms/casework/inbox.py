"""The filters over a list as a form, saved views and absence."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.forms.fields import day_field, text_field
from pulje.models import Pool, User
from pulje.queries.casework.inbox import NOBODY, Filters
from pulje.states import CaseState
from pulje.templatetags.words import dato

ORDER_NAMES = [
    ("frist", _("Frist")),
    ("alder", _("Alder, ældste først")),
    ("nyeste", _("Alder, nyeste først")),
    ("beloeb", _("Beløb")),
    ("sag", _("Titel")),
]
SELECT = {"class": "form-select"}
SEARCH = {"type": "search", "class": "form-input", "data-search": ""}


class FilterForm(forms.Form):
    """Shows the filters of a list; the address is read by ``queries.inbox.read_filters``."""

    q = forms.CharField(label=_("Søg"), widget=forms.TextInput(SEARCH))
    pulje = forms.ChoiceField(label=_("Pulje"), widget=forms.Select(SELECT))
    status = forms.ChoiceField(label=_("Status"), widget=forms.Select(SELECT))
    sagsbehandler = forms.ChoiceField(label=_("Sagsbehandler"), widget=forms.Select(SELECT))
    orden = forms.ChoiceField(label=_("Sortér efter"), widget=forms.Select(SELECT))

    use_required_attribute = False

    def __init__(
        self,
        filters: Filters,
        *,
        pools: Sequence[Pool],
        states: Sequence[CaseState],
        people: Sequence[User],
    ) -> None:
        said = {
            "q": filters.search,
            "pulje": filters.pool or "",
            "status": filters.state,
            "sagsbehandler": filters.worker,
            "orden": filters.order,
        }
        super().__init__(initial=said)
        named = [(str(one.pk), one.name) for one in people]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "pulje": [("", _("Alle puljer")), *((p.pk, f"{p.name} {p.year}") for p in pools)],
            "status": [("", _("Alle")), *((s.value, s.label) for s in states)],
            "sagsbehandler": [("", _("Alle")), (NOBODY, _("Ingen endnu")), *named],
            "orden": [*ORDER_NAMES],
        }
        if filters.order not in dict(ORDER_NAMES):  # a column turned around
            offered["orden"].append((filters.order, _("Kolonnen, modsat")))
        for name, choices in offered.items():
            self.fields[name].choices = choices


class ViewForm(forms.Form):
    """The name of a list one wants back to."""

    navn = text_field(_("Navn på visningen"), 60, _("Skriv, hvad visningen skal hedde."))


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who sees the tasks meanwhile."""

    user = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Hvem er væk?"),
        error_messages={"required": _("Vælg, hvem der er væk.")},
    )
    from_on = day_field(_("Første dag væk"), _("Skriv, hvornår fraværet begynder."))
    until_on = day_field(_("Sidste dag væk"), _("Skriv, hvornår fraværet slutter."))
    substitute = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Stedfortræder"),
        error_messages={"required": _("Vælg, hvem der ser opgaverne imens.")},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, by: User, people: Any, for_anybody: bool) -> None:
        super().__init__(data, initial={"from_on": timezone.localdate(), "user": by.pk})
        named = [(one.pk, one.name) for one in people]
        for name in ("user", "substitute"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
            field.choices = [("", _("Vælg en kollega")), *named]
        if not for_anybody:
            del self.fields["user"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        begins, ends = said.get("from_on"), said.get("until_on")
        if begins and ends and ends < begins:
            sentence = _("Den sidste dag ligger før den første, %s.") % dato(begins)
            self.add_error("until_on", sentence)
        return said
