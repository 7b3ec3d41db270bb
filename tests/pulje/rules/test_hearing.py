from datetime import date
from itertools import product

import pytest

from pulje.rules.hearing import blocks_decision, is_heard, must_hear

DUE = date(2027, 4, 15)


@pytest.mark.parametrize("facts", list(product([True, False], repeat=4)))
def test_must_hear_only_when_all_four_hold(facts):
    from_others, against, essential, unknown = facts

    heard = must_hear(
        from_others=from_others, against=against, essential=essential, unknown=unknown
    )

    assert heard is (facts == (True, True, True, True))


@pytest.mark.parametrize(
    ("answered_on", "today", "blocks"),
    [
        pytest.param(None, date(2027, 4, 1), True, id="before the deadline, no answer"),
        pytest.param(None, DUE, True, id="on the deadline, no answer: the day is theirs"),
        pytest.param(None, date(2027, 4, 16), False, id="the day after, no answer"),
        pytest.param(date(2027, 4, 2), date(2027, 4, 2), False, id="answered today"),
        pytest.param(date(2027, 4, 15), date(2027, 4, 15), False, id="answered on the deadline"),
    ],
)
def test_blocks_decision(answered_on, today, blocks):
    assert blocks_decision(due_on=DUE, answered_on=answered_on, today=today) is blocks


@pytest.mark.parametrize(
    ("told_on", "today", "heard"),
    [
        pytest.param(None, date(2027, 5, 1), False, id="nobody could read it"),
        pytest.param(date(2027, 4, 1), DUE, False, id="the last day is theirs"),
        pytest.param(date(2027, 4, 1), date(2027, 4, 16), True, id="the day after"),
    ],
)
def test_is_heard(told_on, today, heard):
    assert is_heard(told_on=told_on, due_on=DUE, today=today) is heard
