"""A new pool, a copy of one, and its frame, as plain forms."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from pulje.enums import LegalBasis
from pulje.forms.amounts import AmountField
from pulje.forms.fields import offer, text_field
from pulje.forms.pool.base import SetupForm, one_of, whole
from pulje.models import Committee, Pool

CODE = re.compile(r"[A-ZÆØÅ0-9-]{1,6}")
RAISE, LOWER = "op", "ned"
KEPT = ("note", "below_proposals")


class CopyForm(SetupForm):
    """What a copy cannot take over."""

    name = text_field("Puljens navn", 200, "Skriv puljens navn.")
    code = text_field(
        "Kode",
        6,
        "Skriv en kode.",
        help_text="Højst seks bogstaver eller tal. Sagsnumrene begynder med den, fx FP-2027-001.",
    )
    year = whole("År", 2100, least=2000)
    is_test = forms.BooleanField(
        label="Prøvepulje: sender og betaler intet og bliver aldrig offentlig", required=False
    )
    shapes: ClassVar = {
        "name": {"width": "xl"},
        "code": {"width": "s"},
        "year": {"width": "s"},
        "committee": {"width": "l"},
        "legal_basis": {"width": "l"},
    }

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not CODE.fullmatch(code):
            raise ValidationError("Koden må kun have bogstaver, tal og bindestreg.")
        return code


class NewPoolForm(CopyForm):
    """A pool from nothing."""

    committee = forms.ModelChoiceField(
        label="Udvalg, der afgør sagerne",
        queryset=Committee.objects.order_by("name"),
        required=False,
        empty_label="Intet udvalg (endnu)",
    )
    legal_basis = one_of("Retsgrundlag", LegalBasis.choices, "Vælg retsgrundlaget.")
    groups: ClassVar = (("", ("name", "code", "year", "committee", "legal_basis", "is_test")),)


def _below_proposals() -> forms.BooleanField:
    return forms.BooleanField(label="Jeg ved, at der er indstillet for mere", required=False)


class FrameForm(SetupForm):
    """Raise or lower the frame; ``key`` makes the same form sent twice one entry."""

    way = forms.ChoiceField(
        label="Rammen skal",
        choices=[(RAISE, "Sættes op"), (LOWER, "Sættes ned")],
        initial=RAISE,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, om rammen skal op eller ned."},
    )
    amount_kr = AmountField(label="Med")
    note = text_field(
        "Hvorfor?", 250, "Skriv hvorfor.", help_text="Fx Vedtaget budget 2027, punkt 7."
    )
    below_proposals = _below_proposals()
    key = forms.UUIDField(widget=forms.HiddenInput)
    groups: ClassVar = (("", ("way", "amount_kr", "note", "below_proposals")),)
    shapes: ClassVar = {"amount_kr": {"width": "s", "suffix": "kr."}, "note": {"width": "xl"}}

    def clean_amount_kr(self) -> Decimal:
        return _some(self.cleaned_data["amount_kr"])

    def facts(self) -> dict[str, Any]:
        """Kr. with its sign, the reason and what the entry is known by."""
        said = self.cleaned_data
        sign = 1 if said["way"] == RAISE else -1
        cause = f"frame:{said['key']}"
        amount_kr = sign * said["amount_kr"]
        return {"amount_kr": amount_kr, "cause": cause} | {n: said[n] for n in KEPT}


class TransferForm(SetupForm):
    """Frame from this pool to another."""

    target = forms.ChoiceField(
        label="Til puljen",
        error_messages={"required": "Vælg en pulje.", "invalid_choice": "Vælg en fra listen."},
    )
    amount_kr = AmountField(label="Beløb")
    note = text_field("Hvorfor?", 250, "Skriv hvorfor.")
    below_proposals = _below_proposals()
    key = forms.UUIDField(widget=forms.HiddenInput)
    groups: ClassVar = (("", ("target", "amount_kr", "note", "below_proposals")),)
    shapes: ClassVar = {
        "target": {"width": "l"},
        "amount_kr": {"width": "s", "suffix": "kr."},
        "note": {"width": "xl"},
    }

    def __init__(self, data: Any = None, *, pools: Sequence[Pool], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.pools = {str(pool.pk): pool for pool in pools}
        rows = [(pk, f"{pool.name} {pool.year}") for pk, pool in self.pools.items()]
        offer(self, "target", [("", "Vælg en pulje"), *rows])

    def clean_amount_kr(self) -> Decimal:
        return _some(self.cleaned_data["amount_kr"])

    def facts(self) -> dict[str, Any]:
        """The other pool as a row."""
        said = self.cleaned_data
        cause = f"transfer:{said['key']}"
        target = self.pools[said["target"]]
        kept = {name: said[name] for name in KEPT}
        return {"target": target, "amount_kr": said["amount_kr"], "cause": cause} | kept


def _some(amount_kr: Decimal) -> Decimal:
    if amount_kr <= 0:
        raise ValidationError("Skriv et beløb over 0 kr.")
    return amount_kr
