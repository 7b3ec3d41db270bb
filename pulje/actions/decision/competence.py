"""Which body may decide which cases, and whether it can: delegation, agenda, quorum."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import DecidedBy, ItemOutcome, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import (
    AgendaItem,
    Application,
    Decision,
    Meeting,
    Recommendation,
    User,
)
from pulje.queries.meeting.attendance import Attendance, attendance_of


def check_leader(
    applications: Sequence[Application], proposals: Mapping[int, Recommendation], by: User
) -> None:
    """Refuse all but a leader deciding delegated cases that no meeting waits for.

    Source: kommunestyrelsesloven (delegation); the pool's dated limit (rules/delegation.py).
    """
    if not by.has_role(Role.LEADER):
        raise NotAllowed(_("Uden for et møde er det kun lederen, der kan afgøre en sag."))
    beyond = [a.number for a in applications if not proposals[a.pk].is_delegated]
    if beyond:
        raise RuleBroken(_("Udvalget skal afgøre %s.") % ", ".join(beyond))
    waiting = AgendaItem.objects.filter(application__in=applications, outcome=ItemOutcome.PENDING)
    numbers = list(waiting.order_by("pk").values_list("application__number", flat=True))
    if numbers:
        raise RuleBroken(
            _("%s er på et mødes dagsorden. Afgør sagen på mødet, eller tag den af det.")
            % ", ".join(numbers)
        )


def check_day(meeting: Meeting, at: datetime) -> None:
    """Refuse what a committee does before the day of its meeting."""
    day = timezone.localdate(meeting.held_at)
    if timezone.localdate(at) < day:
        raise RuleBroken(
            _("Mødet er den %s. Udvalget kan først afgøre sagerne den dag.") % f"{day:%d-%m-%Y}"
        )


def check_same_body(old: Decision, by: User) -> None:
    """Refuse a new decision by another body than the one that decided.

    Source: states.md (redecide: the decider's body).
    """
    if old.body != DecidedBy.DELEGATION and not by.has_role(Role.SECRETARY):
        raise NotAllowed(_("Udvalget har afgjort sagen, så formand eller sekretær skal gøre det."))
    if old.body == DecidedBy.DELEGATION and not by.has_role(Role.LEADER):
        raise NotAllowed(_("Forvaltningen har afgjort sagen, så lederen skal gøre det."))


def check_quorum(applications: Sequence[Application], meeting: Meeting) -> None:
    """Refuse a case for which too few of those who may take part in it are present."""
    attendance = attendance_in(applications, meeting)
    quorate = {item.application_id for item in attendance.items if attendance.is_quorate(item)}
    short = [a.number for a in applications if a.pk not in quorate]
    if short:
        raise RuleBroken(_("Udvalget er ikke beslutningsdygtigt i %s.") % ", ".join(short))


def check_quorate(meeting: Meeting) -> None:
    """Refuse what a meeting comes to, in no case of its own, when too few are present."""
    attendance = attendance_of(meeting, [])
    there = len(attendance.voters)
    if there < attendance.quorum:
        raise RuleBroken(
            _("Udvalget er ikke beslutningsdygtigt: %(there)d er til stede, og det kræver %(of)d.")
            % {"there": there, "of": attendance.quorum}
        )


def attendance_in(applications: Sequence[Application], meeting: Meeting) -> Attendance:
    """Who takes part in these cases on the meeting's agenda."""
    on_agenda = meeting.items.filter(application__in=applications).order_by("position")
    return attendance_of(meeting, on_agenda.select_related("application"))
