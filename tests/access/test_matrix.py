"""Every address x every person, and one's own case x a case one is disqualified in: who comes in.

The table is tests/access/who.py; a new address without a row there fails.
"""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from letters.previews import asking
from letters.views import papers
from pulje.models import User
from tests import people
from tests.access.places import World, addresses
from tests.access.who import READS, WRITES
from tests.people import seat

# they lead back to the case, which is shut
LEAD_BACK = {"staff:disqualify", "staff:impartiality", "staff:save_assessment"}
PEOPLE: dict[str, Callable[[], User]] = {
    "Asta": people.asta,
    "Ulla": people.ulla,
    "Karl": people.karl,
    "Dora": people.dora,
    "Sanne": people.sanne,
    "Mads": people.mads,
    "Fie": people.fie,
}


def a_client(who: Callable[[], User] | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def comes_in(client: Client, method: str, path: str) -> bool:
    """False when the answer is the log-in page, 403, 404 or 405; what was done is undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(path)
        if answer.streaming:
            b"".join(answer)  # the client closes the file at its end
        transaction.set_rollback(True)
    client.cookies = cookies
    to_log_in = answer.status_code == 302 and answer["Location"].startswith("/log-ind/?")
    return not to_log_in and answer.status_code not in (403, 404, 405)


def found(world: World, method: str) -> dict[str, str]:
    """Address -> the names of those who come in."""
    clients = {"nobody": a_client(None)} | {name: a_client(who) for name, who in PEOPLE.items()}
    return {
        name: " ".join(
            who for who, client in clients.items() if comes_in(client, method, world.path(pattern))
        )
        for name, pattern in addresses()
    }


def expected(table: dict[str, str]) -> dict[str, str]:
    """The table turned: address -> names; what stands nowhere lets nobody in."""
    rows = {name: who for who, names in table.items() for name in names.split()}
    return {name: rows.get(name, "") for name, _pattern in addresses()}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "table"), [("get", READS), ("post", WRITES)], ids=["get", "post"]
)
def test_who_comes_in(method: str, table: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for page in (asking, papers):  # no worker draws here: nobody waits for one
        monkeypatch.setattr(page, "PATIENCE_SECONDS", 0)

    assert found(World(), method) == expected(table)


@pytest.mark.django_db
def test_no_page_of_a_case_lets_the_disqualified_in():
    world = World()
    seat(world.case.applicant, people.karl())
    karl = a_client(people.karl)
    pages = [(name, world.path(p)) for name, p in addresses() if p.startswith("sag/<int:pk>/")]

    entered = [
        f"{method} {name}"
        for name, path in pages
        for method in ("get", "post")
        if name not in LEAD_BACK and comes_in(karl, method, path)
    ]

    assert len(pages) > 20
    assert entered == []


def test_table_names_real_addresses():
    names = {name for name, _pattern in addresses()}

    assert {n for table in (READS, WRITES) for row in table.values() for n in row.split()} <= names
