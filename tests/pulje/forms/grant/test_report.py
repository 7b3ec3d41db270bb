from decimal import Decimal

from django.http import QueryDict

from pulje.actions.grant.report import AccountLine
from pulje.enums import LineKind
from pulje.forms.grant.report import ReportForm
from pulje.models import ReportLine

LINES = [
    ReportLine(kind="EXPENSE", text="Bøger", budget_kr=Decimal(5500), actual_kr=Decimal(0)),
    ReportLine(kind="OWN_FUNDING", text="Kontingent", budget_kr=Decimal(500), actual_kr=Decimal(0)),
]


def form(typed: str, sending: bool = True) -> ReportForm:
    return ReportForm(QueryDict(typed), {}, lines=LINES, sending=sending)


def test_accounts_keep_their_rows_and_take_new_ones() -> None:
    typed = form("story=Fint&actual_0=5.240&more_text_0=Fest&more_actual_0=1.150,50")

    assert typed.is_valid()
    assert typed.lines() == [
        AccountLine(LineKind.EXPENSE, "Bøger", Decimal(5500), Decimal(5240)),
        AccountLine(LineKind.OWN_FUNDING, "Kontingent", Decimal(500), Decimal(0)),
        AccountLine(LineKind.EXPENSE, "Fest", Decimal(0), Decimal("1150.50")),
    ]
    assert typed.expense_sums() == {"budget": Decimal(5500), "actual": Decimal("6390.50")}
    assert typed.income_sums() == {"budget": Decimal(500), "actual": Decimal(0)}


def test_story_is_missing_only_when_it_is_sent() -> None:
    assert list(form("").errors) == ["story"]
    assert form("", sending=False).errors == {}


def test_amount_without_words_says_so() -> None:
    assert list(form("story=Fint&more_actual_1=5").errors) == ["more_text_1"]


def test_unreadable_amount_keeps_the_rest() -> None:
    typed = form("story=Fint&actual_0=mange")

    assert list(typed.errors) == ["actual_0"]
    assert typed.said()["story"] == "Fint"
    assert typed.lines()[0].actual_kr == 0
