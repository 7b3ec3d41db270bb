"""Deadlines count from the day the letter can be read; a reminder goes on no day it is no help."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.deadlines import (
    award_ladder,
    counted_from,
    information_ladder,
    is_working_day,
    reminder_ladder,
)

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
MONDAY = date(2027, 3, 1)
DUE = MONDAY + 14 * DAY


@pytest.mark.parametrize(
    ("due_on", "available_on", "counted"),
    [
        pytest.param(DUE, MONDAY, DUE, id="the same day"),
        pytest.param(DUE, MONDAY - DAY, DUE, id="a clock that is wrong shortens nothing"),
        pytest.param(DUE, MONDAY + DAY, DUE + DAY, id="a day later"),
        pytest.param(DUE - 2 * DAY, MONDAY, DUE - 2 * DAY, id="a Saturday that stands"),
        pytest.param(DUE, MONDAY + 5 * DAY, DUE + 7 * DAY, id="Saturday becomes Monday"),
        pytest.param(DUE, MONDAY + 6 * DAY, DUE + 7 * DAY, id="Sunday becomes Monday"),
        pytest.param(
            date(2027, 3, 24), MONDAY + DAY, date(2027, 3, 30), id="Easter: Thursday to Monday"
        ),
        pytest.param(DUE, MONDAY + 40 * DAY, date(2027, 4, 26), id="long after its own deadline"),
        pytest.param(MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 3 * DAY, id="one day is one day"),
    ],
)
def test_counted_from(due_on, available_on, counted):
    assert counted_from(due_on, told_on=MONDAY, available_on=available_on) == counted


@given(told_on=DAYS, days=st.integers(1, 365), later=st.integers(-10, 400))
def test_nobody_gets_fewer_days_than_the_letter_promised(told_on, days, later):
    due_on, available_on = told_on + days * DAY, told_on + later * DAY

    new = counted_from(due_on, told_on=told_on, available_on=available_on)

    assert new >= due_on
    assert new >= available_on + days * DAY
    assert new == due_on or is_working_day(new)
    assert new <= max(due_on, available_on + days * DAY) + 10 * DAY


@pytest.mark.parametrize(
    ("ladder", "before"), [(reminder_ladder, 14), (information_ladder, 3), (award_ladder, 7)]
)
def test_a_reminder_before_the_deadline_needs_time_before_it(ladder, before):
    """Given the day it would go, or later, it does not go at once."""
    usual = ladder(DUE)
    assert usual[0].send_on == DUE - before * DAY

    assert ladder(DUE, DUE - (before + 1) * DAY) == usual
    for given_on in (DUE - before * DAY, DUE - DAY):
        late = ladder(DUE, given_on)
        assert late[0].send_on == DUE + DAY
        assert late[0].new_due_on > DUE
        assert late[-1].send_on >= usual[-1].send_on
        assert [step.lapses for step in late] == [step.lapses for step in usual[-len(late) :]]
