"""The committee's meeting: in the calendar, its agenda, who is there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain, count

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.meeting.agenda_points import is_open, renumber
from pulje.actions.meeting.at_meeting import lock_any, lock_meeting, touch
from pulje.actions.state import lock_all
from pulje.enums import ItemOutcome, MeetingState
from pulje.errors import RuleBroken, WrongState
from pulje.models import (
    AgendaItem,
    AgendaPoint,
    Application,
    Committee,
    ItemRuling,
    Meeting,
    Recommendation,
    User,
)
from pulje.permissions import check_none_disqualified, check_other
from pulje.queries.meeting.agenda import LEFT
from pulje.states import CaseState
from pulje.templatetags.words import dato


@transaction.atomic
def plan_meeting(
    committee: Committee,
    *,
    by: User,
    held_at: datetime,
    place: str,
    agenda_due_on: date | None = None,
) -> Meeting:
    """Put a meeting in the calendar; the agenda is locked the committee's days before it.

    Raises RuleBroken when the committee meets at that time already, or the agenda would be locked
    after the meeting.
    """
    check_other(by, "prepare_meeting")
    Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    meeting = Meeting(committee=committee, address=_free_address(committee, held_at))
    _settle(meeting, held_at, place, agenda_due_on)
    meeting.save()
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    by: User,
    held_at: datetime,
    place: str,
    agenda_due_on: date | None = None,
) -> Meeting:
    """Another time, place or last day of the agenda; its address stays what it was.

    Raises what ``plan_meeting`` raises, and WrongState once the meeting is held, cancelled or, for
    another time, begun.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    if held_at != meeting.held_at and _is_begun(meeting):
        raise WrongState(_("Udvalget har taget stilling til sager, så mødet kan ikke flyttes."))
    before = (meeting.held_at, meeting.place)
    _settle(meeting, held_at, place, agenda_due_on)
    meeting.save(update_fields=["held_at", "place", "agenda_due_on"])
    if before != (meeting.held_at, meeting.place):
        _revise(meeting)
    touch(meeting)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """The meeting is not held; its cases, and what it was to be told, wait for another.

    Twice changes nothing.

    Raises WrongState once the meeting is held or begun.
    """
    check_other(by, "prepare_meeting")
    if lock_any(meeting).state == MeetingState.CANCELLED:
        return meeting
    meeting = lock_meeting(meeting)
    if _is_begun(meeting):
        raise WrongState(_("Udvalget har taget stilling til sager, så mødet kan ikke aflyses."))
    waiting = meeting.items.filter(outcome=ItemOutcome.PENDING)
    waiting.update(outcome=ItemOutcome.POSTPONED, remark=_("Mødet blev aflyst."))
    meeting.reported.update(reported_to=None)
    meeting.state = MeetingState.CANCELLED
    meeting.save(update_fields=["state"])
    _revise(meeting)
    touch(meeting)
    return meeting


def _free_address(committee: Committee, held_at: datetime) -> str:
    """The day, such as "2027-01-14"; "2027-01-14-2" when the committee has used it before."""
    day = f"{timezone.localdate(held_at):%Y-%m-%d}"
    used = committee.meetings.filter(address__startswith=day)
    taken = set(used.values_list("address", flat=True))
    return next(
        address
        for address in chain([day], (f"{day}-{number}" for number in count(2)))
        if address not in taken
    )


def _revise(meeting: Meeting) -> None:
    """Calendars that have the meeting are told anew."""
    meeting.revision, meeting.revised_at = meeting.revision + 1, timezone.now()
    meeting.save(update_fields=["revision", "revised_at"])


def _settle(meeting: Meeting, held_at: datetime, place: str, agenda_due_on: date | None) -> None:
    committee, day = meeting.committee, timezone.localdate(held_at)
    others = Meeting.objects.filter(committee=committee, held_at=held_at).exclude(pk=meeting.pk)
    if others.exists():
        raise RuleBroken(_("Udvalget har allerede et møde på det tidspunkt."))
    if agenda_due_on and agenda_due_on > day:
        raise RuleBroken(_("Dagsordenen skal låses senest på mødedagen."))
    meeting.held_at, meeting.place = held_at, place or committee.place
    usual = day - timedelta(days=committee.agenda_days)
    is_past = (
        usual < timezone.localdate()
    )  # a meeting at short notice: not locked before it is made
    meeting.agenda_due_on = agenda_due_on or (day if is_past else usual)


def _is_begun(meeting: Meeting) -> bool:
    """The committee has come to something in a case."""
    rulings = ItemRuling.objects.filter(item__meeting=meeting, is_current=True)
    return rulings.exists() or meeting.items.exclude(outcome=ItemOutcome.PENDING).exists()


@transaction.atomic
def put_on_agenda(
    meeting: Meeting, applications: Sequence[Application], *, by: User
) -> list[AgendaItem]:
    """Put recommended cases on the agenda, after those of their pool; late once it was locked.

    What is late stands last: the numbers the committee has been given stay.

    Raises NotAllowed naming what the person is disqualified in, RuleBroken naming the cases that
    are not ready, belong to another committee or a test pool, or stand on an agenda or have been
    dealt with on this one.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    cases = {case.pk: case for case in lock_all(applications)}
    applications = [cases[application.pk] for application in applications]
    _check_ready(meeting, applications)
    check_none_disqualified(by, applications)
    _make_points(meeting, applications)
    proposals = Recommendation.objects.filter(application__in=applications, is_current=True)
    amounts = dict(proposals.values_list("application_id", "amount_kr"))
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    meeting.items.filter(LEFT, application__in=applications).delete()
    touch(meeting)
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            application=application,
            position=position,
            amount_kr=amounts[application.pk],
            is_late=meeting.locked_at is not None,
        )
        for position, application in enumerate(applications, start=last + 1)
    )
    if is_open(meeting):
        renumber(meeting)
        places = dict(meeting.items.values_list("pk", "position"))
        for item in items:
            item.position = places[item.pk]
    return items


def _check_ready(meeting: Meeting, applications: Sequence[Application]) -> None:
    foreign = [a.number for a in applications if a.pool.committee_id != meeting.committee_id]
    if foreign:
        raise RuleBroken(_("Et andet udvalg skal afgøre %s.") % ", ".join(foreign))
    tried = [a.number for a in applications if a.pool.is_test]
    if tried:
        raise RuleBroken(_("En prøvepuljes sager kommer ikke for udvalget: %s.") % ", ".join(tried))
    busy = AgendaItem.objects.filter(Q(outcome=ItemOutcome.PENDING) | Q(meeting=meeting) & ~LEFT)
    taken = set(busy.filter(application__in=applications).values_list("application_id", flat=True))
    wrong = [a.number for a in applications if a.state != CaseState.RECOMMENDED or a.pk in taken]
    if wrong:
        raise RuleBroken(
            _("Sagen er ikke indstillet, eller den er allerede på en dagsorden: %s.")
            % ", ".join(wrong)
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
def record_attendance(meeting: Meeting, *, by: User, at: datetime, present: Sequence[User]) -> None:
    """Write down who is there.

    Raises WrongState once the meeting is closed, RuleBroken before its day.
    """
    check_other(by, "record_ruling")
    meeting = lock_meeting(meeting)
    if timezone.localdate(at) < timezone.localdate(meeting.held_at):
        raise RuleBroken(
            _("Mødet er den %s. Fremmødet føres til protokol på mødet.") % dato(meeting.held_at)
        )
    meeting.present.set(present)
    touch(meeting)
