"""Every letter arrives once, and none is lost, whatever goes wrong and whenever."""

import pytest

from tests.letters.chaos import troubles
from tests.letters.chaos.run import run

COUNT, CASES, STRIKES = 24, 9, 7


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_letters_arrive_once_each_through_every_trouble() -> None:
    outcome = run(COUNT, [*troubles.ALL.values()], cases=CASES, strikes=STRIKES, seed=6)

    assert (outcome.received_once, outcome.lost, outcome.cases_filed) == (COUNT, 0, CASES)
