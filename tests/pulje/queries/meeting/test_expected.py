"""On which meeting a case that has just come is to be looked at: only where it is certain."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from pulje.enums import MeetingState
from pulje.models import AgendaItem, Meeting, Round
from pulje.queries.meeting.expected import expected_meetings, next_meetings
from pulje.states import CaseState as S
from tests.factories import case_in

pytestmark = pytest.mark.django_db


def test_the_committee_s_only_meeting_between_the_round_s_end_and_its_answer() -> None:
    case = case_in(S.SUBMITTED)
    committee = case.pool.committee
    assert committee is not None
    closes_at = timezone.now()
    answer_on = timezone.localdate(closes_at) + timedelta(days=60)

    def expected() -> object:
        case.refresh_from_db()
        return expected_meetings([case]).get(case.pk)

    def meets(days: int, state: MeetingState = MeetingState.PLANNED) -> datetime:
        held_at = closes_at + timedelta(days=days)
        Meeting.objects.create(
            committee=committee, address=f"m{days}", held_at=held_at, state=state
        )
        return held_at

    for days, state in ((0, "PLANNED"), (61, "PLANNED"), (20, "CANCELLED")):
        meets(days, MeetingState(state))
    Round.objects.update(closes_at=closes_at, answer_on=answer_on)
    assert expected() is None
    only = meets(30)
    assert expected() == timezone.localdate(only)
    Round.objects.update(answer_on=None)
    assert expected() is None
    Round.objects.update(answer_on=answer_on)
    last = meets(60)
    assert expected() is None

    day = timezone.localdate
    assert next_meetings([case], closes_at) == {case.pk: (day(only), False)}
    later = Meeting.objects.get(held_at=last)
    AgendaItem.objects.create(meeting=later, application=case, position=1)
    assert next_meetings([case], closes_at) == {case.pk: (day(last), True)}
    assert next_meetings([case], closes_at + timedelta(days=70)) == {}
