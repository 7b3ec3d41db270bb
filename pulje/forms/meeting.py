"""What is typed at and around a meeting."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.forms.amounts import AmountField
from pulje.forms.case import PeopleField, words
from pulje.models import Application, User
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


class AttendanceForm(forms.Form):
    present = PeopleField(
        queryset=User.objects.none(),
        label=_("Hvem er til stede?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, hvem der er til stede.")},
    )

    def __init__(self, data: Any = None, *, members: Sequence[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["present"]
        field.queryset = User.objects.filter(pk__in=[u.pk for u in members]).order_by("name", "pk")


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


class ConflictForm(forms.Form):
    """A member's own disqualification in one or more cases of the meeting."""

    sag = forms.MultipleChoiceField(
        label=_("Hvilke sager gælder det?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg mindst én sag.")},
    )
    reason = words(
        _("Hvorfor?"),
        _("Skriv kort hvorfor."),
        rows=2,
        help_text=_("Kort. Begrundelsen føres til protokol."),
    )

    def __init__(self, data: Any = None, *, rows: Sequence[AgendaRow], chosen: str = "") -> None:
        super().__init__(data, initial={"sag": [chosen] if chosen else []})
        self.rows = [row for row in rows if not row.is_mine_conflict or row.is_mine_tie]
        self.fields["sag"].choices = [
            (str(row.case.pk), f"{row.item.position} {row.case.applicant.name}")
            for row in self.rows
        ]

    def cases(self) -> list[Application]:
        chosen = set(self.cleaned_data["sag"])
        return [row.case for row in self.rows if str(row.case.pk) in chosen]
