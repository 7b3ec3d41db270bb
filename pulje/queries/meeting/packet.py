"""The agenda of a meeting as papers: one that everybody may read, and the whole."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from pulje.enums import CommitteeRole, DecidedBy
from pulje.models import Decision, Meeting
from pulje.queries.masking import masked, with_kind
from pulje.queries.meeting.attendance import Seat
from pulje.queries.meeting.packet_annex import annex_of
from pulje.queries.meeting.packet_material import ZERO, Material, PointMaterial, material_of
from pulje.queries.meeting.packet_point import sections_of
from pulje.queries.meeting.packet_text import paragraphs, sentence
from pulje.queries.meeting.paper import Block, Column, Item, Note, Paper, Section, Table, Text
from pulje.queries.pool.support import is_personal
from pulje.templatetags.words import dato_aar, tal, tid

Papers = dict[str, Paper]
SHUT = "Lukket punkt"
ROLES = {CommitteeRole.CHAIR: " (formand)", CommitteeRole.VICE_CHAIR: " (næstformand)"}


def agenda_papers(meeting: Meeting, number: int, at: datetime) -> Papers:
    """The agenda as it would be sent out now, "open" and "closed"."""
    material = material_of(meeting, at)
    return {
        key: Paper(
            title="Dagsorden",
            number=numbered(meeting, number),
            committee=meeting.committee.name,
            is_open=is_open,
            issued_at=at.isoformat(),
            header=head_of(material, is_open=is_open),
            items=[
                announcements(material, []),
                orientation(material, [], is_open=is_open),
                *(_item(material, about, is_open=is_open) for about in material.points),
            ],
        )
        for key, is_open in (("open", True), ("closed", False))
    }


def numbered(meeting: Meeting, number: int) -> str:
    """Such as "KFU 14-01-2027, version 2"."""
    day = timezone.localdate(meeting.held_at)
    return f"{meeting.committee.short_name} {day:%d-%m-%Y}, version {number}"


def head_of(material: Material, *, is_open: bool) -> list[tuple[str, str]]:
    """The head as Rudersdal writes it."""
    meeting = material.meeting
    members = ", ".join(_seat(seat) for seat in material.attendance.voting)
    return [
        ("Udvalg", meeting.committee.name),
        ("Mødested", meeting.place or meeting.committee.place or "–"),
        ("Mødedato", f"{timezone.localdate(meeting.held_at):%d-%m-%Y}"),
        ("Mødetid", tid(meeting.held_at)),
        ("Åben/Lukket", "Åben" if is_open else "Lukket"),
        ("Medlemmer", members or "–"),
        ("Fra forvaltningen", ", ".join(material.secretaries) or "–"),
    ]


def _seat(seat: Seat) -> str:
    return f"{seat.user.name}{ROLES.get(seat.role, '')}"


def announcements(material: Material, ruled: Sequence[Section]) -> Item:
    """The first item, always there."""
    said = paragraphs(material.meeting.announcements) or [Text("Ingen meddelelser.")]
    is_own = bool(material.meeting.announcements)
    told = Section("punkt-1-orientering", "Sagsfremstilling", said, is_own)
    return Item("punkt-1", "1", "Meddelelser", False, [told, *ruled])


def orientation(material: Material, ruled: Sequence[Section], *, is_open: bool) -> Item:
    """What the administration and the chair have decided since the last meeting."""
    made: list[Block] = []
    for body, told in ORIENTATION.items():
        decided = [row for row in material.told if row.body == body]
        if decided:
            made.append(_decided(decided, told, is_open=is_open))
    hurried = [row for row in material.told if row.body == DecidedBy.CHAIR]
    made += [
        Note(f"Sag {row.application.number} hastede: {_urgency(row, is_open=is_open)}")
        for row in hurried
    ]
    none = Text("Der er ikke truffet afgørelser uden for udvalget siden sidste møde.")
    sections = [Section("punkt-2-sagsfremstilling", "Sagsfremstilling", made or [none])]
    if made:
        proposer = material.meeting.committee.proposer
        says = Text(f"{proposer} foreslår, at orienteringen tages til efterretning.")
        sections.append(Section("punkt-2-indstilling", "Indstilling", [says]))
    title = "Orientering om afgørelser siden sidste møde"
    return Item("punkt-2", "2", title, False, [*sections, *ruled])


def _urgency(row: Decision, *, is_open: bool) -> str:
    case = row.application
    if is_open and is_personal(case.applicant):
        return "Grunden står i den lukkede udgave."
    return sentence(masked(row.urgency, case) if is_open else row.urgency)


ORIENTATION = {
    DecidedBy.DELEGATION: "Afgjort af forvaltningen efter delegation",
    DecidedBy.CHAIR: "Afgjort af formanden på udvalgets vegne, fordi det hastede",
}
DECIDED = (
    Column("Sagsnr.", 14),
    Column("Ansøger (type)", 24),
    Column("Projekt", 24),
    Column("Ansøgt (kr.)", 11, is_number=True),
    Column("Bevilget (kr.)", 12, is_number=True, is_secret=True),
    Column("Afgjort", 15),
)


def _decided(rows: Sequence[Decision], caption: str, *, is_open: bool) -> Table:
    asked = sum((row.application.requested_kr or ZERO for row in rows), ZERO)
    granted = sum((row.amount_kr for row in rows), ZERO)
    return Table(
        caption=caption,
        columns=DECIDED,
        rows=[_decided_row(row, is_open=is_open) for row in rows],
        foot=("I alt", "", "", tal(asked), tal(granted), ""),
        cases=[row.application_id for row in rows],
    )


def _decided_row(row: Decision, *, is_open: bool) -> tuple[str, ...]:
    case = row.application
    return (
        case.number,
        with_kind(case.applicant, is_open=is_open),
        masked(case.title, case) if is_open else case.title,
        tal(case.requested_kr),
        tal(row.amount_kr),
        dato_aar(row.decided_at),
    )


def _item(material: Material, about: PointMaterial, *, is_open: bool) -> Item:
    sections = sections_of(material, about, is_open=is_open)
    return item_of(about, sections, is_open=is_open, with_annexes=True)


def item_of(
    about: PointMaterial, sections: Sequence[Section], *, is_open: bool, with_annexes: bool
) -> Item:
    """The pool's item; of a closed one everybody may read that it is there."""
    name, is_closed = f"punkt-{about.number}", about.point.is_closed
    if is_open and is_closed:
        said = Section(f"{name}-lukket", SHUT, [Text("Punktet behandles for lukkede døre.")])
        return Item(name, about.number, SHUT, True, [said])
    annexes = [annex_of(one, is_open=is_open) for one in about.cases] if with_annexes else []
    return Item(name, about.number, title_of(about), is_closed, sections, annexes)


def title_of(about: PointMaterial) -> str:
    """Its own title, else such as "Kulturpuljen 2027 – fordeling, runde 1"."""
    if about.point.title:
        return str(about.point.title)
    pool = about.point.pool
    rounds = {one.case.round.name for one in about.cases if one.case.round.closes_at}
    of = f", {next(iter(rounds)).lower()}" if len(rounds) == 1 else ""
    return f"{pool.name} {pool.year} – fordeling{of}"
