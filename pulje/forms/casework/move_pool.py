"""To which pool a case is moved, and how its applicant has said yes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.forms.case import CaseForm
from pulje.forms.fields import PlainField
from pulje.models import Application, Round
from pulje.queries.application.move_pool import Way, ways_of


class MovePoolForm(CaseForm):
    round = forms.TypedChoiceField(
        label=_("Til hvilken pulje?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg en pulje.")},
    )
    consent = PlainField(
        label=_("Hvordan og hvornår har ansøger sagt ja?"),
        max_length=300,
        help_text=_("Fx: telefonisk samtykke fra Asta den 3. maj."),
        error_messages={
            "required": _("Skriv, hvordan og hvornår ansøger har sagt ja til at flytte.")
        },
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        ways = ways_of(case, timezone.now())
        self.ways = {way.round.pk: way for way in ways if not way.hindrances}
        field = self.fields["round"]
        field.choices = [(pk, _named(way)) for pk, way in self.ways.items()]
        shut = [_why_not(way) for way in ways if way.hindrances]
        field.help_text = _("Kan ikke vælges: %s") % " ".join(shut) if shut else ""

    def facts(self) -> Mapping[str, Any]:
        chosen: Round = self.ways[self.cleaned_data["round"]].round
        return {"round": chosen, "consent": self.cleaned_data["consent"]}


def _named(way: Way) -> str:
    pool = way.round.pool
    name = f"{pool.name} {pool.year}, {way.round.name}"
    return f"{name} – {way.note}" if way.note else name


def _why_not(way: Way) -> str:
    return f"{way.round.pool.name} – {' '.join(way.hindrances)}"
