from decimal import Decimal as D
from typing import Any

import pytest
from django.http import QueryDict

from pulje.forms.application.budget import MOST_ROWS, Budget, in_words, with_row, without_row

KINDS = ("EXPENSE", "OWN_FUNDING", "OTHER_FUNDING")


def typed(*rows: tuple[str, str], own: tuple = (), other: tuple = (), **more: str) -> QueryDict:
    """A form of the budget: (text, amount), and (text, amount, status) of others' money."""
    data = QueryDict(mutable=True)
    for kind, lines in zip(KINDS, (rows, own, other), strict=True):
        data[f"{kind}-TOTAL_FORMS"], data[f"{kind}-INITIAL_FORMS"] = str(len(lines)), "0"
        for number, line in enumerate(lines):
            for name, value in zip(("text", "amount_kr", "funding_status"), line, strict=False):
                data[f"{kind}-{number}-{name}"] = value
    data.update(more)
    return data


def errors(budget: Budget) -> list[Any]:
    return [form.errors for part in budget.parts.values() for form in part if form.errors]


@pytest.mark.parametrize("amount", ["25000", "25.000", "25.000,00", "25.000 kr.", "kr. 25.000,-"])
def test_amounts_as_people_type_them(amount: str) -> None:
    assert Budget(typed(("Saft", amount))).asked_kr == D("25000.00")


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("-5", "Skriv beløbet uden minus."),
        ("\N{MINUS SIGN}5", "Skriv beløbet uden minus."),
        ("0", "Beløbet skal være større end 0."),
        ("mange penge", "Skriv beløbet i tal, fx 25.000 eller 25.000,50."),
        ("9" * 5_000, "Skriv beløbet i tal, fx 25.000 eller 25.000,50."),
        ("99999999999", "Beløbet er for stort. Skriv det i kroner."),
        ("", "Skriv beløbet."),
    ],
)
def test_amount_that_is_refused_keeps_its_text(amount: str, sentence: str) -> None:
    budget = Budget(typed(("Saft", amount), ("Kage", "100")))

    assert errors(budget) == [{"amount_kr": [sentence]}]
    assert [line.text for line in budget.lines()] == ["Kage"]
    assert budget.expense.forms[0]["amount_kr"].value() == amount


def test_refused_money_is_no_income() -> None:
    other = (("Fonden", "400", "REFUSED"), ("Banken", "300", "GRANTED"))
    budget = Budget(typed(("Saft", "1000"), own=(("Os", "100"),), other=other))

    assert (budget.other.total_kr, budget.income_kr, budget.asked_kr) == (D(300), D(400), D(600))


def test_types_are_asked_for_where_the_pool_has_rules_about_them() -> None:
    data = typed(("Saft", "1000"))
    data["EXPENSE-0-category"] = "FOOD"

    assert [line.category for line in Budget(data).lines()] == [""]
    assert [line.category for line in Budget(data, with_categories=True).lines()] == ["FOOD"]


def test_a_row_is_taken_out_and_those_below_move_up() -> None:
    data = without_row(typed(("a", "1"), ("b", "fem"), ("c", "3")), "EXPENSE-1")
    budget = Budget(data)

    assert [form["text"].value() for form in budget.expense] == ["a", "c"]
    assert budget.asked_kr == D(4)


@pytest.mark.parametrize("row", ["", "EXPENSE", "EXPENSE-9", "X-0", "EXPENSE--1", "EXPENSE-٣"])
def test_a_row_that_is_not_there_changes_nothing(row: str) -> None:
    data = typed(("a", "1"))

    assert without_row(data, row) == data


def test_a_row_is_added_until_there_are_enough() -> None:
    data = with_row(typed(("a", "1")), "EXPENSE")
    assert data["EXPENSE-TOTAL_FORMS"] == "2"

    data["EXPENSE-TOTAL_FORMS"] = str(MOST_ROWS)
    assert with_row(data, "EXPENSE")["EXPENSE-TOTAL_FORMS"] == str(MOST_ROWS)
    assert with_row(data, "X") == data


def test_half_a_row_says_which_half_but_not_while_it_is_typed() -> None:
    data = typed(("Saft", ""), ("", "100"))

    assert errors(Budget(data)) == [
        {"amount_kr": ["Skriv beløbet."]},
        {"text": ["Skriv, hvad beløbet er til."]},
    ]
    assert errors(Budget(data, calm=True)) == []
    assert Budget(data, calm=True).lines() == []


def test_lines_in_words_name_type_and_status() -> None:
    data = typed(("Saft", "1000,50"), other=(("Fonden", "400", "REFUSED"),))
    data["EXPENSE-0-category"] = "FOOD"

    assert in_words(Budget(data, with_categories=True).lines()) == [
        "Udgift: Saft – 1.000,50\xa0kr. (forplejning)",
        "Anden finansiering: Fonden – 400\xa0kr. (afslået)",
    ]
