"""What is corrected in the minutes of a meeting, with its letters and tasks."""

from datetime import datetime

from django.utils import timezone

from letters.actions import remake_waiting, take_back
from letters.mails.actions import nudge
from letters.models import Letter
from letters.packets import actions
from pulje.actions.meeting import minutes
from pulje.actions.meeting.at_meeting import lock_any
from pulje.actions.meeting.minutes import Corrected
from pulje.models import AgendaItem, Decision, JournalEntry, Meeting, User
from workflow.hands import carry_out, one_at_a_time


def correct_ruling(
    item: AgendaItem, *, by: User, corrected: Corrected, at: datetime | None = None
) -> JournalEntry:
    """Correct a ruling; a letter about the decision it replaces is never sent, or nothing happens.

    Raises what ``correct_ruling`` of the actions raises, and WrongState when the letter has left.
    """
    at = at or timezone.now()
    with one_at_a_time():
        lock_any(item.meeting)  # before the case, as at closing
        case = item.application
        facts = {"item": item, "corrected": corrected}
        entry = carry_out(minutes.correct_ruling, case, by=by, at=at, **facts)
        assert entry is not None, "a correction leaves a line"
        new = entry.data.get("decision")
        replaced = Decision.objects.filter(replaced_by=new).select_related("application")
        if new and (old := replaced.first()):
            take_back(old)
        nudge(actions.WORK)
    return entry


def approve_minutes(
    meeting: Meeting, *, by: User, at: datetime | None = None, seen: int | None = None
) -> Meeting:
    """Approve the minutes; the letters that waited for it carry the day they may leave.

    Whoever has got money has all the days to answer from that day. Raises what
    pulje.actions.meeting.minutes.approve_minutes raises.
    """
    at = at or timezone.now()
    with one_at_a_time():
        approved = minutes.approve_minutes(meeting, by=by, at=at, seen=seen)
        remake_waiting(Letter.objects.of_meeting(approved), at=at)
    return approved
