from datetime import date

import pytest

from pulje.rules.retention import erase_on


@pytest.mark.parametrize(
    ("closed_on", "years", "expected"),
    [
        pytest.param(date(2027, 6, 30), 5, date(2032, 6, 30), id="five years"),
        pytest.param(date(2027, 6, 30), 0, date(2027, 6, 30), id="no years"),
        pytest.param(date(2027, 2, 28), 1, date(2028, 2, 28), id="28 February into a leap year"),
        pytest.param(date(2028, 2, 29), 4, date(2032, 2, 29), id="leap day to leap day"),
        pytest.param(
            date(2028, 2, 29),
            5,
            date(2033, 3, 1),
            id="leap day to a common year: not a day too early",
        ),
    ],
)
def test_erase_on(closed_on, years, expected):
    assert erase_on(closed_on, years) == expected
