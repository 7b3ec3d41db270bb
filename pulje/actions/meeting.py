"""The committee's meeting: agenda, attendance, closing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from pulje.actions.at_meeting import lock_meeting, touch
from pulje.enums import ItemOutcome, MeetingState
from pulje.errors import RuleBroken, WrongState
from pulje.models import AgendaItem, AgendaPoint, Application, Committee, Meeting, User
from pulje.permissions import check_other
from pulje.states import CaseState


@transaction.atomic
def plan_meeting(committee: Committee, *, by: User, held_at: datetime, place: str) -> Meeting:
    """Put a meeting in the calendar."""
    check_other(by, "prepare_meeting")
    return Meeting.objects.create(committee=committee, held_at=held_at, place=place)


@transaction.atomic
def put_on_agenda(
    meeting: Meeting, applications: Sequence[Application], *, by: User
) -> list[AgendaItem]:
    """Put recommended cases on the agenda, after those already there.

    Raises RuleBroken naming the cases that are not ready, belong to another committee or a test
    pool, or stand on an agenda or have stood on this one.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    busy = AgendaItem.objects.filter(Q(outcome=ItemOutcome.PENDING) | Q(meeting=meeting))
    taken = set(busy.filter(application__in=applications).values_list("application_id", flat=True))
    foreign = [a.number for a in applications if a.pool.committee_id != meeting.committee_id]
    if foreign:
        raise RuleBroken(_("Et andet udvalg skal afgøre %s.") % ", ".join(foreign))
    tried = [a.number for a in applications if a.pool.is_test]
    if tried:
        raise RuleBroken(_("En prøvepuljes sager kommer ikke for udvalget: %s.") % ", ".join(tried))
    wrong = [a.number for a in applications if a.state != CaseState.RECOMMENDED or a.pk in taken]
    if wrong:
        raise RuleBroken(
            _("Sagen er ikke indstillet, eller den er allerede på en dagsorden: %s.")
            % ", ".join(wrong)
        )
    _make_points(meeting, applications)
    touch(meeting)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            application=application,
            position=position,
            amount_kr=application.recommendations.get(is_current=True).amount_kr,
        )
        for position, application in enumerate(applications, start=last + 1)
    )


def _make_points(meeting: Meeting, applications: Sequence[Application]) -> None:
    """Each pool is a numbered item of the agenda, after those already there."""
    there = set(meeting.points.values_list("pool_id", flat=True))
    pools = [pk for pk in dict.fromkeys(a.pool_id for a in applications) if pk not in there]
    last = meeting.points.aggregate(last=Max("position"))["last"] or 0
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, pool_id=pool, position=position)
        for position, pool in enumerate(pools, start=last + 1)
    )


@transaction.atomic
def record_attendance(meeting: Meeting, *, by: User, present: Sequence[User]) -> None:
    """Write down who is there. Raises WrongState once the meeting is closed."""
    check_other(by, "close_meeting")
    if meeting.state == MeetingState.CLOSED:
        raise WrongState(_("Mødet er holdt."))
    meeting.present.set(present)


@transaction.atomic
def postpone(item: AgendaItem, *, by: User, remark: str) -> AgendaItem:
    """Take a case off this meeting; it stays recommended for the next."""
    check_other(by, "close_meeting")
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if item.outcome != ItemOutcome.PENDING:
        raise WrongState(_("Punktet er allerede behandlet."))
    item.outcome, item.remark = ItemOutcome.POSTPONED, remark
    item.save(update_fields=["outcome", "remark"])
    return item


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """End the meeting. Raises RuleBroken while an item has no outcome."""
    check_other(by, "close_meeting")
    left = meeting.items.filter(outcome=ItemOutcome.PENDING).count()
    if left:
        raise RuleBroken(_("%d punkter mangler en beslutning.") % left)
    meeting.state = MeetingState.CLOSED
    meeting.save(update_fields=["state"])
    return meeting
