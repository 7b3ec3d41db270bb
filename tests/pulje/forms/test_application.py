from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from pulje.enums import ApplicantKind, FundingStatus, LineKind
from pulje.forms.application import ApplicantForm, ApplicationForm
from pulje.forms.budget import Budget, without_row
from pulje.models import Applicant, User

ASTA = User(name="Asta", email="asta@puljer.example", phone="12 34 56 78")
TYPED = {
    "title": "Lektiecafé",
    "summary": "Lektiehjælp",
    "description": "Vi hjælper.",
    "target_group": ["Børn og unge", "Nye borgere"],
    "starts_on": "2027-02-02",
    "ends_on": "17.06.2027",
    "volunteers": "12",
    "contact_name": "Asta",
    "contact_email": "asta@puljer.example",
    "supplements_paid_work": "on",
}


def form(sending: bool = True, **typed: object) -> ApplicationForm:
    data = QueryDict(mutable=True)
    for name, value in (TYPED | typed).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return ApplicationForm(data, {}, user=ASTA, sending=sending)


def rows(**typed: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for kind in LineKind:
        data[f"{kind}-TOTAL_FORMS"], data[f"{kind}-INITIAL_FORMS"] = "2", "1"
    data.update({name.replace("__", "-"): value for name, value in typed.items()})
    return data


def test_whole_application_gives_the_fields_of_the_model() -> None:
    typed = form()

    assert typed.errors == {}
    said = typed.said()
    assert said["target_group"] == "Børn og unge, Nye borgere"
    assert (said["starts_on"], said["ends_on"]) == (date(2027, 2, 2), date(2027, 6, 17))
    assert (said["volunteers"], said["participants"]) == (12, None)


def test_sending_names_all_that_is_missing() -> None:
    typed = ApplicationForm(QueryDict(), {}, user=ASTA, sending=True)

    assert set(typed.errors) == {
        "title",
        "summary",
        "description",
        "target_group",
        "starts_on",
        "ends_on",
        "contact_name",
        "contact_email",
        "supplements_paid_work",
    }


def test_saving_forgives_what_is_missing_but_not_what_is_wrong() -> None:
    typed = form(sending=False, title="", starts_on="i morgen", summary="x" * 223, contact_email="")

    assert set(typed.errors) == {"starts_on", "summary"}
    assert typed.errors["summary"] == ["Teksten er på 223 tegn. Den må højst være på 200 tegn."]
    assert typed.said()["title"] == ""
    assert "starts_on" not in typed.said()


def test_end_before_start_is_told_at_the_end() -> None:
    assert form(ends_on="2027-01-01").errors == {
        "ends_on": ["Projektet slutter, før det begynder. Ret datoerne."]
    }


def test_parts_not_asked_for_stay_as_they_are() -> None:
    typed = ApplicationForm(QueryDict("title=Nyt&contact_name=Bo"), {}, user=ASTA, parts=["idea"])

    typed.is_valid()

    assert typed.said()["title"] == "Nyt"
    assert "contact_name" not in typed.said()


def who(applicants: list[Applicant] = (), **typed: str) -> ApplicantForm:
    kinds = [ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP]
    return ApplicantForm(typed, applicants=list(applicants), kinds=kinds)


def test_known_applicant_needs_nothing_more() -> None:
    known = Applicant(pk=7, name="Naboerne")

    typed = who([known], applicant="7", cvr="ikke et nummer")

    assert typed.is_valid()
    assert typed.known == known


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"applicant": "7"}, "applicant"),
        ({"applicant": "NEW", "name": "Naboerne"}, "kind"),
        ({"applicant": "NEW", "kind": "INFORMAL_GROUP"}, "name"),
        ({"applicant": "NEW", "kind": "ASSOCIATION", "name": "Naboerne"}, "cvr"),
        ({"applicant": "NEW", "kind": "ASSOCIATION", "name": "N", "cvr": "12345678"}, "cvr"),
        ({"applicant": "NEW", "kind": "MUNICIPAL_INSTITUTION", "name": "N"}, "kind"),
    ],
)
def test_new_applicant_says_what_it_lacks(typed: dict[str, str], field: str) -> None:
    assert list(who(**typed).errors) == [field]


def test_cvr_may_be_typed_with_spaces() -> None:
    typed = who(applicant="NEW", kind="ASSOCIATION", name="Naboerne", cvr="10 15 08 17")

    assert typed.is_valid()
    assert typed.cleaned_data["cvr"] == "10150817"


def test_budget_asks_for_what_nobody_else_pays() -> None:
    budget = Budget(
        rows(
            EXPENSE__0__text="Mad",
            EXPENSE__0__amount_kr="31.000",
            OWN_FUNDING__0__text="Kontingent",
            OWN_FUNDING__0__amount_kr="3000",
            OTHER_FUNDING__1__text="Fond",
            OTHER_FUNDING__1__amount_kr="3.000,00",
            OTHER_FUNDING__1__funding_status="APPLIED",
        )
    )

    assert budget.is_valid()
    assert budget.asked_kr == Decimal(25_000)
    assert [(line.kind, line.text, line.funding_status) for line in budget.lines()] == [
        (LineKind.EXPENSE, "Mad", ""),
        (LineKind.OWN_FUNDING, "Kontingent", ""),
        (LineKind.OTHER_FUNDING, "Fond", FundingStatus.APPLIED),
    ]


def test_half_a_row_says_which_half_and_the_others_are_kept() -> None:
    budget = Budget(
        rows(
            EXPENSE__0__text="Mad",
            EXPENSE__1__text="Leje",
            EXPENSE__1__amount_kr="100",
            OWN_FUNDING__0__amount_kr="0",
        )
    )

    assert not budget.is_valid()
    assert budget.expense.forms[0].errors == {"amount_kr": ["Skriv beløbet."]}
    assert list(budget.own.forms[0].errors) == ["text", "amount_kr"]
    assert [line.text for line in budget.lines()] == ["Leje"]
    assert budget.asked_kr == Decimal(100)


def test_emptied_row_is_gone() -> None:
    typed = rows(EXPENSE__0__text="Mad", EXPENSE__0__amount_kr="100")

    budget = Budget(without_row(typed, "EXPENSE-0"))

    assert budget.is_valid()
    assert budget.lines() == []


def test_signs_that_turn_the_reading_are_left_out() -> None:
    typed = form(title="Ren\u202e strand\u2066 🎉")

    assert typed.is_valid()
    assert typed.said()["title"] == "Ren strand 🎉"
