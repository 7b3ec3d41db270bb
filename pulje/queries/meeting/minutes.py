"""The minutes of a meeting as papers: the agenda, and under each item what came of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from pulje.enums import ItemOutcome
from pulje.models import ItemRuling, Meeting
from pulje.queries.masking import applicant_name, masked
from pulje.queries.meeting.attendance_told import reasons_told, sentences, stood_in
from pulje.queries.meeting.packet import (
    Papers,
    announcements,
    head_of,
    item_of,
    numbered,
    orientation,
)
from pulje.queries.meeting.packet_material import (
    ZERO,
    CaseMaterial,
    Material,
    PointMaterial,
    material_of,
)
from pulje.queries.meeting.packet_point import decided, sections_of
from pulje.queries.meeting.packet_text import counted, sentence
from pulje.queries.meeting.paper import (
    DRAFT,
    STATUS,
    Block,
    Column,
    Item,
    Note,
    Paper,
    Section,
    Table,
    Text,
)
from pulje.queries.pool.support import is_personal
from pulje.templatetags.words import dato_aar, kr_text, tal

CHANGES = (
    Column("Nr.", 6),
    Column("Ansøger", 22),
    Column("Projekt", 22),
    Column("Indstillet (kr.)", 12, is_number=True, is_secret=True),
    Column("Besluttet", 14, is_number=True, is_secret=True),
    Column("Udvalgets begrundelse", 24, is_secret=True),
)
Ruled = tuple[CaseMaterial, ItemRuling]


def minutes_papers(meeting: Meeting, number: int, at: datetime) -> Papers:
    """What the meeting came to, "open" and "closed", with every correction made since."""
    material = material_of(meeting, at)
    return {
        key: Paper(
            title="Referat",
            number=numbered(meeting, number),
            committee=meeting.committee.name,
            is_open=is_open,
            issued_at=at.isoformat(),
            header=[
                *head_of(material, is_open=is_open),
                *_who_was_there(material),
                (STATUS, DRAFT),
            ],
            items=_items(material, is_open=is_open),
            mark=DRAFT,
        )
        for key, is_open in (("open", True), ("closed", False))
    }


def _who_was_there(material: Material) -> list[tuple[str, str]]:
    """Present, absent, who stood in for whom, and the quorum."""
    there = material.attendance
    rows = [
        ("Til stede", [seat.user.name for seat in there.voting if seat.is_present]),
        ("Fraværende", [seat.user.name for seat in there.voting if not seat.is_present]),
        ("Stedfortrædere", stood_in(there)),
    ]
    told = [(label, ", ".join(people)) for label, people in rows if people]
    return [*told, ("Beslutningsdygtighed", there.quorum_told)]


def _items(material: Material, *, is_open: bool) -> list[Item]:
    body = _body(material)
    heard, told = [Text(f"{body} tager meddelelserne til efterretning.")], material.told
    known = [Text(f"{body} tager orienteringen til efterretning.")]
    has_news = bool(material.meeting.announcements)
    return [
        announcements(material, [_ruled(material, "1", heard)] if has_news else []),
        orientation(material, [_ruled(material, "2", known)] if told else [], is_open=is_open),
        *(_item(material, about, is_open=is_open) for about in material.points),
    ]


def _item(material: Material, about: PointMaterial, *, is_open: bool) -> Item:
    came_of_it = _ruled(material, about.number, _blocks(material, about, is_open=is_open))
    sections = [*sections_of(material, about, is_open=is_open), came_of_it]
    return item_of(about, sections, is_open=is_open, with_annexes=False)


def _ruled(material: Material, number: str, blocks: Sequence[Block]) -> Section:
    """Such as "Vedtagelse i Kultur- og Fritidsudvalget den 14-01-2027"."""
    day = timezone.localdate(material.meeting.held_at)
    title = f"Vedtagelse i {material.meeting.committee.name} den {day:%d-%m-%Y}"
    return Section(f"punkt-{number}-vedtagelse", title, blocks)


def _body(material: Material) -> str:
    name: str = material.meeting.committee.name
    return name.upper()


def _blocks(material: Material, about: PointMaterial, *, is_open: bool) -> list[Block]:
    """What was decided, otherwise than recommended, by which votes, and who took no part."""
    rulings = [(one, one.ruling) for one in about.cases]
    other = [one for one, ruling in rulings if not _follows(one, ruling)]
    blocks: list[Block] = [Text(_verdict(material, about, other), about.ids)]
    if other:
        rows = [_change(one, is_open=is_open) for one in other]
        ids = [one.case.pk for one in other]
        caption = f"Besluttet på anden måde end indstillet, punkt {about.number}"
        blocks.append(Table(caption, CHANGES, rows, cases=ids))
    ruled = [(one, ruling) for one, ruling in rulings if ruling is not None]
    blocks += _votes(ruled, is_open=is_open)
    blocks += _money(about)
    blocks += [Text(told) for told in sentences(material.attendance, about.items)]
    if not is_open:
        blocks += [
            Text(f"Inhabilitet: {sentence(why)}")
            for why in reasons_told(material.attendance, about.items)
        ]
    return [*blocks, *_corrections(about, is_open=is_open)]


def _follows(one: CaseMaterial, ruling: ItemRuling | None) -> bool:
    return (
        ruling is not None
        and ruling.outcome == ItemOutcome.DECIDED
        and ruling.amount_kr == one.proposed_kr
        and ruling.alternative is None
    )


def _verdict(material: Material, about: PointMaterial, other: Sequence[CaseMaterial]) -> str:
    body = _body(material)
    if not about.cases:
        return f"{body} behandlede ingen ansøgninger under punktet."
    if not other:
        return f"{body} tiltræder indstillingen."
    if len(other) < len(about.cases):
        return f"{body} tiltræder indstillingen med de ændringer, der står i tabellen."
    outcomes = {one.ruling.outcome if one.ruling else one.item.outcome for one in other}
    if outcomes == {ItemOutcome.POSTPONED}:
        return f"{body} udsætter punktet."
    return f"{body} beslutter som i tabellen."


def _change(one: CaseMaterial, *, is_open: bool) -> tuple[str, ...]:
    case, ruling = one.case, one.ruling
    reasons = ruling.reasons if ruling else one.item.remark
    if is_open and is_personal(case.applicant):
        reasons = "Står i det lukkede referat." if reasons else ""
    return (
        one.number,
        applicant_name(case.applicant, is_open=is_open),
        masked(case.title, case) if is_open else case.title,
        tal(one.proposed_kr),
        decided(ruling),
        (masked(reasons, case) if is_open else reasons) or "–",
    )


def _votes(ruled: Sequence[Ruled], *, is_open: bool) -> list[Block]:
    """Votes where they were counted, and what a minority had to say."""
    told = [(one, _vote(one, ruling, is_open=is_open)) for one, ruling in ruled]
    return [Text(f"Nr. {one.number}. {said}", [one.case.pk]) for one, said in told if said]


def _vote(one: CaseMaterial, ruling: ItemRuling, *, is_open: bool) -> str:
    counts = [
        (ruling.votes_for, "for"),
        (ruling.votes_against, "imod"),
        (ruling.votes_abstained, "stemte hverken for eller imod"),
    ]
    votes = ", ".join(f"{number} {how}" for number, how in counts if number is not None)
    told = [f"Stemmer: {votes}."] if votes else []
    if ruling.dissent and is_open and is_personal(one.case.applicant):
        told.append("Mindretallets udtalelse står i det lukkede referat.")
    elif ruling.dissent:
        dissent = masked(ruling.dissent, one.case) if is_open else ruling.dissent
        told.append(f"Mindretallets udtalelse: {sentence(dissent)}")
    return " ".join(told)


def _money(about: PointMaterial) -> list[Block]:
    """Frames raised, what was granted in all and what is left."""
    blocks: list[Block] = []
    for row in about.raises:
        source = f" med penge fra {row.source.name} {row.source.year}" if row.source else ""
        raised = f"Udvalget forhøjede puljens ramme med {kr_text(row.amount_kr)}{source}"
        blocks.append(Text(f"{raised}: {sentence(row.reason)}", about.ids))
    given = counted(len(about.granted), "ansøgning", "ansøgninger")
    granted, left = kr_text(sum(about.granted, ZERO)), kr_text(about.left_kr)
    told = f"Udvalget bevilgede {granted} til {given}. Der er {left} tilbage i puljen."
    return [*blocks, Text(told, about.ids)] if about.cases else blocks


def _corrections(about: PointMaterial, *, is_open: bool) -> list[Block]:
    """What was corrected after the meeting was closed, and what stood before; oldest first."""
    found = []
    for one in about.cases:
        for ruling, before in pairwise(one.rulings):  # the newest first
            if ruling.correction:
                told = _corrected(one, ruling, before, is_open=is_open)
                found.append((ruling.recorded_at, Note(told, [one.case.pk])))
    return [note for _at, note in sorted(found, key=lambda row: row[0])]


def _corrected(one: CaseMaterial, ruling: ItemRuling, before: ItemRuling, *, is_open: bool) -> str:
    """From what to what; of a person's case the open minutes say no more than that."""
    now, then = _amount(ruling), _amount(before)
    change = f"stadig {now}" if now == then else f"{now} i stedet for {then}"
    told = f"Rettet {dato_aar(ruling.recorded_at)}, {sentence(f'nr. {one.number}: {change}')}"
    if is_open and is_personal(one.case.applicant):
        return f"{told} Begrundelsen står i det lukkede referat."
    own = f"Begrundelse: {sentence(before.reasons)}" if before.reasons else ""
    stood = own or "Begrundelsen var indstillingens."
    if before.outcome != ItemOutcome.DECIDED:
        stood = own
    was = " ".join(filter(None, [sentence(then.capitalize()), stood]))
    why = f"{sentence(ruling.correction)} Før stod der: {was}"
    why = masked(why, one.case) if is_open else why
    return " ".join(filter(None, [told, why, _vote(one, before, is_open=is_open)]))


def _amount(ruling: ItemRuling) -> str:
    if ruling.amount_kr:
        return kr_text(Decimal(ruling.amount_kr))
    return decided(ruling).lower()
