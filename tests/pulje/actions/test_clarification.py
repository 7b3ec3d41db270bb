from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from pulje.actions import clarification as actions
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.queries.clock import original_due_on
from pulje.states import CaseState
from tests import people
from tests.factories import case_in, walk_to
from tests.pulje.actions.telling import again, refuses

S = CaseState
HEARING = {
    "fact": "Lokalet er lukket.",
    "source": "Ejendomscentret",
    "against": True,
    "essential": True,
    "unknown": True,
}


def in_days(now: datetime, days: int):
    return timezone.localdate(now) + timedelta(days=days)


# --- information ------------------------------------------------------------------------------


def test_ask_for_information_names_parts_and_deadline(now):
    case, due_on = case_in(S.SUBMITTED), in_days(now, 14)

    entry = actions.ask_for_information(
        case,
        by=people.karl(),
        at=now,
        parts=["budget", "dates"],
        message="Tallene går ikke op.",
        due_on=due_on,
    )

    case, asked = again(case), case.information_requests.get()
    assert (case.state, case.due_on, case.clock_on) == (S.RETURNED, due_on, in_days(now, 11))
    assert (asked.parts, asked.message, asked.due_on) == (
        ["budget", "dates"],
        "Tallene går ikke op.",
        due_on,
    )
    assert entry.data == {"parts": ["budget", "dates"], "due_on": due_on.isoformat()}


@pytest.mark.parametrize(
    ("parts", "message", "days", "sentence"),
    [
        ([], "Tal", 14, "Vælg, hvad der mangler"),
        (["moon"], "Tal", 14, "Vælg, hvad der mangler"),
        (["budget"], " ", 14, "Vælg, hvad der mangler"),
        (["budget"], "Tal", 0, "Fristen skal ligge efter i dag."),
    ],
    ids=["no part", "unknown part", "no words", "deadline today"],
)
def test_ask_for_information_refuses(now, parts, message, days, sentence):
    case = case_in(S.SUBMITTED)

    with refuses(RuleBroken, sentence):
        actions.ask_for_information(
            case,
            by=people.karl(),
            at=now,
            parts=parts,
            message=message,
            due_on=in_days(now, days),
        )


def test_answer_information_closes_the_request_and_goes_back(now):
    case = case_in(S.RETURNED)

    entry = actions.answer_information(case, by=people.asta(), at=now, answer="Nu passer det.")

    asked = case.information_requests.get()
    assert (entry.from_state, entry.to_state) == (S.RETURNED, S.SUBMITTED)
    assert (asked.answer, asked.answered_at) == ("Nu passer det.", now)
    assert again(case).due_on == in_days(now, 14)


def test_answer_information_is_the_applicant_s(now):
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.answer_information(case_in(S.RETURNED), by=people.karl(), at=now, answer="Ja")


# --- hearing ----------------------------------------------------------------------------------


def test_open_hearing_puts_the_fact_to_the_applicant(now):
    case, due_on = case_in(S.REVIEWED), in_days(now, 10)

    entry = actions.open_hearing(case, by=people.karl(), at=now, due_on=due_on, **HEARING)

    case, hearing = again(case), case.hearings.get()
    assert (case.state, case.due_on, case.clock_on) == (S.IN_HEARING, due_on, in_days(now, 11))
    assert (hearing.fact, hearing.source, hearing.opened_by) == (
        "Lokalet er lukket.",
        "Ejendomscentret",
        people.karl(),
    )
    assert entry.data == {"due_on": due_on.isoformat()}


@pytest.mark.parametrize(
    ("facts", "days", "sentence"),
    [
        ({"unknown": False}, 10, "Partshøring er for oplysninger, der er ukendte"),
        ({"against": False}, 10, "Partshøring er for"),
        ({"essential": False}, 10, "Partshøring er for"),
        ({"fact": " "}, 10, "Skriv oplysningen, og hvor den kommer fra."),
        ({"source": ""}, 10, "Skriv oplysningen, og hvor den kommer fra."),
        ({}, 0, "Fristen skal ligge efter i dag."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_open_hearing_refuses(now, facts, days, sentence):
    case = case_in(S.REVIEWED)

    with refuses(RuleBroken, sentence):
        actions.open_hearing(
            case, by=people.karl(), at=now, due_on=in_days(now, days), **(HEARING | facts)
        )


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.REVIEWED])
def test_answer_hearing_goes_back_to_where_it_came_from(state):
    walk = walk_to(state)
    walk.open_hearing()
    walk.answer_hearing()

    hearing = walk.case.hearings.get()
    assert walk.case.state == state
    assert (hearing.is_answered, hearing.answer) == (True, "Vi har fundet et andet.")
    assert (walk.case.due_on, walk.case.clock_on) == (in_days(walk.at, 14), None)


@pytest.mark.parametrize("state", [S.ACCEPTED, S.PAID, S.REPORT_RETURNED])
def test_report_keeps_its_deadline_through_a_hearing(state):
    walk = walk_to(state)
    due_on = original_due_on(walk.case)
    walk.open_hearing()
    walk.answer_hearing()

    assert (walk.case.state, walk.case.due_on) == (state, due_on)
    assert walk.case.clock_on == timezone.localdate(walk.at)


def test_award_can_be_answered_three_weeks_after_a_hearing():
    walk = walk_to(S.APPROVED)
    walk.open_hearing()
    walk.answer_hearing()

    assert (walk.case.state, walk.case.due_on) == (S.APPROVED, in_days(walk.at, 21))
    assert original_due_on(walk.case) == walk.case.due_on


def test_reported_case_closes_after_a_hearing():
    walk = walk_to(S.REPORTED)
    walk.open_hearing()
    walk.answer_hearing()

    assert (walk.case.state, walk.case.due_on) == (S.REPORTED, None)
    assert walk.case.clock_on == in_days(walk.at, walk.case.version.closing_days)


def test_hearing_expires_the_day_after_its_deadline():
    case = case_in(S.IN_HEARING)
    last_day = timezone.make_aware(datetime.combine(case.due_on, datetime.max.time()))

    with refuses(RuleBroken, "Ansøgeren har stadig tid til at svare"):
        actions.expire_hearing(case, at=last_day)

    entry = actions.expire_hearing(case, at=last_day + timedelta(seconds=1))
    assert (entry.event, entry.by, entry.to_state) == ("expire_hearing", None, S.REVIEWED)
    assert case.hearings.get().is_answered is False


def test_hearing_refuses_the_wrong_hands(now):
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.answer_hearing(case_in(S.IN_HEARING), by=people.karl(), at=now, answer="Ja")
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.expire_hearing(case_in(S.REVIEWED), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.open_hearing(
            case_in(S.REVIEWED), by=people.fie(), at=now, due_on=in_days(now, 9), **HEARING
        )
