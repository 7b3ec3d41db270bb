"""What is typed in the fields that all forms share."""

import pytest
from django import forms

from pulje.forms.case import a_day
from pulje.forms.fields import day_field
from pulje.forms.meeting.plan import PlanForm
from pulje.forms.pool.base import a_date, a_moment


class Days(forms.Form):
    day = day_field("Dag", "Skriv dagen.")
    deadline = a_day("Frist")
    date = a_date("Dag", "Skriv dagen.")
    moment = a_moment("Dag", "Skriv dagen.")
    held_at = PlanForm.base_fields["held_at"]


@pytest.mark.parametrize("year", ["0001", "1899", "2101", "9999"])
def test_a_year_nobody_reckons_with_is_refused_in_a_sentence(year: str) -> None:
    form = Days({name: f"{year}-12-31" for name in Days.base_fields} | moments(year))

    said = {name: list(errors) for name, errors in form.errors.items()}
    assert said == dict.fromkeys(Days.base_fields, ["Skriv et årstal fra 1900 til 2100."])


def moments(year: str) -> dict[str, str]:
    return dict.fromkeys(("moment", "held_at"), f"{year}-12-31T23:59")


@pytest.mark.parametrize("year", ["1900", "2100"])
def test_the_first_and_the_last_year(year: str) -> None:
    data = {name: f"{year}-12-31" for name in Days.base_fields} | moments(year)

    assert Days(data).is_valid()


class Picked(forms.Form):
    one = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    text = forms.CharField(max_length=3)
    key = forms.UUIDField()


def test_the_framework_speaks_as_we_do() -> None:
    form = Picked({"one": "b", "many": ["b"], "text": "long\x00", "key": "x"})

    assert [error for errors in form.errors.values() for error in errors] == [
        "Vælg en fra listen.",
        "Vælg en fra listen.",
        "Teksten må højst være på 3 tegn. Den er på 5.",
        "Teksten har et tegn, der ikke kan gemmes. Skriv den igen.",
        "Siden er gået i stykker. Genindlæs den, og prøv igen.",
    ]
