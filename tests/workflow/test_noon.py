"""A pool that closes at 12 closes at 12 by the town hall clock, winter and summer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pulje.actions.application.application import submit
from pulje.errors import RuleBroken
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_round
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
TOWN = ZoneInfo("Europe/Copenhagen")
DAYS = ["2027-03-27", "2027-03-28", "2027-03-29", "2027-10-30", "2027-10-31", "2027-11-01"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1)])
def test_noon_is_in_time_and_a_moment_after_is_not(day, late):
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=TOWN)
    round = a_round(opens_at=noon - timedelta(days=30), closes_at=noon)
    draft = a_draft(pool=round.pool, round=round, starts=noon - timedelta(days=2))

    if late:
        with pytest.raises(RuleBroken, match=r"Puljen lukkede .* kl\.\s12\. Kladden er gemt"):
            carry_out(submit, draft, by=people.asta(), at=noon + late)
    else:
        carry_out(submit, draft, by=people.asta(), at=noon)

    draft.refresh_from_db()
    assert draft.state == (CaseState.DRAFT if late else CaseState.SUBMITTED)
    assert draft.title == "Fællesspisning"
