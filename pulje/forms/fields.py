"""The fields that our forms share, each with sentences that tell how to mend what is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.rules.texts import is_blank

TOO_LONG = _("Teksten er på %(show_value)s tegn. Den må højst være på %(limit_value)s tegn.")
NO_DATE = _("Skriv datoen med dag, måned og år, fx 02.02.2027.")
NO_YEAR = _("Skriv et årstal fra %(first)s til %(last)s.")
FIRST_YEAR, LAST_YEAR = 1900, 2100
NO_EMAIL = _("Skriv e-mailen som navn@eksempel.dk.")
NO_NUMBER = _("Skriv et helt tal.")
MOST_PEOPLE = 1_000_000


# they turn the words around them, also our own: a case number could be read backwards
TURNERS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class PlainField(forms.CharField):
    """Text without the signs that turn the direction of reading; empty when none is seen."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value.translate(TURNERS) if isinstance(value, str) else value)
        return self.empty_value if isinstance(text, str) and is_blank(text) else text


class FreeText(forms.Textarea):
    """Without maxlength in the browser: it would cut pasted text without a word."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {name: value for name, value in attrs.items() if name not in ("maxlength", "cols")}


def text_field(label: Any, most: int, missing: Any = "", **kwargs: Any) -> forms.CharField:
    """A text of at most ``most`` characters; it must be there when ``missing`` says what to do."""
    errors = {"max_length": TOO_LONG} | ({"required": missing} if missing else {})
    return PlainField(
        label=label, max_length=most, required=bool(missing), error_messages=errors, **kwargs
    )


def area_field(label: Any, most: int, missing: Any = "", **kwargs: Any) -> forms.CharField:
    """As ``text_field``, with room for several lines."""
    return text_field(label, most, missing, widget=FreeText(), **kwargs)


def _check_year(day: date | None) -> None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        said = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError(NO_YEAR, code="year", params=said)


class DayField(forms.DateField):
    """A day that can be reckoned with: what is typed as 31.12.9999 is a slip of the pen."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        _check_year(value)


class MomentField(forms.DateTimeField):
    """As ``DayField``, with its clock time."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        _check_year(value)


def day_field(label: Any, missing: Any) -> forms.DateField:
    """A day that must be there, picked in the browser or typed as 02.02.2027."""
    return DayField(
        label=label,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": NO_DATE},
    )


def number_field(label: Any) -> forms.IntegerField:
    """A whole number of people, or nothing."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        error_messages={"invalid": NO_NUMBER, "min_value": NO_NUMBER, "max_value": NO_NUMBER},
        widget=forms.TextInput({"inputmode": "numeric"}),
    )


def forgive_missing(form: forms.Form) -> None:
    """Let what is missing be missing, so that a draft can be saved; call it in ``clean``."""
    for name, errors in list(form.errors.as_data().items()):
        if all(error.code == "required" for error in errors):
            del form.errors[name]
            form.cleaned_data[name] = form.fields[name].to_python("")


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Set the choices of a field that depend on who asks."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
