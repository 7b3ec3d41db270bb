"""The agenda is given to the committee at its deadline, and opened again for a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.meeting.agenda_points import renumber
from pulje.actions.meeting.at_meeting import lock_meeting, touch
from pulje.actions.meeting.packet import ask_for_packet
from pulje.actions.meeting.reported import report_decisions
from pulje.actions.state import lock_all, note_down_many
from pulje.enums import ItemOutcome, MeetingState, PacketKind
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, Meeting, User
from pulje.permissions import check_other
from pulje.queries.pool.money import ZERO, money_of, pending_at
from pulje.rules.budget import fits
from pulje.rules.texts import is_blank

UNLOCKED = "agenda_unlocked"


@transaction.atomic
def lock_agenda(meeting: Meeting, *, by: User | None, at: datetime) -> Meeting:
    """Give the committee its agenda; ``by`` is None for the clock.

    What was decided since the last meeting is told at this one, and the agenda is written down as a
    packet. Raises WrongState when it is locked already, RuleBroken without a case, or by a person
    when more is recommended than a pool has left: the clock gives what there is, and the meeting
    keeps to the frame. Source: kommunestyrelsesloven § 20 (the agenda is sent before the meeting).
    """
    if by is not None:
        check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    if meeting.state == MeetingState.LOCKED:
        raise WrongState(_("Dagsordenen er allerede låst."))
    if not meeting.items.filter(outcome=ItemOutcome.PENDING).exists():
        raise RuleBroken(_("Der er ingen sager på dagsordenen. Vælg dem først."))
    if by is not None:
        _check_frames(meeting)
    if meeting.locked_at is None:
        renumber(meeting)
    meeting.state, meeting.locked_at, meeting.locked_by = MeetingState.LOCKED, at, by
    meeting.save(update_fields=["state", "locked_at", "locked_by"])
    report_decisions(meeting, at)
    ask_for_packet(meeting, kind=PacketKind.AGENDA, by=by, at=at)
    touch(meeting)
    return meeting


@transaction.atomic
def unlock_agenda(meeting: Meeting, *, by: User, at: datetime, reason: str) -> Meeting:
    """Open what the committee has been given, before the meeting begins; each case's journal says.

    ``locked_at`` stays: what is added from now on is late, and the clock does not lock it again.
    Raises WrongState when it is not locked or the meeting has begun, RuleBroken without a reason.
    """
    check_other(by, "unlock_agenda")
    meeting = lock_meeting(meeting)
    if meeting.state != MeetingState.LOCKED:
        raise WrongState(_("Dagsordenen er ikke låst."))
    if is_begun(meeting, at):
        raise WrongState(_("Mødet er begyndt, så dagsordenen kan ikke låses op."))
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor dagsordenen låses op."))
    meeting.state = MeetingState.PLANNED
    meeting.save(update_fields=["state"])
    cases = Application.objects.filter(
        agenda_items__meeting=meeting, agenda_items__outcome=ItemOutcome.PENDING
    )
    note_down_many(
        lock_all(list(cases.order_by("pk"))),
        UNLOCKED,
        by=lambda _case: by,
        at=at,
        data=lambda _case: {"meeting": meeting.pk, "reason": reason},
    )
    touch(meeting)
    return meeting


def is_begun(meeting: Meeting, at: datetime) -> bool:
    """The hour has struck, or a case has been taken up."""
    if at >= meeting.held_at or meeting.current_item_id is not None:
        return True
    return meeting.items.filter(rulings__isnull=False).exists()


def _check_frames(meeting: Meeting) -> None:
    """No figures: somebody who may not see a case could reckon its amount from them."""
    pools = [point.pool for point in meeting.points.select_related("pool").order_by("position")]
    money, pending = money_of(pools), pending_at(meeting)
    over = [
        pool.name
        for pool in pools
        if not fits(pending.get(pool.pk, ZERO), money[pool.pk].remaining_kr)
    ]
    if over:
        raise RuleBroken(
            _("Der er indstillet mere, end der er tilbage i %s. Sæt beløb ned, eller tag sager af.")
            % ", ".join(over)
        )
