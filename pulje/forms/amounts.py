"""Amounts as people type them: 25000, 25.000 and 25.000,00."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.templatetags.words import tal

LONGEST = 40
LARGEST_KR = Decimal("999999999.99")
# whole kroner, in thousands or not, and at most two digits of øre
WRITTEN = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?", re.ASCII)
SPACES = re.compile(r"\s+")
AROUND = re.compile(r"^(kr\.?|dkk)\s*|\s*((,-)?\s*(kr\.?|dkk)|,-)$", re.IGNORECASE)
MINUS = re.compile(r"[-\N{MINUS SIGN}\N{EN DASH}]\s*\d")


class AmountField(forms.Field):
    """An amount in kr.; gives a Decimal with two decimals, or None for an empty field."""

    default_error_messages = {
        "required": _("Skriv beløbet."),
        "invalid": _("Skriv beløbet i tal, fx 25.000 eller 25.000,50."),
        "negative": _("Skriv beløbet uden minus."),
        "too_large": _("Beløbet er for stort. Skriv det i kroner."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "form-input pj-num"}
        super().__init__(**({"widget": forms.TextInput(attrs)} | kwargs))

    def to_python(self, value: Any) -> Decimal | None:
        text = SPACES.sub(" ", str(value or "")).strip()
        if not text:
            return None
        if len(text) > LONGEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        plain = AROUND.sub("", text)
        if MINUS.match(plain):
            raise ValidationError(self.error_messages["negative"], code="negative")
        found = WRITTEN.fullmatch(plain)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        amount = Decimal(f"{re.sub('[. ]', '', found[1])}.{(found[2] or '').ljust(2, '0')}")
        if amount > LARGEST_KR:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return amount

    def prepare_value(self, value: Any) -> Any:
        """Our own amounts are shown as 25.000; what was typed stays as it was typed."""
        return tal(value) if isinstance(value, Decimal) else value
