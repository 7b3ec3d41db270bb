"""The rows of a pool as plain forms: a criterion, a ground, a phrase, a round."""

from typing import Any, ClassVar

from django import forms

from pulje.enums import PhraseKind
from pulje.forms.fields import area_field, offer, text_field
from pulje.forms.pool.base import SetupForm, a_date, a_moment, one_of, whole
from pulje.models import Criterion, Ground, Phrase, PoolVersion, Round


class CriterionForm(SetupForm):
    name = text_field("Navn", 100, "Skriv kriteriets navn.", help_text="Fx Lokal forankring.")
    question = text_field(
        "Spørgsmål",
        250,
        "Skriv det spørgsmål, der gives point for.",
        help_text="Det, ansøgerne læser, og det, vurdererne giver 0-3 point for.",
    )
    weight = whole("Vægt", 10, least=1, initial=1, help_text="2 tæller dobbelt.")
    shapes: ClassVar = {
        "name": {"width": "l"},
        "question": {"width": "xl"},
        "weight": {"width": "xs"},
    }

    def __init__(self, data: Any = None, *, version: PoolVersion, row: Criterion | None) -> None:
        super().__init__(data, initial=_said(row, ("name", "question", "weight")))


class GroundForm(SetupForm):
    criterion = one_of("Hører til kriteriet", [])
    section = text_field(
        "Afsnit i retningslinjerne", 100, "Skriv afsnittet.", help_text="Fx Afsnit 3 eller § 4."
    )
    text = area_field(
        "Begrundelse",
        2_000,
        "Skriv begrundelsen.",
        help_text="En hel sætning, som den kan stå i brevet.",
    )
    is_favourable = forms.BooleanField(label="Taler for ansøgningen", required=False)
    shapes: ClassVar = {
        "criterion": {"width": "l"},
        "section": {"width": "m"},
        "text": {"rows": 4},
    }

    def __init__(self, data: Any = None, *, version: PoolVersion, row: Ground | None) -> None:
        said = _said(row, ("section", "text", "is_favourable"))
        super().__init__(data, initial=said | {"criterion": row.criterion_id if row else ""})
        self.criteria = {str(each.pk): each for each in version.criteria.order_by("position")}
        choices = [(pk, each.name) for pk, each in self.criteria.items()]
        offer(self, "criterion", [("", "Intet kriterium (en fast regel)"), *choices])

    def facts(self) -> dict[str, Any]:
        """The criterion as a row."""
        said = self.cleaned_data
        return said | {"criterion": self.criteria.get(said["criterion"])}


class PhraseForm(SetupForm):
    kind = one_of("Bruges til", PhraseKind.choices, "Vælg, hvad teksten bruges til.")
    name = text_field("Navn", 80, "Skriv et navn.", help_text="Det, sagsbehandleren vælger på.")
    text = area_field("Tekst", 5_000, "Skriv teksten.")
    days = whole("Frist", 250, least=1, required=False, help_text="Tomt felt: puljens frist.")
    ground = one_of(
        "Hører til begrundelsen", [], help_text="Skal vælges, når teksten er en begrundelse."
    )
    shapes: ClassVar = {
        "kind": {"width": "m"},
        "name": {"width": "l"},
        "text": {"rows": 6},
        "days": {"width": "xs", "suffix": "dage"},
        "ground": {"width": "xl"},
    }

    def __init__(self, data: Any = None, *, version: PoolVersion, row: Phrase | None) -> None:
        said = _said(row, ("kind", "name", "text", "days"))
        super().__init__(data, initial=said | {"ground": row.ground_id if row else ""})
        self.grounds = {str(each.pk): each for each in version.grounds.order_by("section", "pk")}
        choices = [(pk, f"{g.section}: {g.text[:80]}") for pk, g in self.grounds.items()]
        offer(self, "ground", [("", "Ingen"), *choices])

    def facts(self) -> dict[str, Any]:
        """The ground as a row."""
        said = self.cleaned_data
        return said | {"ground": self.grounds.get(said["ground"])}


class RoundForm(SetupForm):
    name = text_field("Navn", 100, "Skriv rundens navn.", help_text="Fx Runde 1 eller Løbende.")
    opens_at = a_moment("Åbner", "Vælg, hvornår runden åbner.")
    closes_at = a_moment("Ansøgningsfrist", help_text="Tomt felt: der kan søges løbende.")
    answer_on = a_date("Svar senest", help_text="Den dag, ansøgerne er lovet svar.")
    share_percent = whole("Andel af rammen", 100, initial=100)
    rolls_over = forms.BooleanField(
        label="Det, der er tilbage, går videre til næste runde", required=False, initial=True
    )
    groups: ClassVar = (
        ("", ("name", ("opens_at", "closes_at"), "answer_on", "share_percent", "rolls_over")),
    )
    shapes: ClassVar = {
        "name": {"width": "m"},
        "opens_at": {"width": "m"},
        "closes_at": {"width": "m"},
        "answer_on": {"width": "s"},
        "share_percent": {"width": "xs", "suffix": "%"},
    }

    def __init__(self, data: Any = None, *, version: PoolVersion, row: Round | None) -> None:
        super().__init__(data, initial=_said(row, tuple(self.base_fields)))
        if row is None and not self.is_bound:
            taken = version.pool.rounds.values_list("share_percent", flat=True)
            self.initial["share_percent"] = max(0, 100 - sum(taken))


def _said(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} if row else {}
