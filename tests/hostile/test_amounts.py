"""Amounts that are negative, absurd or words, in every field that asks for one."""

from decimal import Decimal

import pytest
from django.test import Client

from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, case_in
from tests.hostile.naughty import LONG
from tests.hostile.pages import Forms
from tests.workflow.opening import opened, told

pytestmark = pytest.mark.django_db
S = CaseState
WRONG = {
    "minus": "-500",
    "a typographer's minus": "\N{MINUS SIGN}500",
    "words": "mange penge",
    "too much": "999999999999",
    "a number nobody can read": "9" * 5_000,
    "no end": "Infinity",
    "no number": "NaN",
    "a formula": "=1+1",
    "hexadecimal": "0x10",
    "a power": "1e9",
    "three decimals": "1,234",
    "two commas": "1,2,3",
    "other digits": "\N{ARABIC-INDIC DIGIT FIVE}\N{ARABIC-INDIC DIGIT FIVE}",
    "a half": "\N{VULGAR FRACTION ONE HALF}",
    "markup": "<b>500</b>",
    "long": LONG,
}
MOST = "999.999.999,99"


def _budget() -> tuple[str, str]:
    return f"/ansoeg/{a_draft().pk}/budget/", "EXPENSE-0-amount_kr"


def _report() -> tuple[str, str]:
    return f"/ansoeg/{told(case_in(S.PAID)).pk}/rapport/", "actual_0"


def _change() -> tuple[str, str]:
    return f"/ansoeg/{opened(case_in(S.ACCEPTED)).pk}/aendring/", "line_0"


PAGES = {"budget": _budget, "report": _report, "change": _change}


def shown(client: Client, url: str) -> dict[str, str]:
    """What the page sends of itself, and the words it must have."""
    html = client.get(url).content.decode()
    form = next(form for form in Forms.of(html, url) if form.typed)
    return form.sends | {"reason": "Prisen er en anden.", "story": "Det gik.", "went": "YES"}


def sent(client: Client, url: str, **typed: str):
    return client.post(url, shown(client, url) | typed)


@pytest.mark.parametrize("name", PAGES)
def test_a_wrong_amount_is_refused_with_a_sentence_and_stays(client: Client, name: str) -> None:
    client.force_login(people.asta())
    url, field = PAGES[name]()
    page_sends = shown(client, url) | {"EXPENSE-0-text": "Saft", "frem": "1"}

    for text in WRONG.values():
        page = client.post(url, page_sends | {field: text})
        assert page.status_code == 200, text[:20]
        html = page.content.decode()
        assert "<title>Fejl: " in html, text[:20]
        assert text not in html or "<" not in text
    case = Application.objects.get()
    assert case.budget_lines.filter(amount_kr__gt=Decimal(8_000)).count() == 0


def test_a_budget_of_the_largest_amounts(client: Client) -> None:
    client.force_login(people.asta())
    url, _field = _budget()
    rows = {f"EXPENSE-{n}-text": "Guld" for n in range(60)}
    rows |= {f"EXPENSE-{n}-amount_kr": MOST for n in range(60)}

    page = sent(client, url, **rows, **{"EXPENSE-TOTAL_FORMS": "60", "frem": "1"})

    assert page.status_code in (200, 302)
    assert client.get(url).status_code == 200
    assert client.get(url.replace("budget", "send")).status_code == 200
    assert client.post(
        url.replace("budget", "send"), {"send": "1", "is_true": "on"}
    ).status_code in (
        200,
        302,
    )


@pytest.mark.parametrize("name", ["report", "change"])
def test_largest_amounts_in_a_grant(client: Client, name: str) -> None:
    client.force_login(people.asta())
    url, field = PAGES[name]()

    rows = {field: MOST, "more_text_0": "Guld", "more_text_1": "Guld"}
    rows |= {f"more_actual_{n}": MOST for n in range(2)}
    rows |= {f"more_amount_{n}": MOST for n in range(2)}

    assert sent(client, url, **rows, send="1").status_code in (200, 302)
    assert client.get(url, follow=True).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-02-30", "i morgen", "31-12-99"])
def test_absurd_days(client: Client, day: str) -> None:
    client.force_login(people.asta())
    draft = a_draft()
    url = f"/ansoeg/{draft.pk}/ide/"

    for field in ("starts_on", "ends_on"):
        assert sent(client, url, **{field: day, "frem": "1"}).status_code in (200, 302)
    assert client.get(f"/ansoeg/{draft.pk}/send/").status_code == 200
    assert client.get(f"/ansoeg/{draft.pk}/kladde/").status_code == 302
    grant = opened(case_in(S.ACCEPTED))
    page = sent(client, f"/ansoeg/{grant.pk}/aendring/", ends_on=day)
    assert page.status_code in (200, 302)
