"""What the minutes say of who took part, and all of it kept for the day seats and ties differ."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from pulje.enums import CommitteeRole
from pulje.models import AgendaItem, ConflictOfInterest, ConflictQuestion, Meeting
from pulje.queries.meeting.attendance import PAIRS, Attendance, numbers

Told = tuple[int, str]  # case id, what is said of it


def sentences(attendance: Attendance, items: Sequence[AgendaItem]) -> list[str]:
    """What the minutes say of inhabilitet, substitutes and quorum in these cases: one query.

    Without reasons, so that everybody may read them.
    """
    return attendance.sentences(items) + _of(items, attendance, "settled", _settled)


def reasons_told(attendance: Attendance, items: Sequence[AgendaItem]) -> list[str]:
    """Why the disqualified took no part, for minutes that are not public: one query.

    Source: forvaltningsloven § 6 (what is told is recorded).
    """
    return _of(items, attendance, "reasons", _reasons)


def stood_in(attendance: Attendance) -> list[str]:
    """Such as "Ove for Karen", and "Ove for Karen i nr. 3 og 5" of whom was called for those."""
    names = {seat.user.pk: seat.user.name for seat in attendance.seats}
    whole: list[str] = []
    some: dict[str, list[AgendaItem]] = {}
    for one in attendance.called:
        told = f"{one.user.name} for {names[one.member]}"
        its = [item for item in attendance.items if item.pk == one.item]
        if one.item is None and one.user in attendance.voters:
            whole.append(told)
        elif its and one.user in attendance.taking_part(its[0]):
            some.setdefault(told, []).extend(its)
    return [*whole, *(f"{told} i {numbers(its)}" for told, its in some.items())]


def secretaries_of(attendance: Attendance) -> list[str]:
    """Who was there from the administration, by name."""
    kept, meeting = attendance.kept, attendance.meeting
    return list(kept["secretaries"]) if kept else _secretaries(meeting)


def to_keep(attendance: Attendance) -> dict[str, Any]:
    """All of it as plain values, for the day when seats and ties are others: three queries."""
    return {
        "quorum": attendance.quorum,
        "seats": [[s.user.pk, s.user.name, s.role, s.is_present] for s in attendance.seats],
        "called": [[one.user.pk, one.member, one.item] for one in attendance.called],
        **{name: sorted(getattr(attendance, name)) for name in PAIRS},
        "secretaries": _secretaries(attendance.meeting),
        "settled": _settled(attendance.meeting, attendance.items),
        "reasons": _reasons(attendance.meeting, attendance.items),
    }


def _of(
    items: Sequence[AgendaItem],
    attendance: Attendance,
    name: str,
    read: Callable[[Meeting, Sequence[AgendaItem]], list[Told]],
) -> list[str]:
    kept, cases = attendance.kept, {item.application_id for item in items}
    told = kept[name] if kept else read(attendance.meeting, items)
    return [said for case, said in told if case in cases]


def _reasons(_meeting: Meeting, items: Sequence[AgendaItem]) -> list[Told]:
    places = {item.application_id: item.position for item in items}
    told = ConflictOfInterest.objects.filter(
        application__in=list(places), user__seats__committee=F("application__pool__committee")
    )
    rows = told.select_related("user").order_by("user__name", "pk").distinct()
    return [
        (row.application_id, f"{row.user.name}, nr. {places[row.application_id]}: {row.reason}")
        for row in rows
    ]


def _settled(meeting: Meeting, items: Sequence[AgendaItem]) -> list[Told]:
    """The committee's decisions on who is disqualified."""
    places = {item.application_id: item for item in items}
    asked = ConflictQuestion.objects.filter(
        meeting=meeting, application__in=list(places), settled_at__isnull=False
    )
    return [
        (
            one.application_id,
            f"Udvalget besluttede, at {one.person.name}"
            f" {'er' if one.is_disqualified else 'ikke er'}"
            f" inhabil i {numbers([places[one.application_id]])}.",
        )
        for one in asked.select_related("person").order_by("settled_at", "pk")
    ]


def _secretaries(meeting: Meeting) -> list[str]:
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day).filter(role=CommitteeRole.SECRETARY)
    return [seat.user.name for seat in seats.select_related("user").order_by("user__name", "pk")]
