from datetime import date
from decimal import Decimal

import pytest

from pulje.rules.appeals import answer_by, is_better, is_too_late, last_day

TOLD = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2027, 3, 1), date(2027, 3, 29 + 1)),  # the 29th is Easter Monday
        (date(2027, 2, 1), date(2027, 3, 1)),
        (date(2027, 2, 6), date(2027, 3, 8)),
    ],
    ids=["ends on a holiday", "ends on a Monday", "ends on a Saturday"],
)
def test_answer_within_four_weeks_on_a_day_we_work(received_on, due_on):
    assert answer_by(received_on) == due_on


@pytest.mark.parametrize(
    ("basis", "told_on", "last"),
    [
        ("KFM", TOLD, None),
        ("FOL", TOLD, None),
        ("SEL18", TOLD, date(2027, 3, 29)),
        ("SEL18", None, None),
    ],
    ids=["kommunalfuldmagt", "folkeoplysning", "serviceloven", "nobody told yet"],
)
def test_last_day_to_complain(basis, told_on, last):
    assert last_day(basis, told_on) == last


@pytest.mark.parametrize(
    ("day", "last", "late"),
    [
        (date(2027, 3, 28), date(2027, 3, 29), False),
        (date(2027, 3, 29), date(2027, 3, 29), False),
        (date(2027, 3, 30), date(2027, 3, 29), True),
        (date(2037, 1, 1), None, False),
    ],
    ids=["before", "the last day", "the day after", "no deadline"],
)
def test_too_late(day, last, late):
    assert is_too_late(day, last) is late


@pytest.mark.parametrize(
    ("old", "new", "better"),
    [("5000", "5000.01", True), ("5000", "5000", False), ("1", "0", False)],
)
def test_only_more_is_an_answer(old, new, better):
    assert is_better(Decimal(old), Decimal(new)) is better
