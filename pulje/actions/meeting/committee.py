"""A committee: what it is called, who sits in it and when, and the headings of its agenda."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from pulje.enums import AgendaSection, CommitteeRole, MeetingState, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Committee, CommitteeHeading, CommitteeMember, Meeting, User
from pulje.models.committee import OFFICES
from pulje.permissions import check_other
from pulje.rules.quorum import least_quorum
from pulje.templatetags.words import dato_aar

SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
LONGEST_SLUG, RESERVED = 80, "nyt"
SITS = N_("%(name)s er %(role)s fra den %(day)s. Slut den plads først.")
ADMINISTRATION = (Role.CASE_WORKER, Role.LEADER, Role.FINANCE, Role.ADMINISTRATOR)
# what a seat lets a person do; the chair records what the committee decides, as the secretary does
GIVES: dict[str, frozenset[Role]] = {
    CommitteeRole.CHAIR: frozenset({Role.COMMITTEE_MEMBER, Role.SECRETARY}),
    CommitteeRole.VICE_CHAIR: frozenset({Role.COMMITTEE_MEMBER}),
    CommitteeRole.MEMBER: frozenset({Role.COMMITTEE_MEMBER}),
    CommitteeRole.SUBSTITUTE: frozenset({Role.COMMITTEE_MEMBER}),
    CommitteeRole.SECRETARY: frozenset({Role.SECRETARY}),
}
SEATED = frozenset().union(*GIVES.values())


def check_may_set_up(by: User) -> None:
    """Raise NotAllowed to all but the administration: no politician appoints oneself."""
    check_other(by, "set_up_committee")
    if by.has_role(Role.COMMITTEE_MEMBER):
        raise NotAllowed(_("Forvaltningen sætter udvalget op. Skriv til sekretæren."))


def may_set_up(user: User) -> bool:
    """True when ``check_may_set_up`` would not object."""
    try:
        check_may_set_up(user)
    except NotAllowed:
        return False
    return True


@transaction.atomic
def save_committee(
    committee: Committee | None,
    *,
    by: User,
    name: str,
    short_name: str,
    quorum: int,
    agenda_days: int,
    proposer: str,
    at: datetime,
    place: str = "",
) -> Committee:
    """A new committee, or another name or number of one; its address never changes.

    Raises RuleBroken when another committee has the name, and for a quorum under half of the
    members with a seat today, or over them all; one without members may have any.
    Source: kommunestyrelsesloven § 20 (half of the members) [GK].
    """
    check_may_set_up(by)
    saved = committee or Committee(slug=_slug(name))
    others = Committee.objects.filter(name__iexact=name).exclude(pk=saved.pk)
    if others.exists():
        raise RuleBroken(_("Der er allerede et udvalg, der hedder det."))
    _check_quorum(saved, quorum, timezone.localdate(at))
    saved.name, saved.short_name, saved.place = name, short_name, place
    saved.quorum, saved.agenda_days, saved.proposer = quorum, agenda_days, proposer
    saved.save()
    return saved


def _check_quorum(committee: Committee, quorum: int, day: date) -> None:
    members = committee.seats.serving_on(day).voting().count() if committee.pk else 0
    if members and not least_quorum(members) <= quorum <= members:
        raise RuleBroken(
            _(
                "Udvalget har %(members)d medlemmer, så det skal være beslutningsdygtigt med fra"
                " %(least)d til %(members)d. Skriv et af de tal."
            )
            % {"members": members, "least": least_quorum(members)}
        )


def _slug(name: str) -> str:
    taken = {RESERVED, *Committee.objects.values_list("slug", flat=True)}
    stem = slugify(name.lower().translate(SPELLED))[: LONGEST_SLUG - 4].strip("-") or "udvalg"
    return next(slug for n in range(1, len(taken) + 2) if (slug := _numbered(stem, n)) not in taken)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


@transaction.atomic
def save_headings(
    committee: Committee, *, by: User, titles: Sequence[tuple[AgendaSection, str]]
) -> None:
    """The sections of an item of the agenda in this order, under the committee's own headings.

    Raises RuleBroken without what is recommended, or when two headings are the same.
    """
    check_may_set_up(by)
    _lock(committee)
    if AgendaSection.PROPOSAL not in [section for section, _title in titles]:
        raise RuleBroken(_("Indstillingen skal med: det er den, udvalget tager stilling til."))
    if len({title.casefold() for _section, title in titles}) < len(titles):
        raise RuleBroken(_("To afsnit har den samme overskrift. Kald dem noget forskelligt."))
    committee.headings.all().delete()
    CommitteeHeading.objects.bulk_create(
        CommitteeHeading(committee=committee, section=section, title=title, position=position)
        for position, (section, title) in enumerate(titles, start=1)
    )


@transaction.atomic
def give_seat(
    committee: Committee,
    *,
    by: User,
    at: datetime,
    user: User,
    role: CommitteeRole,
    started_on: date,
    ended_on: date | None = None,
) -> CommitteeMember:
    """A seat from a day on. Who has another seat here leaves it the day before.

    Raises RuleBroken when the person has the seat, when somebody else is chair or vice chair in
    those days, when a politician works in the administration, and for days in the wrong order.
    """
    check_may_set_up(by)
    _lock(committee)
    if ended_on and ended_on < started_on:
        raise RuleBroken(_("Pladsen kan ikke slutte, før den begynder."))
    if role != CommitteeRole.SECRETARY and user.has_role(*ADMINISTRATION):
        raise RuleBroken(_("%s arbejder i forvaltningen og kan kun være sekretær.") % user.name)
    there = _taken(committee, started_on, ended_on)
    for old in [seat for seat in there if seat.user_id == user.pk]:
        _leave(old, role, started_on)
    for other in there:
        if role in OFFICES and other.role == role and other.user_id != user.pk:
            raise RuleBroken(_(SITS) % _words(other))
    seat = CommitteeMember.objects.create(
        committee=committee, user=user, role=role, started_on=started_on, ended_on=ended_on
    )
    _settle_roles(user, at)
    return seat


@transaction.atomic
def end_seat(
    seat: CommitteeMember, *, by: User, at: datetime, ended_on: date | None
) -> CommitteeMember:
    """When a seat ends, or that it goes on (None). A seat is never deleted.

    One that never began ends the day before its first. Raises RuleBroken before that, before a
    closed meeting the person was at, and when the person or the office has a later seat.
    """
    check_may_set_up(by)
    _lock(seat.committee)
    if ended_on:
        _check_end(seat, ended_on)
    for other in _taken(seat.committee, seat.started_on, ended_on):
        is_same_office = seat.role in OFFICES and other.role == seat.role
        if other.pk != seat.pk and (other.user_id == seat.user_id or is_same_office):
            raise RuleBroken(_(SITS) % _words(other))
    seat.ended_on = ended_on
    seat.save(update_fields=["ended_on"])
    _settle_roles(seat.user, at)
    return seat


def settle_ended_seats(at: datetime) -> int:
    """Every night: take back the roles of seats that are over; returns how many people it was."""
    over = CommitteeMember.objects.filter(ended_on__lt=timezone.localdate(at))
    seated = User.objects.filter(roles__overlap=list(SEATED), pk__in=over.values("user"))
    return sum(_settle_roles(user, at) for user in seated.order_by("pk"))


def _lock(committee: Committee) -> None:
    Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)


def _taken(committee: Committee, first: date, last: date | None) -> list[CommitteeMember]:
    """The seats held on any of the days; one that ended before it began was never held."""
    seats = committee.seats.filter(Q(ended_on=None) | Q(ended_on__gte=first))
    seats = seats.filter(Q(ended_on=None) | Q(ended_on__gte=F("started_on")))
    if last:
        seats = seats.filter(started_on__lte=last)
    return list(seats.select_related("user").order_by("started_on", "pk"))


def _leave(old: CommitteeMember, role: CommitteeRole, day: date) -> None:
    if old.role == role:
        raise RuleBroken(_("%(name)s er allerede %(role)s fra den %(day)s.") % _words(old))
    if old.started_on > day:
        raise RuleBroken(_(SITS) % _words(old))
    before = day - timedelta(days=1)
    _check_end(old, before)
    old.ended_on = before
    old.save(update_fields=["ended_on"])


def _check_end(seat: CommitteeMember, ended_on: date) -> None:
    if ended_on < seat.started_on - timedelta(days=1):
        raise RuleBroken(
            _("Pladsen begynder den %s og kan ikke slutte før.") % dato_aar(seat.started_on)
        )
    held = Meeting.objects.filter(
        committee=seat.committee,
        present=seat.user,
        state=MeetingState.CLOSED,
        held_at__date__gte=seat.started_on,
        held_at__date__gt=ended_on,
    )
    latest = held.order_by("-held_at").first()
    if latest:
        raise RuleBroken(
            _("%(name)s var til stede på mødet den %(day)s. Pladsen kan tidligst slutte den dag.")
            % {"name": seat.user.name, "day": dato_aar(latest.held_at)}
        )


def _words(seat: CommitteeMember) -> dict[str, str]:
    role = seat.get_role_display().lower()
    return {"name": seat.user.name, "role": role, "day": dato_aar(seat.started_on)}


def _settle_roles(user: User, at: datetime) -> bool:
    """A person may do what the seats that are not over let them do; other roles stay.

    True when it is something else than before.
    """
    today, before = timezone.localdate(at), list(user.roles)
    seats = user.seats.filter(Q(ended_on=None) | Q(ended_on__gte=today))
    given = {role for seat in seats.order_by("pk") for role in GIVES[seat.role]}
    kept = set(user.roles) - SEATED
    user.roles = [role for role in Role if role in kept | given]
    user.save(update_fields=["roles"])
    return set(before) != set(user.roles)
