"""The parts of a pool's rules as plain forms: texts, money, judging, delegation, afterwards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from pulje.enums import ApplicantKind, LateRule, LegalBasis, PaymentPlan
from pulje.forms.amounts import AmountField
from pulje.forms.fields import area_field, text_field
from pulje.forms.pool.base import SetupForm, a_date, one_of, whole
from pulje.models import Committee, Pool, PoolVersion, User
from pulje.queries.pool.setup import DEMANDS, KLE

LONG = 20_000
STEPS = 5
# Rudersdal's own headings (domain.md A1)
HEADINGS = (
    "Formål, Hvad gives der tilskud til, Hvordan gives tilskud, Hvem kan søge, Ansøgningsfrister, "
    "Hvordan kan der søges, Regnskab for tilskud, Andre bestemmelser, Ikrafttræden"
)
NO_BOARD = (
    "Enkeltpersoner, netværk og kommunale institutioner har hverken bestyrelse eller egen revisor:"
    " de sender rapport og regnskab, hvor andre skal have en underskrift eller en revisor på."
)


class RulesForm(SetupForm):
    """A form of a version's own settings."""

    def __init__(self, data: Any = None, *, version: PoolVersion, is_locked: bool = False) -> None:
        initial = {name: getattr(version, name, None) for name in self.base_fields}
        super().__init__(data, initial=initial, is_locked=is_locked)


class TextsForm(RulesForm):
    purpose = area_field(
        "Formål", LONG, "Skriv, hvad puljen er til.", help_text="Én eller to sætninger."
    )
    supported = area_field(
        "Hvad gives der tilskud til?",
        LONG,
        "Skriv, hvad der gives tilskud til.",
        help_text="Én ting på hver linje. Det bliver en liste på puljens side.",
    )
    not_supported = area_field(
        "Hvad gives der ikke tilskud til?", LONG, help_text="Én ting på hver linje."
    )
    guidelines = area_field(
        "Retningslinjer",
        LONG,
        "Skriv retningslinjerne.",
        help_text=f"Den vedtagne tekst. Rudersdals overskrifter er: {HEADINGS}.",
    )
    shapes: ClassVar = {
        "purpose": {"rows": 3},
        "supported": {"rows": 6},
        "not_supported": {"rows": 6},
        "guidelines": {"rows": 18},
    }


class MoneyForm(RulesForm):
    legal_basis = one_of("Retsgrundlag", LegalBasis.choices, "Vælg retsgrundlaget.")
    adopted_on = a_date("Reglerne er vedtaget", "Vælg dagen, reglerne er vedtaget.")
    heard_on = a_date(
        "Folkeoplysningsudvalget er hørt",
        help_text="Skal udfyldes ved folkeoplysningsloven (§ 35), før puljen kan offentliggøres.",
    )
    kle = text_field(
        "KLE-nummer",
        8,
        "Skriv KLE-nummeret.",
        help_text="Fx 18.16.00 fritid i almindelighed, 18.15.05 folkeoplysning, 27.15.12 "
        "frivilligt socialt arbejde, 20.10.04 kulturelle arrangementer.",
    )
    applicant_kinds = forms.MultipleChoiceField(
        label="Hvem kan søge?",
        choices=ApplicantKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst én, der kan søge."},
    )
    late_rule = one_of("En ansøgning, der kommer for sent", LateRule.choices, "Vælg reglen.")
    min_kr = AmountField(label="Mindste beløb")
    ceiling_kr = AmountField(label="Højeste beløb", required=False, help_text="Tomt felt: intet.")
    own_share_percent = whole(
        "Egenfinansiering", 100, help_text="Så stor en del af udgifterne skal de selv dække."
    )
    groups: ClassVar = (
        ("Grundlag", ("legal_basis", "kle", ("adopted_on", "heard_on"))),
        ("Hvem og hvornår", ("applicant_kinds", "late_rule")),
        ("Beløb", (("min_kr", "ceiling_kr"), "own_share_percent")),
    )
    shapes: ClassVar = {
        "legal_basis": {"width": "l"},
        "adopted_on": {"width": "s"},
        "heard_on": {"width": "s"},
        "kle": {"width": "s"},
        "late_rule": {"width": "l"},
        "min_kr": {"width": "s", "suffix": "kr."},
        "ceiling_kr": {"width": "s", "suffix": "kr."},
        "own_share_percent": {"width": "xs", "suffix": "%"},
    }

    def clean_kle(self) -> str:
        kle: str = self.cleaned_data["kle"].strip()
        if not KLE.fullmatch(kle):
            raise ValidationError("Skriv KLE-nummeret med punktummer, fx 18.16.00.")
        return kle


class JudgingForm(RulesForm):
    reviewers = whole("Antal vurderinger af hver sag", 9, least=1)
    needs_criteria = whole(
        "Mindst så mange kriterier skal være opfyldt",
        20,
        help_text="0: ingen regel. 2: ansøgningen skal falde inden for to af dem.",
    )
    needs_points = whole("Et kriterium er opfyldt fra (point)", 3, least=1)
    shapes: ClassVar = {
        name: {"width": "xs"} for name in ("reviewers", "needs_criteria", "needs_points")
    }


class DelegationForm(RulesForm):
    delegation_limit_kr = AmountField(
        label="Lederen kan afgøre til og med",
        required=False,
        help_text="Tomt felt: udvalget afgør alt.",
    )
    delegation_basis = text_field(
        "Hvor er delegationen besluttet?",
        200,
        help_text="Fx Kultur- og Fritidsudvalget 12. maj 2026, punkt 4.",
    )
    delegation_from = a_date("Gælder fra")
    delegation_until = a_date("Gælder til", help_text="Tomt felt: uden slutdato.")
    answer_working_days = whole("Svar inden for (arbejdsdage)", 250, least=1)
    second_reader_for_rejections = forms.BooleanField(
        label="Afslag læses af to, før de sendes", required=False
    )
    groups: ClassVar = (
        (
            "",
            (
                "delegation_limit_kr",
                "delegation_basis",
                ("delegation_from", "delegation_until"),
                "answer_working_days",
                "second_reader_for_rejections",
            ),
        ),
    )
    shapes: ClassVar = {
        "delegation_limit_kr": {"width": "s", "suffix": "kr."},
        "delegation_basis": {"width": "xl"},
        "delegation_from": {"width": "s"},
        "delegation_until": {"width": "s"},
        "answer_working_days": {"width": "xs"},
    }


class AfterwardsForm(RulesForm):
    payment_plan = one_of(
        "Udbetaling", [("", "Vælg"), *PaymentPlan.choices], "Vælg, hvordan der udbetales."
    )
    recover_returns_to_frame = forms.BooleanField(
        label="Penge, der betales tilbage, kan bevilges igen", required=False
    )
    report_months = whole("Rapport senest så mange måneder efter, at projektet slutter", 60)
    information_days = whole("Svar på spørgsmål fra os", 250, least=1)
    hearing_days = whole("Svar i partshøring", 250, least=1)
    closing_days = whole("Sagen afsluttes efter", 3650)
    retention_years = whole("Oplysningerne slettes efter", 100, least=1)

    shapes: ClassVar = {
        "payment_plan": {"width": "l"},
        "report_months": {"width": "xs"},
        "information_days": {"width": "xs", "suffix": "dage"},
        "hearing_days": {"width": "xs", "suffix": "dage"},
        "closing_days": {"width": "s", "suffix": "dage"},
        "retention_years": {"width": "s", "suffix": "år"},
    }

    def __init__(self, data: Any = None, *, version: PoolVersion, is_locked: bool = False) -> None:
        super().__init__(data, version=version)
        steps = list(version.report_steps)
        limits = [kr for kr, _code in steps if kr is not None][: STEPS - 1]
        codes = [code for _kr, code in steps]
        for n in range(1, STEPS):
            self._add_step(n, limits[n - 1 : n], codes[: len(limits)][n - 1 : n])
        self.fields["over_code"] = one_of(
            "Alle højere beløb", DEMANDS.items(), "Vælg rapporten.", initial=(codes or [""])[-1]
        )
        self.fields["over_code"].help_text = NO_BOARD
        for field in self.fields.values():
            field.disabled = is_locked
        rows = tuple((f"up_to_{n}", f"code_{n}") for n in range(1, STEPS))
        self.groups = (  # type: ignore[misc]
            ("Udbetaling", ("payment_plan", "recover_returns_to_frame")),
            ("Hvilken rapport skal de sende?", (*rows, "over_code", "report_months")),
            (
                "Frister",
                (("information_days", "hearing_days"), ("closing_days", "retention_years")),
            ),
        )
        wide = {name: {"width": "l"} for name in (*(code for _up_to, code in rows), "over_code")}
        narrow = {f"up_to_{n}": {"width": "s", "suffix": "kr."} for n in range(1, STEPS)}
        self.shapes = {**self.shapes, **wide, **narrow}  # type: ignore[misc]

    def _add_step(self, n: int, limit: Sequence[Any], code: Sequence[str]) -> None:
        kr = Decimal(str(limit[0])) if limit else None
        self.fields[f"up_to_{n}"] = AmountField(
            label=f"Trin {n}: til og med", required=False, initial=kr
        )
        self.fields[f"code_{n}"] = one_of(
            f"Trin {n}: rapport", [("", "Vælg"), *DEMANDS.items()], initial=(code or [""])[0]
        )

    def clean(self) -> dict[str, Any]:
        for n in range(1, STEPS):
            limit, code = self.cleaned_data.get(f"up_to_{n}"), self.cleaned_data.get(f"code_{n}")
            if (limit is None) != (not code) and f"up_to_{n}" not in self.errors:
                self.add_error(f"up_to_{n}", f"Trin {n} skal have både et beløb og en rapport.")
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The settings, with the rows of reports as [[up to and with kr, code], …]."""
        said = self.cleaned_data
        names = [name for name in self.base_fields]
        steps: list[list[Any]] = [
            [_plain(said[f"up_to_{n}"]), said[f"code_{n}"]]
            for n in range(1, STEPS)
            if said[f"up_to_{n}"] is not None
        ]
        steps.append([None, said["over_code"]])
        return {name: said[name] for name in names} | {"report_steps": steps}


def _plain(kr: Decimal) -> int | str:
    """Kr. as JSON has it: whole, or exact as text."""
    return int(kr) if kr == kr.to_integral_value() else str(kr)


class DutiesForm(SetupForm):
    """What is the pool's and not a version's: it can be changed at any time."""

    name = text_field("Puljens navn", 200, "Skriv puljens navn.")
    committee = forms.ModelChoiceField(
        label="Udvalg, der afgør sagerne",
        queryset=Committee.objects.order_by("name"),
        required=False,
        empty_label="Intet udvalg",
    )
    account_string = text_field(
        "Kontostreng", 60, help_text="Den konto, der udbetales fra. Den står i udbetalingsfilen."
    )
    standing_reviewers = forms.ModelMultipleChoiceField(
        label="Faste vurderere",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="De foreslås, når en sag sendes til vurdering. Ingen valgt: alle sagsbehandlere.",
    )
    shapes: ClassVar = {
        "name": {"width": "xl"},
        "committee": {"width": "l"},
        "account_string": {"width": "m"},
    }

    def __init__(self, data: Any = None, *, pool: Pool, people: Sequence[User]) -> None:
        names = ("name", "committee", "account_string")
        chosen = {"standing_reviewers": list(pool.standing_reviewers.order_by("pk"))}
        super().__init__(data, initial={n: getattr(pool, n) for n in names} | chosen)
        field = self.fields["standing_reviewers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = User.objects.filter(pk__in=[u.pk for u in people]).order_by("name", "pk")
        field.label_from_instance = lambda user: user.name
