"""The calendar of own deadlines: found by its key alone, with nothing personal in it."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from pulje.actions.applicant.preferences import renew_calendar
from pulje.models import Application, User
from pulje.states import CaseState
from tests import people
from tests.factories import a_round, case_in
from tests.workflow.opening import told

S = CaseState
pytestmark = pytest.mark.django_db


def fetch(client: Client, **headers: str):
    key = User.objects.get(pk=people.asta().pk).calendar_key or renew_calendar(people.asta())
    return client.get(f"/kalender/{key}.ics", headers=headers)


def test_every_deadline_of_ones_own(client: Client) -> None:
    closes_at = timezone.now().replace(microsecond=0) + timezone.timedelta(days=9)
    draft = case_in(S.DRAFT, round=a_round(closes_at=closes_at))
    rows = [draft, case_in(S.RETURNED), case_in(S.IN_HEARING), told(case_in(S.PAID))]
    case_in(S.APPROVED)  # its letter has not left
    case_in(S.IN_REVIEW)

    response = fetch(client)

    events = Calendar.from_ical(response.content).walk("VEVENT")
    found = {str(event["summary"]): event.decoded("dtstart") for event in events}
    pools = [f"{case.pool.name} 2027" for case in rows]
    assert found == {
        f"Send ansøgningen: {pools[0]}": closes_at,
        f"Svar på det, vi mangler: {pools[1]}, {rows[1].number}": rows[1].due_on,
        f"Svar på partshøring: {pools[2]}, {rows[2].number}": rows[2].due_on,
        f"Rapport: {pools[3]}, {rows[3].number}": rows[3].due_on,
    }
    text = response.content.decode()
    assert [word for word in ("Asta", "Fællesspisning", "Naboerne") if word in text] == []


def test_same_deadlines_are_the_same_file(client: Client) -> None:
    case = told(case_in(S.PAID))
    first = fetch(client)

    again = fetch(client, if_none_match=first.headers["ETag"])
    Application.objects.filter(pk=case.pk).update(due_on=date(2031, 1, 1))
    moved = fetch(client)

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert moved.headers["ETag"] != first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"


@pytest.mark.parametrize("number", [1, 3])
def test_calendar_costs_the_same(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _case in range(number):
        case_in(S.RETURNED)
    key = renew_calendar(people.asta())

    with django_assert_num_queries(3):
        client.get(f"/kalender/{key}.ics")


def test_key_is_all(client: Client) -> None:
    old = renew_calendar(people.asta())
    renew_calendar(people.asta())

    assert client.get(f"/kalender/{old}.ics").status_code == 404
    assert client.get(f"/kalender/{uuid4()}.ics").status_code == 404
    assert client.get("/kalender/asta.ics").status_code == 404
