"""A scenario's name and numbers, its amounts by hand, and the reasons when it is chosen."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pulje.enums import Distribution
from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.forms.casework.recommend import PickField
from pulje.forms.fields import PlainField
from pulje.models import Application, Ground
from pulje.queries.casework.scenario import Row

# the numbers that belong to one way of sharing only
OWN = {
    "cut_percent": Distribution.SAME_CUT,
    "ceiling_kr": Distribution.CEILING,
    "floor_kr": Distribution.FLOOR,
}
HINTS = {
    Distribution.BY_POINTS: _("Når pengene slipper op, deler de, der står lige."),
    Distribution.SAME_CUT: _("Alle skæres lige meget, så pengene rækker."),
    Distribution.CEILING: _("Ingen ansøger får mere i alt end loftet. Resten går efter point."),
    Distribution.FLOOR: _("Alle får først mindstebeløbet."),
    Distribution.FIRST_TIMERS: _("De, der ikke er støttet før, kommer før de andre."),
    Distribution.BY_HAND: _("Du skriver selv hvert beløb."),
}


class KrField(AmountField):
    """Empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"required": False} | kwargs))


class ScenarioForm(forms.Form):
    """``numbers()`` is what the scenario keeps, as JSON."""

    use_required_attribute = False  # our own sentence, not the browser's

    name = PlainField(
        label=_("Navn"),
        max_length=80,
        help_text=_("Fx ”Efter point” eller ”Alle 20 % ned”."),
        error_messages={"required": _("Giv scenariet et navn.")},
    )
    method = forms.ChoiceField(
        label=_("Hvordan skal pengene fordeles?"),
        choices=[(way.value, f"{way.label}. {HINTS[way]}") for way in Distribution],
        widget=forms.RadioSelect,
        initial=Distribution.BY_POINTS,
        error_messages={"required": _("Vælg en måde at fordele på.")},
    )
    cut_percent = forms.DecimalField(
        label=_("Skær mindst, %"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=1,
        localize=True,
        help_text=_("Tomt: kun så meget, at pengene rækker."),
    )
    ceiling_kr = KrField(label=_("Loft pr. ansøger"))
    floor_kr = KrField(label=_("Mindstebeløb til alle"))
    min_points = forms.IntegerField(
        label=_("Mindst så mange point"),
        initial=0,
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Sager med færre point får 0 kr."),
    )
    step_kr = forms.TypedChoiceField(
        label=_("Nedsatte beløb rundes ned til"),
        choices=[(100, _("hele 100 kr.")), (1, _("hele kroner")), (500, _("hele 500 kr."))],
        coerce=int,
        empty_value=100,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, text in (("ceiling_kr", _("Skriv loftet.")), ("floor_kr", _("Skriv beløbet."))):
            if said.get("method") == OWN[name] and name not in self.errors and not said.get(name):
                self.add_error(name, text)
        return said

    def numbers(self) -> dict[str, object]:
        said = self.cleaned_data
        own = {name: said[name] for name, way in OWN.items() if way == said["method"]}
        shared = {"min_points": said["min_points"] or 0, "step_kr": said["step_kr"] or 100}
        return shared | {name: str(kr) for name, kr in own.items() if kr}

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        method = Distribution(said["method"])
        return {"name": said["name"], "method": method, "numbers": self.numbers()}

    def rows(self) -> list[tuple[BoundField, str]]:
        """Each field after the name, with the one way of sharing it belongs to."""
        return [(bound, OWN.get(bound.name, "")) for bound in self if bound.name not in SHOWN_FIRST]


SHOWN_FIRST = ("name", "method")
NEEDED: dict[str, Any] = {
    "required": True,
    "error_messages": {"required": _("Vælg mindst én begrundelse.")},
}


class AmountsForm(forms.Form):
    """The amounts of the cases on one page; only what was changed is written by hand."""

    use_required_attribute = False  # our own sentence, not the browser's

    def __init__(self, data: Any = None, *, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.cases = {
            row.case.pk: row for row in rows if row.takes_part and not row.is_mine_conflict
        }
        for key, row in self.cases.items():
            name = row.case.number
            self.fields[f"kr_{key}"] = AmountField(
                label=_("Beløb til %s") % name, initial=row.cells[0].amount_kr, required=False
            )
            if row.cells[0].is_hand_made:
                self.fields[f"igen_{key}"] = forms.BooleanField(
                    label=_("Regn %s ud igen") % name, required=False
                )

    def amounts(self) -> dict[int, Decimal]:
        """What was typed and is not what stands there."""
        typed = {key: self.cleaned_data[f"kr_{key}"] for key in self.cases}
        return {
            key: kr
            for key, kr in typed.items()
            if kr is not None
            and kr != self.cases[key].cells[0].amount_kr
            and key not in self.anew()
        }

    def anew(self) -> set[int]:
        """Ticked to be counted again, or emptied."""
        said = self.cleaned_data
        emptied = {
            key
            for key, row in self.cases.items()
            if said[f"kr_{key}"] is None and row.cells[0].amount_kr is not None
        }
        return emptied | {key for key in self.cases if said.get(f"igen_{key}")}


class GroundForm(forms.Form):
    """One case's own ground, instead of the one for all."""

    use_required_attribute = False  # our own sentence, not the browser's

    ground = forms.TypedChoiceField(
        label=_("Begrundelse i denne sag"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Vælg en af puljens egne begrundelser.")},
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        own = case.version.grounds.filter(is_favourable=False).order_by("section", "pk")
        self.fields["ground"].choices = [
            ("0", _("Den, der vælges for alle")),
            *((row.pk, f"{row.text} ({row.section})") for row in own),
        ]


class ReasonsForm(forms.Form):
    """Why some get less than they asked for, and why some get nothing."""

    use_required_attribute = False  # our own sentence, not the browser's

    cut = PickField(label=_("Begrundelse for et mindre beløb"), **NEEDED)
    cut_words = words(_("Ord til dem, der får et mindre beløb"), rows=2)
    refused = PickField(label=_("Begrundelse for afslag"), **NEEDED)
    refused_words = words(_("Ord til dem, der får afslag"), rows=2)

    def __init__(
        self,
        data: Any = None,
        *,
        grounds: Sequence[Ground],
        wanted: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.grounds = {ground.pk: ground for ground in grounds}
        self.wanted = wanted
        usual = [ground.pk for ground in grounds if ground.criterion_id is None]
        for name in ("cut", "refused"):
            if not wanted[name]:
                del self.fields[name], self.fields[f"{name}_words"]
                continue
            self.fields[name].choices = [
                (row.pk, f"{row.text} ({row.section})") for row in self.grounds.values()
            ]
            self.fields[f"{name}_words"].help_text = _(
                "Tomt: teksterne fra det, du vælger ovenfor."
            )
            self.initial.setdefault(name, usual)

    def facts_for(self, name: str) -> tuple[list[Ground], str]:
        """The grounds and words for ``cut`` or ``refused``."""
        said = self.cleaned_data
        picked = [self.grounds[pk] for pk in said.get(name, ())]
        return picked, said.get(f"{name}_words", "")
