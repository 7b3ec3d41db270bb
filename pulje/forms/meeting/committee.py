"""A committee, a seat in it, and the headings of its agenda."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from pulje.enums import AgendaSection, CommitteeRole
from pulje.forms.case import PersonField
from pulje.forms.fields import text_field
from pulje.forms.pool.base import SetupForm, a_date, whole
from pulje.models import User
from pulje.queries.meeting.setup import seatable

LAST_NUMBER = 99


class CommitteeForm(SetupForm):
    """What a committee is called, and how it works."""

    name = text_field("Navn", 200, "Skriv udvalgets navn.")
    short_name = text_field("Kort navn", 20, "Skriv et kort navn, fx KFU.")
    quorum = whole(
        "Beslutningsdygtigt med",
        LAST_NUMBER,
        least=1,
        help_text="Så mange medlemmer skal mindst være til stede: halvdelen eller flere.",
    )
    agenda_days = whole(
        "Dagsordenen låses",
        60,
        help_text="Sager, der kommer til senere, bliver mærket på dagsordenen.",
    )
    proposer = text_field(
        "Hvem indstiller",
        80,
        "Skriv, hvem der indstiller, fx Direktionen.",
        help_text="Indstillingen begynder sådan: ”Direktionen foreslår, at …”",
    )
    place = text_field("Fast mødested", 200)
    shapes = {
        "name": {"width": "l"},
        "short_name": {"width": "s"},
        "quorum": {"width": "xs", "suffix": "medlemmer"},
        "agenda_days": {"width": "xs", "suffix": "dage før mødet"},
        "proposer": {"width": "m"},
        "place": {"width": "l"},
    }


class SeatForm(SetupForm):
    """Who gets which seat, from when."""

    user = PersonField(
        queryset=User.objects.none(),
        label="Hvem",
        empty_label="Vælg en person",
        help_text="Er personen ikke på listen, opretter en administrator brugeren først.",
        error_messages={"required": "Vælg en person.", "invalid_choice": "Vælg en person."},
    )
    role = forms.ChoiceField(
        label="Plads",
        choices=CommitteeRole,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg en plads."},
    )
    started_on = a_date("Fra", "Skriv, hvornår pladsen begynder.")
    ended_on = a_date("Til og med", help_text="Kun hvis det vides allerede.")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["user"].queryset = seatable()


class EndSeatForm(SetupForm):
    ended_on = a_date("Sidste dag", help_text="Står der intet, fortsætter pladsen.")


class HeadingsForm(forms.Form):
    """The sections of an item: a heading of the committee's own and a place in the order."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, headings: list[tuple[str, str]]) -> None:
        super().__init__(data)
        own = {section: (title, nr) for nr, (section, title) in enumerate(headings, start=1)}
        for section in sorted(AgendaSection, key=lambda s: own.get(s, ("", LAST_NUMBER))[1]):
            title, number = own.get(section, ("", None))
            self.fields[f"title_{section}"] = text_field(
                f"Overskrift til {section.label}", 80, initial=title
            )
            self.fields[f"number_{section}"] = whole(
                f"Nummer på {section.label}", LAST_NUMBER, least=1, required=False, initial=number
            )
        self.sections = [AgendaSection(name[len("title_") :]) for name in list(self.fields)[::2]]

    def rows(self) -> Iterator[tuple[AgendaSection, BoundField, BoundField]]:
        """Each section with its two fields."""
        for section in self.sections:
            yield section, self[f"title_{section}"], self[f"number_{section}"]

    def clean(self) -> dict[str, Any]:
        for section in self.sections:
            title = self.cleaned_data.get(f"title_{section}")
            number = self.cleaned_data.get(f"number_{section}", LAST_NUMBER)
            if title and number is None:
                self.add_error(f"number_{section}", ValidationError("Skriv afsnittets nummer."))
        return self.cleaned_data

    def titles(self) -> list[tuple[AgendaSection, str]]:
        """The sections that have a heading, in order."""
        told = [
            (self.cleaned_data[f"number_{section}"], section, self.cleaned_data[f"title_{section}"])
            for section in self.sections
            if self.cleaned_data[f"title_{section}"]
        ]
        return [(section, title) for _nr, section, title in sorted(told, key=lambda row: row[0])]
