"""Who is in the room: present, called in for somebody, out for a case."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.meeting.at_meeting import check_seat, lock_meeting, touch
from pulje.errors import RuleBroken
from pulje.models import AgendaItem, ItemAbsence, Meeting, Substitution, User
from pulje.permissions import check_other
from pulje.queries.meeting.attendance import Attendance, attendance_of, numbers


@transaction.atomic
def call_substitute(
    meeting: Meeting,
    *,
    by: User,
    user: User,
    stands_in_for: User,
    items: Sequence[AgendaItem] = (),
) -> list[Substitution]:
    """Call a substitute in for a member: for the whole meeting, or for these cases.

    The same again changes nothing. Raises RuleBroken when the substitute holds no such seat that
    day, votes already or is disqualified, and when the member takes part themselves.
    Source: kommunestyrelsesloven (stedfortrædere) [GK]; forvaltningsloven §§ 3-6.
    """
    meeting = _opened(meeting, by)
    attendance = attendance_of(meeting, items)
    _check_seats(attendance, user, stands_in_for)
    if items:
        for item in attendance.items:
            _check_one(attendance, item, user, stands_in_for)
    else:
        _check_whole(attendance, user, stands_in_for)
    touch(meeting)
    places: list[AgendaItem | None] = [*items] or [None]
    return [
        meeting.substitutions.get_or_create(item=item, user=user, stands_in_for=stands_in_for)[0]
        for item in places
    ]


@transaction.atomic
def send_home(substitution: Substitution, *, by: User) -> None:
    """The substitute is no longer needed."""
    meeting = _opened(substitution.meeting, by)
    Substitution.objects.filter(pk=substitution.pk).delete()
    touch(meeting)


@transaction.atomic
def leave_room(
    meeting: Meeting, *, by: User, user: User, items: Sequence[AgendaItem], reason: str = ""
) -> list[ItemAbsence]:
    """Somebody present is out of the room for these cases; the same again changes nothing.

    Raises RuleBroken about somebody who does not vote at the meeting.
    """
    meeting = _opened(meeting, by)
    if user not in attendance_of(meeting, items).here:
        raise RuleBroken(_("%s er ikke ført til stede.") % user.name)
    touch(meeting)
    said = {"reason": reason.strip()[:200]}
    return [item.absences.get_or_create(user=user, defaults=said)[0] for item in items]


@transaction.atomic
def come_back(absence: ItemAbsence, *, by: User) -> None:
    """The member was in the room after all."""
    meeting = _opened(absence.item.meeting, by)
    ItemAbsence.objects.filter(pk=absence.pk).delete()
    touch(meeting)


def _opened(meeting: Meeting, by: User) -> Meeting:
    """The meeting, locked; only its own chair and secretary write down who is there."""
    check_other(by, "record_ruling")
    meeting = lock_meeting(meeting)
    check_seat(meeting, by)
    return meeting


def _check_seats(attendance: Attendance, user: User, member: User) -> None:
    if user not in attendance.substitutes:
        raise RuleBroken(_("%s er ikke stedfortræder i udvalget den dag.") % user.name)
    if member not in [seat.user for seat in attendance.voting]:
        raise RuleBroken(_("%s er ikke medlem af udvalget.") % member.name)


def _check_whole(attendance: Attendance, user: User, member: User) -> None:
    if member in attendance.voters:
        raise RuleBroken(
            _("%s er til stede. Kald en stedfortræder ind til de sager, medlemmet er ude ved.")
            % member.name
        )
    for one in attendance.called:
        is_same = one.user == user and one.member == member.pk
        if one.item is None and not is_same and (one.user == user or one.member == member.pk):
            raise RuleBroken(_("%s er allerede kaldt ind til hele mødet.") % one.user.name)


def _check_one(attendance: Attendance, item: AgendaItem, user: User, member: User) -> None:
    there, place = attendance.taking_part(item), {"nr": numbers([item])}
    if any((c.user, c.member, c.item) == (user, member.pk, item.pk) for c in attendance.called):
        return
    if member in there:
        raise RuleBroken(_("%(name)s deltager selv i %(nr)s.") % (place | {"name": member.name}))
    if attendance.is_shut_out(user, item):
        told = _("%(name)s er inhabil i %(nr)s, eller det er ikke afklaret.")
        raise RuleBroken(told % (place | {"name": user.name}))
    if user in there:
        raise RuleBroken(_("%(name)s stemmer allerede i %(nr)s.") % (place | {"name": user.name}))
    taken = [c.user for c in attendance.called if c.member == member.pk and c.user in there]
    if taken:
        raise RuleBroken(
            _("%(name)s er allerede kaldt ind til %(nr)s.") % (place | {"name": taken[0].name})
        )
