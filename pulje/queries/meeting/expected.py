"""Which meeting a case is to be looked at on: one that has just come, or one that was postponed."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.timezone import localdate

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import AgendaItem, Application, Meeting

TO_COME = (MeetingState.PLANNED, MeetingState.LOCKED)


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
        state__in=TO_COME,
    )
    held = [(row.committee_id, localdate(row.held_at)) for row in meetings.order_by("pk")]
    found = {
        pk: [day for whose, day in held if whose == committee and closes < day <= answer]
        for pk, (committee, closes, answer) in windows.items()
    }
    return {pk: days[0] for pk, days in found.items() if len(days) == 1}


def next_meetings(cases: Iterable[Application], after: datetime) -> dict[int, tuple[date, bool]]:
    """Case pk -> the day of a meeting to come, and whether the case is on its agenda.

    The first it is on, else its committee's next; none where no meeting is planned. Pool is
    loaded; two queries.
    """
    of = {case.pk: case.pool.committee_id for case in cases}
    planned = Meeting.objects.filter(state__in=TO_COME, held_at__gt=after)
    rows = planned.filter(committee__in={pk for pk in of.values() if pk})
    next_of = {row.committee_id: localdate(row.held_at) for row in rows.order_by("-held_at", "pk")}
    found = {pk: (next_of[whose], False) for pk, whose in of.items() if whose in next_of}
    items = AgendaItem.objects.filter(application__in=of, outcome=ItemOutcome.PENDING)
    agenda = items.filter(meeting__in=planned).select_related("meeting")
    for item in agenda.order_by("-meeting__held_at", "pk"):
        found[item.application_id] = (localdate(item.meeting.held_at), True)
    return found
