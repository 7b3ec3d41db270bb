"""What the forms of a pool's set-up pages share: how a field is shown, and facts for the action."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from pulje.forms.fields import NO_DATE, DayField, MomentField

MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Shown:
    """A field with the width of its control and what stands after it."""

    bound: BoundField
    width: str = ""
    suffix: str = ""
    rows: int | str = ""


class SetupForm(forms.Form):
    """One part of a pool; ``groups`` are its fields under headings, ``shapes`` how they look.

    Names in a tuple of their own stand beside each other.
    """

    use_required_attribute = False
    groups: ClassVar[tuple[tuple[str, tuple[str | tuple[str, ...], ...]], ...]] = ()
    shapes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(self, data: Any = None, *, is_locked: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.disabled = is_locked

    def shown(self) -> Iterator[tuple[str, list[list[Shown]]]]:
        """Heading and rows of fields; a form without groups has one without a heading."""
        for heading, rows in self.groups or (("", tuple(self.fields)),):
            yield (
                heading,
                [
                    [self._shape(name) for name in ([row] if isinstance(row, str) else row)]
                    for row in rows
                ],
            )

    def _shape(self, name: str) -> Shown:
        return Shown(self[name], **self.shapes.get(name, {}))

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return self.cleaned_data


def whole(label: str, most: int, *, least: int = 0, **kwargs: Any) -> forms.IntegerField:
    """A whole number from ``least`` to ``most``."""
    wrong = f"Skriv et helt tal fra {least} til {most}."
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(names, wrong),
        **kwargs,
    )


def a_date(label: str, missing: str = "", **kwargs: Any) -> forms.DateField:
    """A day; it must be there when ``missing`` says what to do."""
    return DayField(
        label=label,
        required=bool(missing),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": NO_DATE},
        **kwargs,
    )


def a_moment(label: str, missing: str = "", **kwargs: Any) -> forms.DateTimeField:
    """A day with its clock time."""
    return MomentField(
        label=label,
        required=bool(missing),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%d.%m.%Y %H.%M", "%d-%m-%Y %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": missing,
            "invalid": "Skriv dag og klokkeslæt, fx 01.12.2027 12.00.",
        },
        **kwargs,
    )


def one_of(label: str, choices: Any, missing: str = "", **kwargs: Any) -> forms.ChoiceField:
    """One choice in a list; an empty one first when nothing needs to be chosen."""
    errors = {"required": missing, "invalid_choice": "Vælg en fra listen."}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(missing),
        error_messages=errors,
        **kwargs,
    )
