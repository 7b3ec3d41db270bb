"""What a person says about ties, and about being disqualified or not in a case."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.errors import RegisterUnavailable
from pulje.forms.case import CaseForm, PersonField, words
from pulje.forms.casework.handover import ColleagueField
from pulje.forms.fields import DayField, PlainField
from pulje.models import Application, User
from pulje.models.fields import validate_cvr
from pulje.queries.casework.impartiality import has_open_assessment, takers
from pulje.registers.cvr import look_up

LONGEST = 300
SEARCH = {"type": "search", "class": "form-input"}


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return DayField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date", "class": "input-width-s"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Skriv datoen som 02.02.2027.")},
        **kwargs,
    )


def insiders() -> Any:
    """Everybody with a role, by name."""
    return User.objects.filter(is_active=True).exclude(roles=[]).order_by("name", "pk")


class TieForm(forms.Form):
    """A post or a tie. With a CVR number and no name the register fills in the name."""

    user = PersonField(
        queryset=User.objects.none(),
        label=_("Hvem"),
        empty_label=_("Vælg en person"),
        error_messages={"required": _("Vælg en person.")},
    )
    name = PlainField(
        label=_("Forening eller person"),
        required=False,
        max_length=250,
        help_text=_("Navnet, som det står i en ansøgning. Kan stå tomt, når du skriver et CVR-nr."),
    )
    cvr = PlainField(label=_("CVR-nr."), required=False, max_length=20)
    relation = PlainField(
        label=_("Hvad er du der?"),
        max_length=200,
        help_text=_("Fx kasserer, medlem af bestyrelsen, søster til formanden."),
        error_messages={"required": _("Skriv, hvad du er der.")},
    )
    since = _day(_("Fra"))
    until = _day(_("Til"), help_text=_("Lad feltet stå tomt, så længe det gælder."))

    use_required_attribute = False

    def __init__(self, data: Any = None, *, by: User, for_anybody: bool) -> None:
        super().__init__(data, initial={"user": by.pk})
        if for_anybody:
            self.fields["user"].queryset = insiders()
        else:
            del self.fields["user"]

    def clean_cvr(self) -> str:
        cvr = "".join(self.cleaned_data["cvr"].split())
        if cvr:
            validate_cvr(cvr)
        return cvr

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        name, cvr = said.get("name", "").strip(), said.get("cvr", "")
        if not name and cvr:
            name = self._looked_up(cvr)
        if not name and "cvr" not in self.errors:
            self.add_error("name", ValidationError(_("Skriv navnet eller et CVR-nr.")))
        return said | {"name": name}

    def _looked_up(self, cvr: str) -> str:
        try:
            company = look_up(cvr)
        except RegisterUnavailable:
            self.add_error("name", ValidationError(_("CVR-registret svarer ikke. Skriv navnet.")))
            return "-"
        return company.name if company else ""


class EndTieForm(forms.Form):
    until = _day(_("Til"), help_text=_("Sidste dag. Lad feltet stå tomt, så længe det gælder."))


class TieFilterForm(forms.Form):
    q = PlainField(label=_("Søg"), widget=forms.TextInput(SEARCH))
    orden = forms.ChoiceField(
        label=_("Sortér efter"),
        widget=forms.Select({"class": "form-select"}),
        choices=[
            ("person", _("Person")),
            ("forening", _("Forening")),
            ("fra", _("Nyeste først")),
            ("til", _("Slutter først")),
        ],
    )

    use_required_attribute = False


class DisqualifyForm(CaseForm):
    """Somebody is disqualified, and who takes over what they had to do; a leader picks the person.

    Only where there is something to take over it is asked who does.
    """

    person = PersonField(
        queryset=User.objects.none(),
        label=_("Hvem er inhabil?"),
        error_messages={"required": _("Vælg en person.")},
    )
    reason = words(
        _("Hvorfor er du inhabil?"),
        _("Skriv kort hvorfor."),
        rows=2,
        help_text=_("Kort. Begrundelsen føres til protokol, og sagen låses for dig."),
    )
    to = ColleagueField(
        label=_("Hvem tager over?"),
        required=False,
        help_text=_("Sagen og en åben vurdering. Vælges ingen, kan enhver sagsbehandler tage den."),
    )

    def __init__(
        self, data: Any = None, *, case: Application, by: User, for_anybody: bool = False
    ) -> None:
        super().__init__(data, case=case, initial={"person": by.pk})
        self.by = by
        if for_anybody:
            self.fields["person"].queryset = insiders().exclude(conflicts__application=case)
            self.fields["reason"].label = _("Hvorfor?")
            self.fields["reason"].help_text = _("Kort. Begrundelsen føres til protokol.")
        else:
            del self.fields["person"]
        if for_anybody or case.caseworker_id == by.pk or has_open_assessment(case, by):
            self.fields["to"].queryset = takers(case, by)
        else:
            del self.fields["to"]

    def facts(self) -> Mapping[str, Any]:
        said = self.cleaned_data
        person = said.get("person") or self.by
        return {"person": person, "reason": said["reason"][:LONGEST], "to": said.get("to")}


class ImpartialForm(forms.Form):
    """Why a tie does not disqualify."""

    reason = PlainField(
        label=_("Jeg er ikke inhabil, fordi …"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Kort. Begrundelsen står på sagen, og lederen kan se den."),
        error_messages={"required": _("Skriv, hvorfor du ikke er inhabil.")},
    )

    use_required_attribute = False
