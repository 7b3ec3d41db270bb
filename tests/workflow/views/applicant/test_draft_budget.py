import json
import re
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pulje.actions.application import application as actions
from pulje.enums import ExpenseCategory, LineKind
from pulje.models import Application, BudgetLine, LineRule
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, case_in
from tests.pulje.forms.application.test_budget import typed
from tests.repository import ROOT

pytestmark = pytest.mark.django_db
NAUGHTY = ROOT / "node_modules" / "big-list-of-naughty-strings" / "blns.json"


@pytest.fixture
def draft() -> Application:
    pool = a_pool(min_kr=D(1_000), ceiling_kr=D(20_000), own_share_percent=10)
    LineRule.objects.create(
        version=pool.versions.get(), category=ExpenseCategory.FOOD, max_percent=30
    )
    return a_draft(round=a_round(pool))


def address(draft: Application) -> str:
    return reverse("applicant:draft_budget", args=[draft.pk])


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\xa0", " "))


def lines(draft: Application) -> list[tuple[str, str, D]]:
    names = ("kind", "text", "amount_kr")
    return list(draft.budget_lines.order_by("position").values_list(*names))


def test_page_tells_the_rules_before_they_are_broken(client: Client, draft: Application) -> None:
    client.force_login(people.asta())

    page = text(client.get(address(draft)))

    assert "Puljen giver højst 20.000 kr." in page
    assert "Mindst 10 % af udgifterne skal betales af andre penge end puljens." in page
    assert "Højst 30 % af udgifterne må være forplejning." in page


def test_saved_rows_lead_on_and_the_sum_is_what_is_asked_for(
    client: Client, draft: Application
) -> None:
    client.force_login(people.asta())
    other = (("Fonden", "3.000", "REFUSED"),)
    data = typed(("Saft", "10.000,00 kr."), own=(("Os", "2000"),), other=other, frem="1")

    response = client.post(address(draft), data)

    assert response["Location"] == reverse("applicant:draft_attachments", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.requested_kr == D(8_000)
    assert lines(draft) == [
        (LineKind.EXPENSE, "Saft", D(10_000)),
        (LineKind.OWN_FUNDING, "Os", D(2_000)),
        (LineKind.OTHER_FUNDING, "Fonden", D(3_000)),
    ]


def test_broken_rules_are_explained_and_keep_nothing_from_being_saved(
    client: Client, draft: Application
) -> None:
    client.force_login(people.asta())
    data = typed(("Mad", "25.000"), gem="1")
    data["EXPENSE-0-category"] = "FOOD"

    page = text(client.post(address(draft), data, follow=True))

    assert "3 ting passer ikke med puljens regler." in page
    assert "Puljen giver højst 20.000 kr., og der er søgt om 25.000 kr." in page
    assert (
        "Højst 30 % af udgifterne må være forplejning, her 7.500 kr. "
        "I budgettet er der 25.000 kr." in page
    )
    assert lines(draft) == [(LineKind.EXPENSE, "Mad", D(25_000))]


def test_wrong_amount_keeps_its_text_and_the_other_rows(client: Client, draft: Application) -> None:
    client.force_login(people.asta())

    response = client.post(address(draft), typed(("Saft", "mange"), ("Kage", "900"), frem="1"))

    page = text(response)
    assert response.status_code == 200
    assert 'value="mange"' in page
    assert "Skriv beløbet i tal, fx 25.000 eller 25.000,50." in page
    assert lines(draft) == [(LineKind.EXPENSE, "Kage", D(900))]


@pytest.mark.parametrize(
    ("button", "rows", "names"),
    [
        ({"tilfoej": "EXPENSE"}, ["Saft", "Kage", ""], ["Saft"]),
        ({"slet": "EXPENSE-0"}, ["Kage"], []),
        ({"beregn": "1"}, ["Saft", "Kage"], ["Saft"]),
    ],
)
def test_buttons_of_rows_stay_on_the_page_and_scold_nobody(
    client: Client, draft: Application, button: dict, rows: list[str], names: list[str]
) -> None:
    client.force_login(people.asta())

    response = client.post(address(draft), typed(("Saft", "500"), ("Kage", ""), **button))

    budget = response.context["budget"]
    assert [form["text"].value() or "" for form in budget.expense] == rows
    assert "form-error-message" not in text(response)
    assert [name for _kind, name, _amount in lines(draft)] == names


def test_autosave_tells_what_the_rules_say_now(client: Client, draft: Application) -> None:
    client.force_login(people.asta())

    response = client.post(
        address(draft), typed(("Saft", "500"), own=(("Os", "50"),)), headers={"HX-Request": "true"}
    )

    page = text(response)
    assert "<html" not in page
    assert 'id="sum" hx-swap-oob="true"' in page
    assert "Vælg udgiftstype for alle udgifter. 500 kr. mangler en." in page


def test_two_at_once_see_both_budgets_and_nothing_is_overwritten(
    client: Client, draft: Application
) -> None:
    client.force_login(people.asta())
    base = client.get(address(draft)).context["base"]
    theirs = [actions.Line(LineKind.EXPENSE, "Deres", D(100))]
    actions.save_draft(draft, by=people.asta(), fields={}, lines=theirs)

    page = text(client.post(address(draft), typed(("Mit", "200"), base=base, frem="1")))

    assert "Udgift: Deres – 100 kr." in page
    assert "Udgift: Mit – 200 kr." in page
    assert [name for _kind, name, _amount in lines(draft)] == ["Deres"]


def test_naughty_strings_are_texts_like_any_other(client: Client, draft: Application) -> None:
    client.force_login(people.asta())
    strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))[::11]
    data = typed(*((string, "1") for string in strings[:58]), frem="1")

    response = client.post(address(draft), data)
    again = client.get(address(draft))

    assert response.status_code in (200, 302)
    assert again.status_code == 200
    assert "<script>alert(" not in again.content.decode()
    assert draft.budget_lines.count() > 40


def test_strangers_and_sent_cases_have_no_budget_to_change(
    client: Client, draft: Application
) -> None:
    client.force_login(people.ulla())
    assert client.post(address(draft), typed(("Mit", "200"))).status_code == 404

    client.force_login(people.asta())
    sent = case_in(CaseState.SUBMITTED)
    before = lines(sent)
    assert client.post(address(sent), typed(("Mit", "200"))).status_code == 302
    assert lines(sent) == before


def test_page_costs_the_same_however_long_the_budget_is(client: Client, draft: Application) -> None:
    client.force_login(people.asta())
    client.get(address(draft))

    with CaptureQueriesContext(connection) as one:
        client.get(address(draft))
    more = [
        BudgetLine(application=draft, position=n, kind="EXPENSE", text="x", amount_kr=1)
        for n in range(2, 31)
    ]
    BudgetLine.objects.bulk_create(more)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address(draft))

    assert len(one) == len(thirty) < 20
