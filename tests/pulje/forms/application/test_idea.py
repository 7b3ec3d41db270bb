from datetime import date

from django.http import QueryDict

from pulje.enums import ApplicantKind, QuestionKind
from pulje.forms.application.idea import IdeaForm, partners_formset
from pulje.forms.application.parts import ContactForm
from pulje.models import Applicant, Application, Question

ONE = Applicant(kind=ApplicantKind.INDIVIDUAL, name="Asta")
MANY = Applicant(kind=ApplicantKind.ASSOCIATION, name="Naboerne")
TYPED = {
    "title": "Lektiecafé",
    "summary": "Lektiehjælp",
    "description": "Vi hjælper.",
    "target_group": ["Børn og unge", "Nye borgere"],
    "starts_on": "2027-02-02",
    "ends_on": "17.06.2027",
    "volunteers": "12",
    "supplements_paid_work": "on",
}


def form(opened: frozenset[str] | None = None, **typed: object) -> IdeaForm:
    data = QueryDict(mutable=True)
    for name, value in (TYPED | typed).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    asked = [Question(pk=1, key="nyt", kind=QuestionKind.YES_NO, label="Er det nyt?")]
    draft = Application(applicant=MANY, title="Før")
    return IdeaForm(data, application=draft, questions=asked, opened=opened)


def test_whole_idea_gives_the_fields_of_the_model() -> None:
    typed = form(q_nyt="YES")

    assert typed.errors == {}
    said = typed.said()
    assert said["target_group"] == "Børn og unge, Nye borgere"
    assert (said["starts_on"], said["ends_on"]) == (date(2027, 2, 2), date(2027, 6, 17))
    assert (said["volunteers"], said["participants"]) == (12, None)
    assert said["q_nyt"] == "YES"


def test_saving_forgives_what_is_missing_but_not_what_is_wrong() -> None:
    typed = form(title="", target_group=[], starts_on="i morgen", summary="x" * 223)

    assert set(typed.errors) == {"starts_on", "summary"}
    assert typed.errors["summary"] == ["Teksten er på 223 tegn. Den må højst være på 200 tegn."]
    assert (typed.said()["title"], typed.said()["target_group"]) == ("", "")
    assert "starts_on" not in typed.said()


def test_end_before_start_is_told_at_the_end() -> None:
    assert form(ends_on="2027-01-01").errors == {
        "ends_on": ["Projektet slutter, før det begynder. Ret datoerne."]
    }


def test_parts_not_asked_for_stay_as_they_are() -> None:
    typed = form(opened=frozenset({"dates"}), q_nyt="YES")

    typed.is_valid()

    assert set(typed.said()) == {"starts_on", "ends_on"}


def test_words_are_one_persons_or_many() -> None:
    one = IdeaForm(None, application=Application(applicant=ONE), questions=[])
    many = IdeaForm(None, application=Application(applicant=MANY), questions=[])

    assert str(one["description"].label) == "Hvad vil du gøre?"
    assert str(many["description"].label) == "Hvad vil I gøre?"


def test_contact_is_told_how_to_write_an_email() -> None:
    typed = ContactForm({"contact_email": "asta"}, application=Application(applicant=ONE))

    assert typed.errors == {"contact_email": ["Skriv e-mailen som navn@eksempel.dk."]}


def test_partners_are_the_rows_with_a_name() -> None:
    typed = partners_formset(
        {
            "partner-TOTAL_FORMS": "3",
            "partner-INITIAL_FORMS": "0",
            "partner-0-name": "Toftevangskolen",
            "partner-0-is_municipal": "on",
            "partner-0-leader_email": "leder@skole.example",
            "partner-2-name": "Spejderne",
        },
        [],
    )

    assert typed.is_valid()
    assert [row["name"] for row in typed.rows()] == ["Toftevangskolen", "Spejderne"]


def test_partner_without_a_name_is_asked_who_it_is() -> None:
    typed = partners_formset(
        {
            "partner-TOTAL_FORMS": "1",
            "partner-INITIAL_FORMS": "0",
            "partner-0-contribution": "Lokaler",
        },
        [],
    )

    assert not typed.is_valid()
    assert typed.forms[0].errors == {"name": ["Skriv, hvem der er med."]}


def test_signs_that_turn_the_reading_are_left_out() -> None:
    typed = form(title="Ren\u202e strand\u2066 🎉")

    assert typed.is_valid()
    assert typed.said()["title"] == "Ren strand 🎉"
