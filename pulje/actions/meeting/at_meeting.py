"""What every verb at a meeting begins and ends with: the meeting's lock, and its screens told."""

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import MeetingState
from pulje.errors import NotAllowed, WrongState
from pulje.models import AgendaItem, Meeting, User


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked to the end of the transaction. WrongState once closed or cancelled."""
    locked = lock_any(meeting)
    if locked.state == MeetingState.CANCELLED:
        raise WrongState(_("Mødet er aflyst. Vælg et andet."))
    if locked.state == MeetingState.CLOSED:
        raise WrongState(_("Mødet er holdt. Vælg det næste."))
    return locked


def lock_any(meeting: Meeting) -> Meeting:
    """The meeting, locked to the end of the transaction, closed or not."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("committee")
    return rows.get(pk=meeting.pk)


def lock_item(item: AgendaItem) -> AgendaItem:
    """The case on the agenda of a meeting that is not closed, with the meeting locked."""
    meeting = lock_meeting(item.meeting)
    return meeting.items.select_related("application__pool", "meeting__committee").get(pk=item.pk)


def check_seat(meeting: Meeting, by: User) -> None:
    """Refuse all but those who sit in this committee on the day, as member or secretary."""
    day = timezone.localdate(meeting.held_at)
    if not meeting.committee.seats.serving_on(day).filter(user=by).exists():
        raise NotAllowed(_("Det kan kun udvalgets egne medlemmer og sekretær."))


def touch(meeting: Meeting) -> None:
    """Something at the meeting has changed: every screen that shows it is old."""
    Meeting.objects.filter(pk=meeting.pk).update(changes=F("changes") + 1, changed_at=Now())
