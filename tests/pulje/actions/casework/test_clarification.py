from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.casework import clarification as actions
from pulje.actions.journal import note_down
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.queries.clock import Duty, due_now, original_due_on
from pulje.queries.told import LETTER_AVAILABLE
from pulje.rules.deadlines import working_days_after
from pulje.rules.delegation import answer_due
from pulje.states import CaseState
from pulje.templatetags.words import dato_aar
from tests import people
from tests.arrived import arrived
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
    told = {"parts": ["budget", "dates"], "due_on": due_on.isoformat(), "request": asked.pk}
    assert entry.data == told


@pytest.mark.parametrize(
    ("parts", "message", "days", "sentence"),
    [
        ([], "Tal", 14, "Vælg, hvad der mangler"),
        (["moon"], "Tal", 14, "Vælg, hvad der mangler"),
        (["budget"], " ", 14, "Vælg, hvad der mangler"),
        (["budget"], "Tal", 0, "Fristen skal ligge efter i dag."),
        (["budget"], "Tal", 367, "Fristen kan højst være den "),
    ],
    ids=["no part", "unknown part", "no words", "deadline today", "more than a year"],
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
    asked_on = timezone.localdate(asked.asked_at)
    waited = working_days_after(asked_on, timezone.localdate(now))
    assert (entry.from_state, entry.to_state) == (S.RETURNED, S.SUBMITTED)
    assert (asked.answer, asked.answered_at) == ("Nu passer det.", now)
    assert again(case).due_on == answer_due(timezone.localdate(case.submitted_at), 10 + waited)


def test_committee_s_case_has_two_weeks_for_its_next_step(now):
    case = case_in(S.RETURNED, requested_kr=Decimal(40_000))

    actions.answer_information(case, by=people.asta(), at=now, answer="Nu passer det.")

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
    assert entry.data == {"due_on": due_on.isoformat(), "hearing": hearing.pk}


@pytest.mark.parametrize(
    ("facts", "days", "sentence"),
    [
        (
            {"unknown": False},
            10,
            "Oplysningen skal ikke i partshøring, når ansøgeren allerede kender den",
        ),
        ({"against": False}, 10, "Oplysningen skal ikke i partshøring, når den ikke taler imod"),
        (
            {"essential": False},
            10,
            "Oplysningen skal ikke i partshøring, når den ikke er væsentlig",
        ),
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
    received_on = timezone.localdate(walk.case.submitted_at)
    waited = working_days_after(timezone.localdate(hearing.opened_at), timezone.localdate(walk.at))
    assert (walk.case.due_on, walk.case.clock_on) == (answer_due(received_on, 10 + waited), None)


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


# --- more time --------------------------------------------------------------------------------

EXTENDED = {
    S.RETURNED: -3,
    S.IN_HEARING: 1,
    S.APPROVED: -7,
    S.ACCEPTED: -14,
    S.PAID: -14,
    S.REPORT_RETURNED: -14,
}


@pytest.mark.parametrize("state", CaseState)
def test_extend_starts_the_ladder_anew_where_the_applicant_has_the_case(now, state):
    case = case_in(state)
    until = max(case.due_on or timezone.localdate(now), timezone.localdate(now))
    until += timedelta(days=30)
    told = {"by": people.karl(), "at": now, "until": until, "reason": "De venter på banken."}

    if state not in EXTENDED:
        with refuses(WrongState, "Kun en frist for at svare eller sende rapporten kan forlænges."):
            actions.extend(case, **told)
        return
    if state == S.APPROVED:
        _not_before_the_letter_nor_after_the_end(case, told)
    old = case.due_on
    entry = actions.extend(case, **told)

    case = again(case)
    assert (case.state, case.due_on) == (state, until)
    assert case.clock_on == until + timedelta(days=EXTENDED[state])
    assert original_due_on(case) in (until, None)
    assert entry.data == {
        "due_on": until.isoformat(),
        "old": old.isoformat(),
        "reason": "De venter på banken.",
    }
    waiting = [*case.information_requests.all(), *case.hearings.filter(ended_at=None)]
    assert {row.due_on for row in waiting} <= {until}


def _not_before_the_letter_nor_after_the_end(case, told):
    with refuses(WrongState, "Ansøgeren har ikke fået afgørelsen endnu."):
        actions.extend(case, **told)
    arrived(case)
    case.refresh_from_db()
    with refuses(RuleBroken, "Projektet slutter "):
        actions.extend(case, **(told | {"until": case.ends_on + timedelta(days=1)}))


def test_extend_has_its_borders(now):
    walk = walk_to(S.RETURNED, starts=now - timedelta(days=2))
    due_on = walk.case.due_on
    told = {"by": people.dora(), "at": now, "reason": "Banken"}

    for until in (due_on, due_on - timedelta(days=1)):
        with refuses(RuleBroken, f"Fristen er allerede {dato_aar(due_on)}. Vælg en senere dag."):
            actions.extend(walk.case, until=until, **told)
    with refuses(RuleBroken, "Fristen skal ligge efter i dag."):
        actions.extend(walk.case, until=timezone.localdate(now), **told)
    with refuses(RuleBroken, "Fristen kan højst være den "):
        actions.extend(walk.case, until=due_on + timedelta(days=367), **told)
    with refuses(RuleBroken, "Skriv, hvorfor fristen bliver forlænget."):
        actions.extend(walk.case, until=due_on + timedelta(days=1), **(told | {"reason": " "}))
    for who in (people.asta, people.fie, people.sanne):
        with refuses(NotAllowed, "Det kan du ikke gøre."):
            actions.extend(walk.case, until=due_on + timedelta(days=1), **(told | {"by": who()}))
    actions.extend(walk.case, until=due_on + timedelta(days=1), **told)


def test_a_reminder_before_the_extension_is_made_again_after_it(now):
    walk = walk_to(S.RETURNED)
    due_on = walk.case.due_on
    walk.case.reminders.create(kind="INFORMATION", due_on=due_on, number=1, made_at=walk.at)
    until = timezone.localdate(now) + timedelta(days=20)

    told = actions.extend(walk.case, by=people.karl(), at=now, until=until, reason="Banken")
    day = until - timedelta(days=3)
    assert due_now(again(walk.case), day).duty == Duty.WAIT  # nobody has been told of it yet
    note_down(walk.case, LETTER_AVAILABLE, by=None, at=now, data={"entry": told.number})

    due = due_now(again(walk.case), day)
    assert (due.duty, due.about, due.number) == (Duty.REMIND, until, 1)
