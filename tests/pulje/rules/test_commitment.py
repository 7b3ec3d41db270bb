from datetime import date

import pytest

from pulje.rules.commitment import needs_consent


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "needed"),
    [
        pytest.param(date(2027, 3, 1), date(2030, 2, 28), False, id="three years to the day"),
        pytest.param(date(2027, 3, 1), date(2030, 3, 1), True, id="a day more"),
        pytest.param(date(2028, 2, 29), date(2031, 2, 28), False, id="begun on a leap day"),
        pytest.param(date(2028, 2, 29), date(2031, 3, 1), True, id="a leap day and a day"),
        pytest.param(date(2027, 3, 1), date(2027, 6, 1), False, id="this summer"),
        pytest.param(None, date(2030, 3, 1), False, id="no first day"),
        pytest.param(date(2027, 3, 1), None, False, id="no last day"),
    ],
)
def test_needs_consent(starts_on, ends_on, needed):
    assert needs_consent(starts_on, ends_on) is needed
