"""Queryset methods are adjectives that chain."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from pulje.enums import ApplicantKind, PayeeKind, Role
from pulje.models import (
    Applicant,
    Application,
    Committee,
    CommitteeMember,
    Meeting,
    Membership,
    Round,
    User,
)
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_round, an_applicant, case_in

S = CaseState
pytestmark = pytest.mark.django_db


def states(rows) -> set[str]:
    return set(rows.values_list("state", flat=True))


def test_cases_by_where_they_stand():
    for state in (S.DRAFT, S.SUBMITTED, S.APPROVED, S.REJECTED):
        case_in(state)
    cases = Application.objects

    assert states(cases.open()) == {S.SUBMITTED}
    assert states(cases.granted()) == {S.APPROVED}
    assert states(cases.ended()) == {S.REJECTED}
    assert states(cases.submitted()) == {S.SUBMITTED, S.APPROVED, S.REJECTED}


def test_cases_by_whose_and_when():
    case, other = (
        case_in(S.RETURNED),
        case_in(S.SUBMITTED, applicant=an_applicant(signer=people.ulla())),
    )
    day = timedelta(days=1)
    cases = Application.objects

    assert list(cases.of_person(people.asta())) == [case]
    assert list(cases.of_person(people.ulla()).open()) == [other]
    assert list(cases.filter(pool=case.pool).late(case.due_on)) == []
    assert list(cases.filter(pool=case.pool).late(case.due_on + day)) == [case]
    assert list(cases.due_for_clock(case.clock_on - day)) == []
    assert list(cases.due_for_clock(case.clock_on)) == [case]


def test_case_in_the_applicant_s_words():
    case = case_in(S.RETURNED)
    assert case.public_state == "Vi mangler noget fra jer"

    case.applicant.kind = ApplicantKind.INDIVIDUAL
    assert case.public_state == "Vi mangler noget fra dig"


def test_memberships_that_hold():
    applicant = an_applicant()
    told = {"applicant": applicant, "role": "BOARD", "started_on": date(2020, 1, 1)}
    Membership.objects.create(user=people.ulla(), **told)
    Membership.objects.create(user=people.rie(), ended_on=date(2021, 1, 1), may_sign=True, **told)

    seats = applicant.memberships
    assert {seat.user for seat in seats.active()} == {people.asta(), people.ulla()}
    assert [seat.user for seat in seats.signing()] == [people.asta()]


@pytest.mark.parametrize(
    ("kind", "one", "payee"),
    [
        (ApplicantKind.INDIVIDUAL, True, PayeeKind.NEMKONTO),
        (ApplicantKind.ASSOCIATION, False, PayeeKind.NEMKONTO),
        (ApplicantKind.MUNICIPAL_INSTITUTION, False, PayeeKind.INTERNAL),
    ],
)
def test_how_an_applicant_is_spoken_to_and_paid(kind, one, payee):
    applicant = Applicant(kind=kind)

    assert (applicant.is_one_person, applicant.payee_kind) == (one, payee)


def test_seats_that_vote():
    a_committee()
    seat = CommitteeMember.objects.get(user=people.mads())
    seat.ended_on = date(2026, 6, 30)
    seat.save()

    assert CommitteeMember.objects.voting().count() == 3
    assert seat in CommitteeMember.objects.serving_on(date(2026, 6, 30))
    assert seat not in CommitteeMember.objects.serving_on(date(2026, 7, 1)).voting()
    assert seat not in CommitteeMember.objects.serving_on(date(2019, 12, 31))


def test_rounds_that_are_open():
    now, day = timezone.now(), timedelta(days=1)
    ongoing, ending = a_round(), a_round(closes_at=now)
    a_round(opens_at=now + day)
    a_round(closes_at=now - day)

    assert set(Round.objects.open_at(now)) == {ongoing, ending}


@pytest.mark.parametrize("model", [*apps.get_app_config("pulje").get_models()])
def test_every_row_says_what_it_is(model):
    given = {Meeting: {"held_at": timezone.now()}, Committee: {"name": "Kulturudvalget"}}

    assert str(model(**given.get(model, {})))


def test_people():
    boss = User.objects.create_superuser("boss@puljer.example", "x")

    assert (boss.roles, boss.is_staff, boss.is_internal) == ([Role.ADMINISTRATOR], True, True)
    assert User.objects.get_by_natural_key("BOSS@puljer.example") == boss
    anne = User(name="Anne Bo Carlsen", email="anne@puljer.example")
    assert (anne.get_short_name(), anne.get_full_name()) == ("Anne", "Anne Bo Carlsen")
    assert (anne.is_internal, anne.has_role(Role.LEADER)) == (False, False)
