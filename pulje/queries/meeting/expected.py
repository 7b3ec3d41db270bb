"""Which meeting a case that has just come is to be looked at on."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localdate

from pulje.enums import MeetingState
from pulje.models import Application, Meeting


def expected_meetings(cases: Iterable[Application]) -> dict[int, date]:
    """Case pk -> the day; only where it is certain. Pool and round are loaded; one query.

    Certain is the committee's only meeting between the round's end and the answer it promises.
    """
    windows = {
        case.pk: (case.pool.committee_id, localdate(case.round.closes_at), case.round.answer_on)
        for case in cases
        if case.pool.committee_id and case.round.closes_at and case.round.answer_on
    }
    if not windows:
        return {}
    meetings = Meeting.objects.filter(
        committee__in={committee for committee, _closes, _answer in windows.values()},
        state__in=[MeetingState.PLANNED, MeetingState.LOCKED],
    )
    held = [(row.committee_id, localdate(row.held_at)) for row in meetings.order_by("pk")]
    found = {
        pk: [day for whose, day in held if whose == committee and closes < day <= answer]
        for pk, (committee, closes, answer) in windows.items()
    }
    return {pk: days[0] for pk, days in found.items() if len(days) == 1}
