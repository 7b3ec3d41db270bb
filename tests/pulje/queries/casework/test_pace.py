"""Days with us and with the applicant, from the journal."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from pulje.models import Application
from pulje.queries.casework.pace import Pace, answer_by, pace, paces
from pulje.states import CaseState
from tests.factories import case_in, walk_to

S = CaseState
MONDAY = date(2027, 2, 1)


def line(day: int, before: str, after: str) -> SimpleNamespace:
    """A journal line so many days after the first of February 2027, at noon."""
    at = datetime(2027, 2, 1, 11, tzinfo=UTC) + timedelta(days=day)
    return SimpleNamespace(at=at, from_state=before, to_state=after)


SENT = line(0, S.DRAFT, S.SUBMITTED)
ASKED = line(3, S.SUBMITTED, S.RETURNED)
ANSWERED = line(8, S.RETURNED, S.SUBMITTED)
DECIDED = line(20, S.RECOMMENDED, S.APPROVED)
LIVES = {
    "a draft": ([], 5, Pace(0, 0)),
    "sent today": ([SENT], 0, Pace(0, 0)),
    "with us": ([SENT], 5, Pace(5, 0)),
    "asked today": ([SENT, ASKED], 3, Pace(3, 0, is_paused=True)),
    "with the applicant": ([SENT, ASKED], 9, Pace(3, 6, is_paused=True)),
    "back with us": ([SENT, ASKED, ANSWERED], 10, Pace(5, 5)),
    "a line that moves nothing": ([SENT, line(2, S.SUBMITTED, S.SUBMITTED)], 5, Pace(5, 0)),
    "asked and answered the same day": (
        [SENT, ASKED, line(3, S.RETURNED, S.SUBMITTED)],
        4,
        Pace(4, 0),
    ),
    "decided": ([SENT, ASKED, ANSWERED, DECIDED], 90, Pace(15, 5)),
    "heard before the decision": ([SENT, line(4, S.REVIEWED, S.IN_HEARING)], 9, Pace(4, 5, True)),
    "heard about the grant": ([SENT, DECIDED, line(30, S.PAID, S.IN_HEARING)], 40, Pace(20, 0)),
    "annulled": ([SENT, DECIDED, line(22, S.APPROVED, S.REVIEWED)], 25, Pace(23, 0)),
}


@pytest.mark.parametrize(("lines", "day", "days"), LIVES.values(), ids=LIVES)
def test_pace(lines, day, days):
    assert pace(lines, MONDAY + timedelta(days=day)) == days


def test_pace_counts_from_the_day_of_receipt():
    keyed_in = line(4, S.DRAFT, S.SUBMITTED)

    days = pace([keyed_in], MONDAY + timedelta(days=10), received_on=MONDAY)

    assert days == Pace(10, 0)


@pytest.mark.parametrize(
    ("asked", "answered", "due_on"),
    [
        (None, None, date(2027, 2, 15)),
        (2, 2, date(2027, 2, 15)),
        (2, 3, date(2027, 2, 16)),
        (4, 6, date(2027, 2, 15)),
        (4, 7, date(2027, 2, 16)),
        (1, 8, date(2027, 2, 22)),
    ],
    ids=["never asked", "same day", "a day", "over a weekend", "to the Monday", "a week"],
)
def test_answer_in_ten_working_days_is_pushed_by_the_applicant_s(asked, answered, due_on):
    lines = [SENT]
    if asked is not None:
        lines += [line(asked, S.SUBMITTED, S.RETURNED), line(answered, S.RETURNED, S.SUBMITTED)]

    given = answer_by(lines, MONDAY + timedelta(days=9), received_on=MONDAY, working_days=10)

    assert given == due_on


@pytest.mark.django_db
def test_paces_of_many_is_one_query(django_assert_num_queries):
    waiting = walk_to(S.RETURNED)
    decided, draft = case_in(S.APPROVED), case_in(S.DRAFT)
    today = timezone.localdate(waiting.at) + timedelta(days=4)
    cases = Application.objects.all()

    with django_assert_num_queries(1):
        found = paces(cases, today)

    assert found[waiting.case.pk] == Pace(1, 4, is_paused=True)
    assert found[decided.pk] == Pace(4, 0)
    assert draft.pk not in found
