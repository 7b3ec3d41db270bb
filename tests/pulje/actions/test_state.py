from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pulje.actions.state import came_from, lock, lock_all, move, move_many
from pulje.errors import WrongState
from pulje.states import CaseState, Verb
from tests import people
from tests.factories import case_in, walk_to
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState


def test_move_writes_state_deadlines_and_journal_together(now):
    case = lock(case_in(S.APPROVED))

    entry = move(case, Verb.DECLINE, by=people.asta(), at=now, data={"why": "penge nok"})

    case = again(case)
    assert (case.state, case.state_since, case.due_on, case.clock_on) == (
        S.DECLINED,
        now,
        None,
        None,
    )
    assert last_line(case) == entry
    assert (entry.event, entry.from_state, entry.to_state, entry.by) == (
        "decline",
        S.APPROVED,
        S.DECLINED,
        people.asta(),
    )
    assert (case.journal_length, case.journal_head) == (entry.number, entry.hash)


def test_move_refuses_a_verb_that_does_not_begin_here(now):
    case = lock(case_in(S.SUBMITTED))

    with refuses(WrongState, "Det kan ikke gøres nu. Sagen står som ”Modtaget”."):
        move(case, Verb.ACCEPT, by=people.asta(), at=now)


def test_move_to_a_state_the_table_does_not_know_is_a_mistake_of_ours(now):
    case = lock(case_in(S.IN_REVIEW))

    with pytest.raises(AssertionError, match="does not lead to"):
        move(case, Verb.RECORD_ASSESSMENT, by=people.rie(), at=now, to=S.CLOSED)


def test_closed_case_has_its_day_in_denmark():
    case = lock(case_in(S.REJECTED))

    move(case, Verb.CLOSE, by=None, at=datetime(2027, 12, 31, 23, 30, tzinfo=UTC))

    assert again(case).closed_on == date(2028, 1, 1)


def test_move_many_moves_all_or_none(now):
    ready, moved = case_in(S.APPROVED), case_in(S.REJECTED)
    cases = lock_all([ready, moved])

    with refuses(WrongState, f"{moved.number} kan ikke flyttes"):
        move_many(
            cases,
            Verb.DECLINE,
            by=people.asta(),
            at=now,
            to=lambda _case: S.DECLINED,
            due_on=lambda _case: None,
            clock_on=lambda _case: None,
            data=lambda _case: {},
        )

    assert again(ready).state == S.APPROVED


def test_lock_all_keeps_the_order_of_keys():
    first, second = case_in(S.SUBMITTED), case_in(S.SUBMITTED)

    assert lock_all([second, first]) == [first, second]


@pytest.mark.parametrize(
    ("way", "back_to"),
    [
        (("ask",), S.SUBMITTED),
        (("accept_for_review", "ask"), S.IN_REVIEW),
        (("accept_for_review", "review", "ask"), S.REVIEWED),
        (("ask", "answer", "accept_for_review", "ask"), S.IN_REVIEW),
    ],
)
def test_case_goes_back_to_where_it_came_from(way, back_to):
    walk = walk_to(S.SUBMITTED)
    for step in way:
        getattr(walk, step)()

    assert came_from(walk.case) == back_to

    walk.answer()
    assert walk.case.state == back_to


def test_draft_has_no_way_back():
    with pytest.raises(AssertionError, match="no way back"):
        came_from(case_in(S.DRAFT, requested_kr=Decimal(100)))
