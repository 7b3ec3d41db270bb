"""The inbox's folders, counts, filters, order, absence, and the way through a list."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from pulje.actions.casework.absence import set_absence
from pulje.actions.casework.handover import assign
from pulje.enums import Role
from pulje.queries.casework.inbox import (
    NOBODY,
    ORDERS,
    Filters,
    Steps,
    absent_for,
    colleagues_today,
    first_folder,
    folder_counts,
    found_in,
    listed,
    neighbours,
    read_filters,
)
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
S = CaseState


def numbers(cases):
    return [case.number for case in cases]


def taken_by(person, case):
    carry_out(assign, case, by=person, to=person)
    return case


def test_folders_hold_what_their_names_say():
    karl, rie, dora = people.karl(), people.rie(), people.dora()
    mine = taken_by(karl, case_in(S.SUBMITTED))
    free = case_in(S.SUBMITTED)
    waiting = taken_by(karl, case_in(S.RETURNED))
    review = case_in(S.IN_REVIEW)  # Karl did the first step, so the case is his
    small = case_in(S.RECOMMENDED)
    case_in(S.REJECTED)
    case_in(S.DRAFT)

    assert folder_counts(karl) == {"mine": 2, "vurder": 0, "team": 3, "ledige": 1, "venter": 2}
    assert folder_counts(rie)["vurder"] == 1
    assert folder_counts(dora)["afgoer"] == 1
    assert folder_counts(dora)["venter"] == 2
    assert set(numbers(listed(karl, Filters("mine")))) == {mine.number, review.number}
    assert numbers(listed(karl, Filters("ledige"))) == [free.number]
    assert set(numbers(listed(karl, Filters("venter")))) == {waiting.number, small.number}
    assert numbers(listed(rie, Filters("vurder"))) == [review.number]
    assert numbers(listed(dora, Filters("afgoer"))) == [small.number]


def test_counts_are_the_lengths_of_the_folders():
    karl = people.karl()
    for state in S:
        case_in(state)

    for folder, count in folder_counts(karl).items():
        assert len(listed(karl, Filters(folder))) == count, folder
        assert found_in(karl, Filters(folder)).count == count, folder


def test_filters_and_orders():
    today, karl = timezone.localdate(), people.karl()
    small = case_in(S.SUBMITTED, requested_kr=5000, title="Å")
    big = taken_by(karl, case_in(S.REVIEWED, requested_kr=9000, title="Byt"))
    for case, days in ((small, 30), (big, -1)):
        case.due_on = today + timedelta(days=days)
        case.save(update_fields=["due_on"])
    both = {small.number, big.number}
    table = {
        Filters("team"): both,
        Filters("team", pool=big.pool_id): {big.number},
        Filters("team", state=S.REVIEWED): {big.number},
        Filters("team", worker=NOBODY): {small.number},
        Filters("team", worker=str(karl.pk)): {big.number},
        Filters("team", is_urgent=True): {big.number},
        Filters("team", search="byt"): {big.number},
        Filters("mine", search="å"): set(),
        Filters(): both,
        Filters(state=S.PAID): set(),
    }

    for filters, wanted in table.items():
        found = found_in(karl, filters)
        assert set(numbers(found.cases)) == wanted, filters
        assert found.count == len(wanted), filters
        assert read_filters(dict(parse_qsl(filters.query))) == filters
    assert found_in(karl, Filters("team")).urgent == 1
    assert found_in(karl, Filters("team")).asked_kr == 14000
    assert found_in(karl, Filters("team", search="bty")).is_near
    for order in ORDERS:
        wanted = [small.number, big.number]
        if order in ("frist", "beloeb", "nyeste", "sag"):
            wanted.reverse()
        assert numbers(listed(karl, Filters("team", order=order)))[0] in both, order
        if order in ("frist", "-frist", "beloeb", "-beloeb"):
            assert numbers(listed(karl, Filters("team", order=order))) == wanted, order


def test_what_makes_no_sense_in_an_address_is_left_out():
    senseless = {"vis": "x", "pulje": "²", "status": "x", "sagsbehandler": "-1", "orden": "x"}

    assert read_filters(senseless | {"haster": "2", "q": "\x00 "}) == Filters(order="nyeste")
    assert read_filters({}, "mine") == Filters("mine")
    assert Filters("mine").query == "vis=mine"


def test_a_substitute_has_the_tasks_of_who_is_away():
    today, karl, rie = timezone.localdate(), people.karl(), people.rie()
    mine = taken_by(karl, case_in(S.REVIEWED))
    review = taken_by(people.person("Rolf", Role.CASE_WORKER), case_in(S.IN_REVIEW))
    review.assessments.update(reviewer=karl)
    before = folder_counts(rie)
    days = {"from_on": today, "until_on": today + timedelta(days=3)}

    set_absence(karl, by=karl, at=timezone.now(), substitute=rie, **days)

    counts = folder_counts(rie)
    assert (before["mine"], before["vurder"]) == (0, 0)
    assert (counts["mine"], counts["vurder"]) == (1, 1)
    assert [case.task_of for case in found_in(rie, Filters("mine")).cases] == [karl.pk]
    assert [case.task_of for case in found_in(rie, Filters("vurder")).cases] == [karl.pk]
    assert absent_for(rie, colleagues_today(today)) == {karl.pk: "Karl"}
    assert absent_for(rie, colleagues_today(today + timedelta(days=4))) == {}
    assert folder_counts(karl)["mine"] == 1
    assert numbers(listed(rie, Filters("mine"))) == [mine.number]


def test_the_way_through_a_list():
    karl, team = people.karl(), Filters("team")
    cases = [case_in(S.SUBMITTED) for _ in range(3)]
    for day, case in enumerate(cases, start=1):
        case.due_on = date(2026, 1, day)
        case.save(update_fields=["due_on"])
    first, middle, last = cases
    done = case_in(S.REJECTED)

    assert neighbours(karl, team, first) == Steps(1, 3, None, middle.pk)
    assert neighbours(karl, team, middle) == Steps(2, 3, first.pk, last.pk)
    assert neighbours(karl, team, last) == Steps(3, 3, middle.pk, None)
    assert neighbours(karl, team, done) == Steps(0, 3, None, first.pk)
    assert neighbours(karl, Filters("mine"), done) == Steps(0, 0, None, None)


def test_first_folder_is_the_first_of_ones_own_with_something_in_it():
    assert first_folder({"mine": 0, "vurder": 2, "team": 9}) == "vurder"
    assert first_folder({"mine": 0, "vurder": 0, "team": 9}) == "mine"
