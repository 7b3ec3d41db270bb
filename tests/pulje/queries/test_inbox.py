"""The inbox's folders, counts, order and search."""

import pytest

from pulje.actions.application import assign
from pulje.queries.inbox import Filters, all_cases, first_folder, folder_counts, inbox
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, case_in
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
    assert set(numbers(inbox(karl, Filters("mine")))) == {mine.number, review.number}
    assert numbers(inbox(karl, Filters("ledige"))) == [free.number]
    assert set(numbers(inbox(karl, Filters("venter")))) == {waiting.number, small.number}
    assert numbers(inbox(rie, Filters("vurder"))) == [review.number]
    assert numbers(inbox(dora, Filters("afgoer"))) == [small.number]


def test_counts_are_the_lengths_of_the_folders():
    karl = people.karl()
    for state in S:
        case_in(state)

    for folder, count in folder_counts(karl).items():
        assert len(inbox(karl, Filters(folder))) == count, folder


def test_latest_deadline_first_and_other_orders():
    early, late = case_in(S.SUBMITTED, requested_kr=5000), case_in(S.REVIEWED, requested_kr=9000)
    early.due_on, late.due_on = "2026-01-05", "2026-01-01"
    early.save(update_fields=["due_on"])
    late.save(update_fields=["due_on"])
    karl = people.karl()

    assert numbers(inbox(karl, Filters("team"))) == [late.number, early.number]
    assert numbers(inbox(karl, Filters("team", order="beloeb"))) == [late.number, early.number]
    assert numbers(inbox(karl, Filters("team", order="alder")))[0] == early.number


def test_search_by_number_title_and_applicant():
    wanted = case_in(
        S.SUBMITTED, title="Lektiecafé", applicant=an_applicant(name="Birkerød Venner")
    )
    case_in(S.SUBMITTED, title="Havnekor")

    for typed in (wanted.number.lower(), "lektie", "birkerød"):
        assert numbers(all_cases(Filters(search=typed))) == [wanted.number], typed
    assert numbers(all_cases(Filters(search="harzen"))) == []
    assert numbers(all_cases(Filters(pool=wanted.pool_id))) == [wanted.number]
    assert numbers(all_cases(Filters(state=S.PAID))) == []


def test_first_folder_is_the_first_of_ones_own_with_something_in_it():
    assert first_folder({"mine": 0, "vurder": 2, "team": 9}) == "vurder"
    assert first_folder({"mine": 0, "vurder": 0, "team": 9}) == "mine"
