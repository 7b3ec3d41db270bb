"""Which body may decide which cases, and whether it can: delegation, agenda, quorum."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import DecidedBy, ItemOutcome, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import AgendaItem, Application, Decision, Meeting, Recommendation, User
from pulje.permissions import shut_out


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


def check_committee(
    applications: Sequence[Application], by: User, meeting: Meeting, at: datetime
) -> None:
    """Refuse all but the chair or secretary recording what a quorate committee has on its agenda.

    Nothing is decided before the day of the meeting.

    Source: kommunestyrelsesloven (quorum); domain.md A6.
    """
    if not by.has_role(Role.SECRETARY):
        raise NotAllowed(_("Kun formand eller sekretær fører udvalgets beslutninger til protokol."))
    day = timezone.localdate(meeting.held_at)
    if timezone.localdate(at) < day:
        raise RuleBroken(
            _("Mødet er den %s. Udvalget kan først afgøre sagerne den dag.") % f"{day:%d-%m-%Y}"
        )
    _check_agenda(applications, meeting)
    _check_quorum(applications, meeting)


def check_same_body(old: Decision, by: User) -> None:
    """Refuse a new decision by another body than the one that decided.

    Source: states.md (redecide: the decider's body).
    """
    if old.body == DecidedBy.COMMITTEE and not by.has_role(Role.SECRETARY):
        raise NotAllowed(_("Udvalget har afgjort sagen, så formand eller sekretær skal gøre det."))
    if old.body == DecidedBy.DELEGATION and not by.has_role(Role.LEADER):
        raise NotAllowed(_("Forvaltningen har afgjort sagen, så lederen skal gøre det."))


def _check_agenda(applications: Sequence[Application], meeting: Meeting) -> None:
    items = AgendaItem.objects.filter(meeting=meeting, outcome=ItemOutcome.PENDING)
    on_agenda = set(items.values_list("application_id", flat=True))
    absent = [a.number for a in applications if a.pk not in on_agenda]
    if absent:
        raise RuleBroken(_("Ikke på dagsordenen: %s.") % ", ".join(absent))


def _check_quorum(applications: Sequence[Application], meeting: Meeting) -> None:
    """Refuse a case for which too few of those who may take part in it are present."""
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day).voting().values_list("user_id", flat=True)
    voting = list(meeting.present.filter(pk__in=seats).order_by("pk"))
    out: dict[int, int] = {}
    for _person, case in shut_out(voting, applications):
        out[case] = out.get(case, 0) + 1
    quorum = meeting.committee.quorum
    short = [a.number for a in applications if len(voting) - out.get(a.pk, 0) < quorum]
    if short:
        raise RuleBroken(_("Udvalget er ikke beslutningsdygtigt i %s.") % ", ".join(short))
