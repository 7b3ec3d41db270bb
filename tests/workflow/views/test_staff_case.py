"""The case page in every state, and its verbs sent as a person sends them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulje.models import ConflictOfInterest
from pulje.permissions import may
from pulje.queries.casework.case import find_case, verbs_of
from pulje.states import CaseState, Verb
from tests import people
from tests.factories import case_in

pytestmark = pytest.mark.django_db
HOUSE = (people.karl, people.rie, people.dora, people.fie)
SEEN = [state for state in CaseState if state != CaseState.DRAFT]
MOST_QUERIES = 15  # the goal of issue 2


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("state", SEEN)
def test_case_page_shows_every_state_to_everybody_in_the_house(client, state):
    case = case_in(state)

    for who in HOUSE:
        client.force_login(who(), backend="django.contrib.auth.backends.ModelBackend")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/sag/{case.pk}/")
        assert response.status_code == 200
        assert case.number in text_of(response)
        assert len(queries) <= MOST_QUERIES, [q["sql"][:90] for q in queries]


@pytest.mark.parametrize("state", SEEN)
def test_verbs_of_are_those_check_may_allows(state):
    case = case_in(state)
    _offers_what_is_allowed(case)
    case.applicant.memberships.update(ended_on=case.state_since)  # nobody of theirs can log in
    _offers_what_is_allowed(case)


def _offers_what_is_allowed(case):
    for who in HOUSE:
        person = who()
        found, standing = find_case(case.pk, person)
        offered = {verb for verb in verbs_of(person, found, standing) if verb in Verb.values}
        allowed = {str(verb) for verb in Verb if may(person, verb, case)}
        assert offered <= allowed
        assert allowed - offered <= {"decide", "redecide", "claim_repayment"}


def test_a_draft_is_not_there(client):
    case = case_in(CaseState.DRAFT)
    client.force_login(people.karl(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/sag/{case.pk}/").status_code == 404


@pytest.mark.parametrize("who", [people.asta, people.ulla, people.mads])
def test_case_page_is_for_the_house_only(client, who):
    case = case_in(CaseState.SUBMITTED)
    client.force_login(who(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/sag/{case.pk}/").status_code == 403
    assert client.get("/sag/").status_code == 403


def test_whoever_screens_a_case_nobody_has_is_suggested_to_assess_it(client):
    case, rie, karl = case_in(CaseState.SUBMITTED), people.rie(), people.karl()
    client.force_login(karl)

    page = text_of(client.get(f"/sag/{case.pk}/"))

    ticks = re.findall(r'name="reviewers" value="(\d+)"( checked)?', page)
    assert sorted(ticks) == sorted([(f"{karl.pk}", " checked"), (f"{rie.pk}", "")])


def test_disqualified_person_sees_the_lock_and_nothing_else(client):
    case = case_in(CaseState.RECOMMENDED)
    karl = people.karl()
    ConflictOfInterest.objects.create(
        application=case, user=karl, reason="Bror", declared_at=case.created_at, declared_by=karl
    )
    client.force_login(karl, backend="django.contrib.auth.backends.ModelBackend")

    locked = client.get(f"/sag/{case.pk}/")

    assert locked.status_code == 403
    assert "låst for dig" in text_of(locked)
    assert "Godt for kvarteret" not in text_of(locked)
    assert client.get(f"/sag/{case.pk}/assign/").status_code == 403
    refused = client.post(f"/sag/{case.pk}/send_back/", {"reason": "Nej"})
    assert (refused.status_code, "inhabil" in text_of(refused)) == (403, True)
    case.refresh_from_db()
    assert case.state == CaseState.RECOMMENDED
