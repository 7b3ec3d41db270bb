from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.deadlines import (
    Step,
    add_months,
    add_working_days,
    draft_ladder,
    information_ladder,
    is_late,
    is_working_day,
    latest_deadline,
    next_clock,
    next_step,
    reminder_ladder,
    with_full_time,
)

DUE = date(2027, 6, 30)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received_at", "closes_at", "late"),
    [
        pytest.param(NOON - timedelta(seconds=1), NOON, False, id="a second before"),
        pytest.param(NOON, NOON, False, id="exactly at the deadline is in time"),
        pytest.param(NOON + timedelta(microseconds=1), NOON, True, id="a microsecond after"),
        pytest.param(NOON, None, False, id="a pool open all year has no late"),
    ],
)
def test_is_late(received_at, closes_at, late):
    assert is_late(received_at, closes_at) is late


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2027, 3, 1), True, id="an ordinary Monday"),
        pytest.param(date(2027, 3, 6), False, id="Saturday"),
        pytest.param(date(2027, 3, 7), False, id="Sunday"),
        pytest.param(date(2027, 3, 25), False, id="skærtorsdag"),
        pytest.param(date(2027, 3, 29), False, id="anden påskedag"),
        pytest.param(date(2023, 5, 5), False, id="store bededag, its last year"),
        pytest.param(date(2024, 4, 26), True, id="store bededag, abolished from 2024"),
        pytest.param(date(2028, 6, 5), False, id="grundlovsdag on a Monday"),
        pytest.param(date(2027, 12, 23), True, id="the day before Christmas Eve"),
        pytest.param(date(2027, 12, 24), False, id="Christmas Eve on a Friday"),
        pytest.param(date(2027, 12, 31), False, id="New Year's Eve on a Friday"),
        pytest.param(date(2026, 5, 1), True, id="1 May is worked"),
    ],
)
def test_is_working_day(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        pytest.param(date(2027, 3, 1), 1, date(2027, 3, 2), id="Monday plus one"),
        pytest.param(date(2027, 3, 5), 1, date(2027, 3, 8), id="Friday plus one is Monday"),
        pytest.param(date(2027, 3, 6), 1, date(2027, 3, 8), id="Saturday plus one is Monday"),
        pytest.param(date(2027, 3, 1), 10, date(2027, 3, 15), id="ten is two weeks"),
        pytest.param(date(2027, 3, 24), 1, date(2027, 3, 30), id="over Easter"),
        pytest.param(date(2027, 12, 23), 1, date(2027, 12, 27), id="over Christmas"),
        pytest.param(date(2027, 12, 30), 1, date(2028, 1, 3), id="over New Year"),
        pytest.param(date(2027, 3, 1), 0, date(2027, 3, 1), id="zero on a working day"),
        pytest.param(date(2027, 3, 6), 0, date(2027, 3, 8), id="zero on a Saturday moves on"),
    ],
)
def test_add_working_days(day, days, expected):
    assert add_working_days(day, days) == expected


def test_add_working_days_refuses_to_count_backwards():
    with pytest.raises(ValueError, match="negative"):
        add_working_days(DUE, -1)


@given(DAYS, st.integers(1, 60))
def test_working_days_between_are_exactly_those_asked_for(day, days):
    end = add_working_days(day, days)

    passed = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(is_working_day(each) for each in passed) == days
    assert is_working_day(end)


@given(DAYS, st.integers(1, 30), st.integers(0, 30))
def test_working_days_add_up(day, first, then):
    assert add_working_days(add_working_days(day, first), then) == add_working_days(
        day, first + then
    )


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(date(2027, 1, 15), 2, date(2027, 3, 15), id="inside a year"),
        pytest.param(date(2027, 12, 1), 1, date(2028, 1, 1), id="over New Year"),
        pytest.param(date(2027, 10, 1), 2, date(2027, 12, 1), id="into December"),
        pytest.param(date(2026, 12, 31), 2, date(2027, 2, 28), id="into short February"),
        pytest.param(date(2027, 12, 31), 2, date(2028, 2, 29), id="into leap February"),
        pytest.param(date(2027, 1, 15), 0, date(2027, 1, 15), id="no months"),
        pytest.param(date(2027, 1, 15), 36, date(2030, 1, 15), id="three years"),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


def test_latest_deadline_is_a_year_ahead():
    assert latest_deadline(date(2027, 11, 22)) == date(2028, 11, 22)
    assert latest_deadline(date(2028, 2, 29)) == date(2029, 2, 28)


def test_reminder_ladder_has_four_letters_and_ends_in_a_hearing():
    assert reminder_ladder(DUE) == (
        Step(1, date(2027, 6, 16), date(2027, 6, 30)),
        Step(2, date(2027, 7, 1), date(2027, 7, 14)),
        Step(3, date(2027, 7, 15), date(2027, 7, 29)),
        Step(4, date(2027, 7, 30), date(2027, 8, 13)),
    )


def test_information_ladder_reminds_once_and_then_lapses():
    assert information_ladder(DUE) == (
        Step(1, date(2027, 6, 27), DUE),
        Step(2, date(2027, 7, 14), date(2027, 7, 14), lapses=True),
    )


@pytest.mark.parametrize(
    ("sent", "today", "number"),
    [
        pytest.param({}, date(2027, 6, 15), None, id="15 days before: nothing"),
        pytest.param({}, date(2027, 6, 16), 1, id="14 days before: the reminder"),
        pytest.param({1}, date(2027, 6, 30), None, id="on the deadline: nothing"),
        pytest.param({1}, date(2027, 7, 1), 2, id="the day after: first rykker"),
        pytest.param({1, 2}, date(2027, 7, 14), None, id="14 days after: nothing"),
        pytest.param({1, 2}, date(2027, 7, 15), 3, id="15 days after: second rykker"),
        pytest.param({1, 2, 3}, date(2027, 7, 30), 4, id="30 days after: the last, with hearing"),
        pytest.param({1, 2, 3, 4}, date(2028, 1, 1), None, id="all sent: nothing more"),
        pytest.param({}, date(2028, 1, 1), 1, id="the clock stood still: still the first"),
        pytest.param({1, 3}, date(2028, 1, 1), 2, id="a hole is filled before going on"),
    ],
)
def test_next_step(sent, today, number):
    step = next_step(reminder_ladder(DUE), frozenset(sent), today)

    assert (step.number if step else None) == number


def test_lapse_never_comes_without_the_reminder():
    long_after = DUE + timedelta(days=400)

    step = next_step(information_ladder(DUE), frozenset(), long_after)

    assert step == Step(1, date(2027, 6, 27), DUE)


@pytest.mark.parametrize(
    ("sent", "clock"),
    [
        pytest.param({}, date(2027, 6, 16), id="nothing sent"),
        pytest.param({1, 2}, date(2027, 7, 15), id="two sent"),
        pytest.param({2}, date(2027, 6, 16), id="a hole"),
        pytest.param({1, 2, 3, 4}, None, id="all sent"),
    ],
)
def test_next_clock(sent, clock):
    assert next_clock(reminder_ladder(DUE), frozenset(sent)) == clock


@given(
    st.sampled_from([reminder_ladder, information_ladder]),
    DAYS,
    st.lists(st.integers(-30, 90), min_size=1, max_size=40),
)
def test_however_the_clock_runs_no_step_is_skipped_and_none_is_taken_twice(build, due_on, visits):
    ladder, taken = build(due_on), []

    for offset in sorted(visits):
        today = due_on + timedelta(days=offset)
        while step := next_step(ladder, frozenset(taken), today):
            assert step.send_on <= today
            taken.append(step.number)

    last = due_on + timedelta(days=max(visits))
    assert taken == [step.number for step in ladder if step.send_on <= last]
    clock = next_clock(ladder, frozenset(taken))
    assert clock is None or clock > last


@given(st.sampled_from([reminder_ladder, information_ladder]), DAYS)
def test_a_ladder_only_goes_upwards(build, due_on):
    ladder = build(due_on)

    assert [step.number for step in ladder] == list(range(1, len(ladder) + 1))
    assert all(step.send_on <= step.new_due_on for step in ladder)
    assert all(a.send_on < b.send_on for a, b in zip(ladder, ladder[1:], strict=False))
    assert all(a.new_due_on < b.send_on for a, b in zip(ladder, ladder[1:], strict=False))


@pytest.mark.parametrize(
    ("sent_on", "expected"),
    [
        pytest.param(
            date(2027, 6, 30), Step(2, DUE + timedelta(1), DUE + timedelta(14)), id="before"
        ),
        pytest.param(
            date(2027, 7, 1), Step(2, DUE + timedelta(1), DUE + timedelta(14)), id="in time"
        ),
        pytest.param(
            date(2027, 7, 4), Step(2, DUE + timedelta(4), DUE + timedelta(17)), id="3 late"
        ),
    ],
)
def test_with_full_time(sent_on, expected):
    assert with_full_time(reminder_ladder(DUE)[1], sent_on) == expected


@pytest.mark.parametrize(
    ("begun", "touched", "closes", "expected"),
    [
        pytest.param(0, 0, 100, [(1, 93, 100), (2, 107, 113), (3, 114, 114)], id="long before"),
        pytest.param(0, 0, 7, [(1, 6, 7), (2, 53, 59), (3, 60, 60)], id="the last week"),
        pytest.param(0, 0, 1, [(2, 53, 59), (3, 60, 60)], id="the day before"),
        pytest.param(0, 0, None, [(2, 53, 59), (3, 60, 60)], id="open all year"),
        pytest.param(0, 90, None, [(2, 143, 149), (3, 150, 150)], id="written in later"),
    ],
)
def test_draft_ladder(begun, touched, closes, expected):
    def day(days):
        return DUE + timedelta(days=days)

    ladder = draft_ladder(day(begun), day(touched), None if closes is None else day(closes))

    assert ladder == tuple(
        Step(number, day(send), day(due), lapses=number == 3) for number, send, due in expected
    )
