"""Kan I søge? The version's gates and its other hard rules as questions; nothing is stored."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pulje.enums import ApplicantKind
from pulje.models import PoolVersion
from pulje.rules.selfcheck import Answer, Demand
from pulje.templatetags.words import kr_text

WHO, AMOUNT, START = "hvem", "beloeb", "start"
ANSWERS = (
    (Answer.YES.value, gettext_lazy("Ja")),
    (Answer.NO.value, gettext_lazy("Nej")),
    (Answer.UNSURE.value, gettext_lazy("Ved ikke")),
)


class SelfCheckForm(forms.Form):
    """One question a demand. What is left out, or is no answer of ours, counts as "ved ikke".

    ``who_may`` says in words who the pool is for.
    """

    def __init__(self, data: Any = None, *, version: PoolVersion, who_may: str) -> None:
        super().__init__(data, auto_id="tjek_%s")
        self.version = version
        self.fields[WHO] = _question(_("Hvem søger?"), ApplicantKind.choices)
        self.demands = [_who(who_may)]
        for question, demand in _own_rules(version):
            self.fields[demand.key] = _question(question, ANSWERS)
            self.demands.append(demand)

    @property
    def kind(self) -> str:
        """The kind of applicant that was chosen, or nothing."""
        kind = str(self.data.get(WHO, ""))
        return kind if kind in ApplicantKind else ""

    def answers(self) -> dict[str, Answer]:
        """What was said, by the demand's key."""
        known = {answer.value: answer for answer in Answer}
        said = {
            name: known[value]
            for name in self.fields
            if (value := str(self.data.get(name, ""))) in known
        }
        if self.kind:
            fits = self.kind in self.version.applicant_kinds
            said[WHO] = Answer.YES if fits else Answer.NO
        return said


def _question(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect()
    )


def _who(who_may: str) -> Demand:
    return Demand(
        key=WHO,
        statement=_("Puljen er for %(who)s") % {"who": who_may[:1].lower() + who_may[1:]},
        advice=_("Andre kan ikke søge den. Måske kan det gøres sammen med en, der kan."),
        is_absolute=True,
    )


def _own_rules(version: PoolVersion) -> Iterator[tuple[str, Demand]]:
    """The pool's gates say when one may begin; where it has none, the general rule is asked."""
    gates = list(_gates(version))
    yield from gates or [_not_begun()]
    if version.ceiling_kr is not None:
        most = {"kr": kr_text(version.ceiling_kr)}
        yield (
            _("Søger I om højst %(kr)s?") % most,
            Demand(
                AMOUNT,
                _("I søger om højst %(kr)s") % most,
                _("Puljen giver højst %(kr)s. Søg om det, og find resten et andet sted.") % most,
            ),
        )


def _not_begun() -> tuple[str, Demand]:
    advice = _(
        "Vi kan ikke støtte noget, der allerede er begyndt. Flyt starten, eller søg om det, der "
        "kommer bagefter."
    )
    statement = _("I går først i gang, når ansøgningen er sendt")
    return _("Går I først i gang, når ansøgningen er sendt?"), Demand(START, statement, advice)


def _gates(version: PoolVersion) -> Iterator[tuple[str, Demand]]:
    for gate in version.gates.order_by("position"):
        demand = Demand(
            key=f"svar_{gate.position}",
            statement=gate.statement,
            advice=gate.advice,
            other_pool_code=gate.other_pool_code,
            is_absolute=gate.is_absolute,
        )
        yield gate.question, demand
