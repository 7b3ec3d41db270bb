"""Who takes part in which case of a meeting, whether they are enough, and who leads."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Value, prefetch_related_objects
from django.utils import timezone

from pulje.enums import CommitteeRole, MeetingState
from pulje.models import (
    AgendaItem,
    ConflictQuestion,
    ItemAbsence,
    Meeting,
    Substitution,
    User,
)
from pulje.models.committee import OFFICES
from pulje.permissions import Pair, disqualified_and_asked, shut_out, unresolved_ties
from pulje.rules.quorum import quorum_of

VOTING = (CommitteeRole.CHAIR, CommitteeRole.VICE_CHAIR, CommitteeRole.MEMBER)
PAIRS = ("away", "out", "asked", "tied")


@dataclass(frozen=True)
class Seat:
    """A seat held on the day of the meeting."""

    user: User
    role: CommitteeRole
    is_present: bool


@dataclass(frozen=True)
class Called:
    """A substitute; without ``item`` (its id) for the whole meeting."""

    user: User
    member: int
    item: int | None


@dataclass(frozen=True)
class Part:
    """One case in which not everybody takes part; ``missing`` are people and why."""

    item: AgendaItem
    here: Sequence[User]
    missing: Sequence[tuple[User, str]]
    is_quorate: bool
    leader: User | None


@dataclass(frozen=True)
class Attendance:
    """One meeting; ``away`` is of (user id, item id), the other pairs of (user id, case id).

    ``asked``: those in ``out`` of whom it is only asked whether they are disqualified. Of a closed
    meeting it is what was kept then; ``since`` is what its reader is shut out of today.
    Source: kommunestyrelsesloven (quorum, substitutes) [GK]; forvaltningsloven §§ 3-6.
    """

    meeting: Meeting
    items: Sequence[AgendaItem]
    seats: Sequence[Seat]
    called: Sequence[Called]
    away: Set[Pair]
    out: Set[Pair]
    asked: Set[Pair]
    tied: Set[Pair]
    since: Set[Pair] = frozenset()
    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def quorum(self) -> int:
        """How many must take part in a case; of a closed meeting as it was then."""
        if self.kept:
            return int(self.kept["quorum"])
        return quorum_of(self.meeting.committee.quorum, len(self.voting))

    @cached_property
    def voting(self) -> list[Seat]:
        """Everybody who votes by their own seat, there or not, by name."""
        return [seat for seat in self.seats if seat.role in VOTING]

    @property
    def substitutes(self) -> list[User]:
        """Who may be called in, by name."""
        return [seat.user for seat in self.seats if seat.role == CommitteeRole.SUBSTITUTE]

    @property
    def here(self) -> list[User]:
        """Everybody in the room who votes in some case."""
        members = [seat.user for seat in self.voting if seat.is_present]
        return list(dict.fromkeys([*members, *(called.user for called in self.called)]))

    @cached_property
    def voters(self) -> list[User]:
        """The members who are there, then who stands in for those who are not."""
        here = [seat.user for seat in self.voting if seat.is_present]
        return here + self._stand_ins(here, lambda called: called.item is None)

    def taking_part(self, item: AgendaItem) -> list[User]:
        """The voters of one case: without who is out of it, with who stands in for them."""

        def is_in(user: User) -> bool:
            return not self.is_shut_out(user, item) and (user.pk, item.pk) not in self.away

        here = [seat.user for seat in self.voting if seat.is_present and is_in(seat.user)]
        return here + self._stand_ins(
            here, lambda called: called.item in (None, item.pk) and is_in(called.user)
        )

    def _stand_ins(self, here: Sequence[User], fits: Callable[[Called], bool]) -> list[User]:
        """One substitute for each member who does not take part themselves."""
        filled, found = {user.pk for user in here}, []
        for called in self.called:
            if called.member not in filled and called.user not in found and fits(called):
                filled.add(called.member)
                found.append(called.user)
        return found

    def is_shut_out(self, user: User, item: AgendaItem) -> bool:
        """Disqualified in the case, asked about, or with a tie that nothing is said about."""
        pair = (user.pk, item.application_id)
        return pair in self.out or pair in self.tied

    def is_hidden_from(self, user: User, item: AgendaItem) -> bool:
        """Shut out at the meeting, or since."""
        return self.is_shut_out(user, item) or (user.pk, item.application_id) in self.since

    def is_asked_about(self, user: User, item: AgendaItem) -> bool:
        return (user.pk, item.application_id) in self.asked

    def is_quorate(self, item: AgendaItem) -> bool:
        return len(self.taking_part(item)) >= self.quorum

    @cached_property
    def without_quorum(self) -> list[AgendaItem]:
        return [item for item in self.items if not self.is_quorate(item)]

    @property
    def parts(self) -> list[Part]:
        """The cases that differ from the meeting: somebody is out or called in."""
        return [
            Part(item, here, list(self._missing(item)), self.is_quorate(item), self.leader(item))
            for item in self.items
            if (here := self.taking_part(item)) != self.voters
        ]

    def _missing(self, item: AgendaItem) -> Iterable[tuple[User, str]]:
        for user in self.here:
            if self._is_expected(user, item) and user not in self.taking_part(item):
                if self.is_asked_about(user, item):
                    yield user, "udvalget skal afgøre, om medlemmet er inhabilt"
                elif (user.pk, item.application_id) in self.out:
                    yield user, "inhabil"
                elif (user.pk, item.application_id) in self.tied:
                    yield user, "har ikke taget stilling til en tilknytning"
                else:
                    yield user, "ude"

    def leader(self, item: AgendaItem) -> User | None:
        """The chair; the vice chair while the chair takes no part; None: the committee chooses.

        Source: kommunestyrelsesloven (the chair leads, the vice chair in their place) [GK].
        """
        here = self.taking_part(item)
        seats = [seat for role in OFFICES for seat in self.voting if seat.role == role]
        return next((seat.user for seat in seats if seat.user in here), None)

    @property
    def quorum_told(self) -> str:
        """Such as "4 af 7 er til stede. Udvalget er beslutningsdygtigt med 4."."""
        there = len(self.voters)
        able = "er" if there >= self.quorum else "er først"
        return (
            f"{there} af {len(self.voting)} er til stede."
            f" Udvalget {able} beslutningsdygtigt med {self.quorum}."
        )

    @property
    def chair(self) -> User | None:
        return next((s.user for s in self.voting if s.role == CommitteeRole.CHAIR), None)

    @property
    def short_told(self) -> str:
        """Such as "nr. 5 og 7", the cases for which too few are there; or "alle sager"."""
        if len(self.without_quorum) == len(self.items) > 1:
            return "alle sager"
        return numbers(self.without_quorum)

    def sentences(self, items: Sequence[AgendaItem]) -> list[str]:
        """What the minutes say of these cases: who took no part, stood in, led, and was missed."""
        told = [*self._not_there(items), *self._stood_in(items), *self._led(items)]
        if short := [item for item in items if not self.is_quorate(item)]:
            told.append(f"Udvalget var ikke beslutningsdygtigt i {numbers(short)}.")
        return told

    def _not_there(self, items: Sequence[AgendaItem]) -> Iterable[str]:
        for user in self.here:
            expected = [item for item in items if self._is_expected(user, item)]
            out = [i for i in expected if (user.pk, i.application_id) in self.out]
            tied = [i for i in expected if (user.pk, i.application_id) in self.tied]
            away = [i for i in expected if (user.pk, i.pk) in self.away and i not in out + tied]
            no_part = f"{user.name} deltog ikke i behandlingen af"
            if out:
                yield f"{no_part} {numbers(out)} på grund af inhabilitet."
            if tied:
                yield f"{no_part} {numbers(tied)}, fordi en tilknytning ikke var afklaret."
            if away:
                yield f"{user.name} var ikke til stede ved {numbers(away)}."

    def _is_expected(self, user: User, item: AgendaItem) -> bool:
        """Whoever is called for one case is missed in no other."""
        is_member = any(seat.user == user and seat.is_present for seat in self.voting)
        return is_member or any(
            one.user == user and one.item in (None, item.pk) for one in self.called
        )

    def _stood_in(self, items: Sequence[AgendaItem]) -> Iterable[str]:
        names = {seat.user.pk: seat.user.name for seat in self.seats}
        stood: dict[tuple[str, int], list[AgendaItem]] = {}
        for item in items:
            there = self.taking_part(item)
            for one in self.called:
                if one.user in there and one.item in (None, item.pk):
                    stood.setdefault((one.user.name, one.member), []).append(item)
        for (name, member), its in stood.items():
            where = "" if len(its) == len(items) else f" ved {numbers(its)}"
            yield f"{name} deltog som stedfortræder for {names[member]}{where}."

    def _led(self, items: Sequence[AgendaItem]) -> Iterable[str]:
        led: dict[str, list[AgendaItem]] = {}
        for item in items:
            leader = self.leader(item)
            if leader is not None and leader != self.chair:
                led.setdefault(leader.name, []).append(item)
        for name, its in led.items():
            yield f"{name} ledede behandlingen af {numbers(its)}."


def attendance_of(
    meeting: Meeting, items: Iterable[AgendaItem], *, reader: User | None = None
) -> Attendance:
    """The meeting as it stands: five queries, eight when somebody has a tie, whatever the cases.

    A closed one as it was kept. ``reader`` is somebody else to know about who is out of which
    case. The items should have their application read.
    """
    items = list(items)
    prefetch_related_objects(items, "application")
    if meeting.state == MeetingState.CLOSED and meeting.attendance_kept:
        return _as_kept(meeting, items, reader)
    seats = _seats(meeting)
    users = {seat.user.pk: seat.user for seat in seats}
    people = [*users.values(), *([reader] if reader else [])]
    cases = [item.application for item in items]
    out, asked = disqualified_and_asked(people, cases)
    called, away = _comings_and_goings(meeting, seats)
    tied = set(unresolved_ties(people, cases)) - out
    return Attendance(meeting, items, seats, called, away, out, asked, tied)


def voters(meeting: Meeting) -> list[User]:
    """The voting members who are present, and the substitutes called for the whole meeting."""
    return attendance_of(meeting, []).voters


def taking_part(meeting: Meeting, items: Iterable[AgendaItem]) -> dict[int, list[User]]:
    """Who votes in each case, by the item's id; as many queries for one case as for all."""
    attendance = attendance_of(meeting, items)
    return {item.pk: attendance.taking_part(item) for item in attendance.items}


def _as_kept(meeting: Meeting, items: list[AgendaItem], reader: User | None) -> Attendance:
    """Names and all as they were then; one query, and three more for a reader."""
    kept = meeting.attendance_kept
    users = User.objects.in_bulk([pk for pk, *_rest in kept["seats"]])
    for pk, name, *_rest in kept["seats"]:
        users[pk].name = name
    away, out, asked, tied = (frozenset((who, key) for who, key in kept[name]) for name in PAIRS)
    cases, people = [item.application for item in items], [reader] if reader else []
    since = shut_out(people, cases) if people else set()
    seats = [Seat(users[pk], CommitteeRole(role), here) for pk, _name, role, here in kept["seats"]]
    called = [Called(users[pk], member, item) for pk, member, item in kept["called"]]
    return Attendance(meeting, items, seats, called, away, out, asked, tied, since, kept)


def open_questions(meeting: Meeting) -> list[ConflictQuestion]:
    """What is asked about members' habilitet and not settled, oldest first."""
    asked = ConflictQuestion.objects.filter(meeting=meeting, settled_at=None)
    related = asked.select_related("person", "raised_by", "application__applicant")
    return list(related.order_by("raised_at", "pk"))


def numbers(items: Sequence[AgendaItem]) -> str:
    """Such as "nr. 3, 5 og 8"."""
    told = [str(item.position) for item in items]
    return "nr. " + " og ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _seats(meeting: Meeting) -> list[Seat]:
    """The seats of the day by name; the secretary's is none that votes or stands in."""
    day = timezone.localdate(meeting.held_at)
    here = Meeting.present.through.objects.filter(meeting=meeting, user=OuterRef("user"))
    rows = meeting.committee.seats.serving_on(day).exclude(role=CommitteeRole.SECRETARY)
    rows = rows.annotate(here=Exists(here)).select_related("user").order_by("user__name", "pk")
    return [Seat(row.user, CommitteeRole(row.role), row.here) for row in rows]


def _comings_and_goings(meeting: Meeting, seats: Sequence[Seat]) -> tuple[list[Called], set[Pair]]:
    """Who is called, by name, those for one case first; and who is out of the room when."""
    nobody = Value(None, output_field=BigIntegerField())
    absences = ItemAbsence.objects.filter(item__meeting=meeting)
    calls = Substitution.objects.filter(meeting=meeting)
    rows = list(
        calls.values_list("item_id", "user_id", "stands_in_for_id").union(
            absences.values_list("item_id", "user_id", nobody), all=True
        )
    )
    free = {s.user.pk: s.user for s in seats if s.role == CommitteeRole.SUBSTITUTE}
    called = [
        Called(free[user], member, item) for item, user, member in rows if user in free and member
    ]
    called.sort(key=lambda one: (one.item is None, one.user.name, one.user.pk, one.item or 0))
    return called, {(user, item) for item, user, member in rows if member is None}
