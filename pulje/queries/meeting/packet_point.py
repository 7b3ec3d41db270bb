"""One pool's item of the agenda, section by section, in Rudersdal's form (domain.md E10).

The committee chooses headings and order; a section with own words has those instead of ours.
"""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from decimal import Decimal

from pulje.enums import AgendaSection, ItemOutcome, LegalBasis
from pulje.models import AgendaItem, ItemRuling, User
from pulje.permissions import Pair
from pulje.queries.masking import applicant_name, masked, with_kind
from pulje.queries.meeting.packet_material import ZERO, CaseMaterial, Material, PointMaterial
from pulje.queries.meeting.packet_text import (
    counted,
    listed,
    numbers,
    paragraphs,
    sentence,
    share,
    shortened,
)
from pulje.queries.meeting.paper import Block, Column, Facts, Note, Points, Section, Table, Text
from pulje.queries.pool.support import is_personal
from pulje.templatetags.words import dato_aar, kr_text, tal, tid

S = AgendaSection
USUAL = tuple((str(section), str(section.label)) for section in AgendaSection)
REASON = 160  # letters of the reasons in the table; the annex has them all
COLUMNS = (
    Column("Nr.", 5),
    Column("Ansøger (type)", 19),
    Column("Projekt", 17),
    Column("Partner", 12),
    Column("Ansøgt (kr.)", 10, is_number=True),
    Column("Indstillet (kr.)", 10, is_number=True, is_secret=True),
    Column("Andel", 7, is_number=True, is_secret=True),
    Column("Begrundelse (kriterium)", 20, is_secret=True),
)
HELD = (
    Column("Nr.", 5),
    Column("Ansøger (type)", 20),
    Column("Projekt", 18),
    Column("Ansøgt (kr.)", 11, is_number=True),
    Column("Indstillet (kr.)", 11, is_number=True, is_secret=True),
    Column("Besluttet", 13, is_number=True, is_secret=True),
    Column("Begrundelse (kriterium)", 22, is_secret=True),
)
REFUSED = "Afslag"


def sections_of(material: Material, about: PointMaterial, *, is_open: bool) -> list[Section]:
    """The sections by the committee's headings; one with nothing to say is left out."""
    made = []
    for section, title in material.headings or USUAL:
        own = paragraphs(about.point.texts.get(section, ""), about.ids)
        blocks = WRITTEN[S(section)](material, about, is_open, own)
        if blocks:
            name = f"punkt-{about.number}-{section.lower()}"
            made.append(Section(name, title, blocks, bool(own)))
    return made


def _summary(
    _material: Material, about: PointMaterial, _is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    pool, asked = about.point.pool, kr_text(about.requested_kr)
    came = counted(len(about.cases), "ansøgning", "ansøgninger")
    return own or [
        Text(
            f"Der er kommet {came} om i alt {asked} til {_pool(about)}. Puljen er på"
            f" {kr_text(about.frame_kr)} i {pool.year}, og der er {kr_text(about.before_kr)}"
            " tilbage før mødet. Udvalget skal tage stilling til forvaltningens forslag til"
            " fordeling."
        )
    ]


def _presentation(
    material: Material, about: PointMaterial, is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    """What it is about, the ranked table, and what else stands beside it."""
    blocks: list[Block] = list(own) or _background(about, material.at)
    if about.cases:
        table = _held_table if material.is_held else _table
        blocks += [table(about, is_open=is_open), _when_followed(about)]
    late = [one.item for one in about.cases if one.item.is_late]
    if late:
        is_are = "er tilføjet efter fristen for dagsordenen."
        blocks.append(Note(f"{numbers(late).capitalize()} {is_are}"))
    blocks += _alternatives(about, is_open=is_open)
    if not is_open:
        blocks += [
            Note(f"Til udvalget om nr. {one.number}: {sentence(one.item.note)}", [one.case.pk])
            for one in about.cases
            if one.item.note
        ]
    return blocks


def _background(about: PointMaterial, at: datetime) -> list[Block]:
    """Purpose, criteria with the day they were adopted, and how the cases came here."""
    if not about.versions:
        return []
    newest = about.versions[0]
    adopted = listed(
        [f"version {v.number} (vedtaget {dato_aar(v.adopted_on)})" for v in about.versions]
    )
    blocks: list[Block] = [
        Text(f"Formål: {sentence(newest.purpose)}"),
        Text(f"Ansøgningerne er vurderet efter puljens retningslinjer, {adopted}. Kriterierne er:"),
        Points([_criterion(row.name, row.question, row.weight) for row in about.criteria]),
    ]
    return [*blocks, Text(_process(about, at))]


def _criterion(name: str, question: str, weight: int) -> str:
    weighs = f" (tæller {weight} gange)" if weight > 1 else ""
    return f"{name}: {question}{weighs}"


def _process(about: PointMaterial, at: datetime) -> str:
    """Deadlines that have passed, late, asked for more, withdrawn, and how they were judged."""
    closes = {one.case.round.closes_at for one in about.cases if one.case.round.closes_at}
    due = "".join(
        f"Ansøgningsfristen var {dato_aar(closed_at)} {tid(closed_at)}. "
        for closed_at in sorted(closes)
        if closed_at <= at
    )
    late = sum(one.case.is_late for one in about.cases)
    told = [
        (late, "ansøgning kom efter fristen", "ansøgninger kom efter fristen"),
        (
            about.asked,
            "ansøger blev bedt om flere oplysninger",
            "ansøgere blev bedt om flere oplysninger",
        ),
        (about.withdrawn, "ansøgning er trukket tilbage", "ansøgninger er trukket tilbage"),
    ]
    came = listed([counted(*one) for one in told if one[0]])
    reviewers = max((version.reviewers for version in about.versions), default=1)
    by = "af én medarbejder" if reviewers == 1 else f"af {reviewers} medarbejdere hver for sig"
    return (
        f"{due}{came}{'. ' if came else ''}Forvaltningen har vurderet, om formålet er lovligt"
        " (almennyttigt, lokalt og ikke en kommunal kerneopgave), og hver ansøgning har fået"
        f" point efter de samme kriterier {by}."
    )


def _table(about: PointMaterial, *, is_open: bool) -> Table:
    foot = ("", "I alt", "", "", tal(about.requested_kr), tal(about.proposed_kr))
    return Table(
        caption=_caption(about),
        columns=COLUMNS,
        rows=[_row(one, is_open=is_open) for one in about.cases],
        foot=(*foot, share(about.proposed_kr, about.requested_kr), ""),
        cases=about.ids,
    )


def _held_table(about: PointMaterial, *, is_open: bool) -> Table:
    """In the minutes with what was decided, in place of partner and share."""
    granted_kr = sum(about.granted, ZERO)
    sums = (tal(about.requested_kr), tal(about.proposed_kr), tal(granted_kr))
    rows = []
    for one in about.cases:
        number, name, title, _partner, asked, proposed, _share, why = _row(one, is_open=is_open)
        rows.append((number, name, title, asked, proposed, decided(one.ruling), why))
    return Table(_caption(about), HELD, rows, ("", "I alt", "", *sums, ""), about.ids)


def decided(ruling: ItemRuling | None) -> str:
    """Such as "20.000", "15.000 (alternativ b)", "Afslag", "Udsat"."""
    if ruling is None:
        return "Ikke behandlet"
    if ruling.outcome != ItemOutcome.DECIDED:
        return str(ItemOutcome(ruling.outcome).label)
    told = tal(ruling.amount_kr) if ruling.amount_kr else REFUSED
    return f"{told} (alternativ {ruling.alternative.letter})" if ruling.alternative else told


def _caption(about: PointMaterial) -> str:
    return f"Ansøgninger til {_pool(about)}"


def _row(one: CaseMaterial, *, is_open: bool) -> tuple[str, ...]:
    case = one.case
    partners = ", ".join(partner.name for partner in case.partners.all())
    return (
        one.number,
        with_kind(case.applicant, is_open=is_open),
        masked(case.title, case) if is_open else case.title,
        (masked(partners, case) if is_open else partners) or "–",
        tal(one.requested_kr),
        tal(one.proposed_kr),
        share(one.proposed_kr, one.requested_kr),
        _reason(one, is_open=is_open),
    )


def _reason(one: CaseMaterial, *, is_open: bool) -> str:
    """The reasons in short and the criteria they stand on; a private person's are closed."""
    if one.proposal is None:
        return "–"
    if is_open and is_personal(one.case.applicant):
        return "Står i den lukkede udgave."
    reasons = shortened(one.proposal.reasons, REASON)
    grounds = one.proposal.grounds.all()
    names = dict.fromkeys(ground.criterion.name for ground in grounds if ground.criterion)
    on = f" ({', '.join(names)})" if names else ""
    return f"{masked(reasons, one.case) if is_open else reasons}{on}"


def _when_followed(about: PointMaterial) -> Block:
    after_kr = about.before_kr - about.proposed_kr
    if after_kr < 0:
        lacks = f"Følges indstillingen, mangler der {kr_text(-after_kr)} i puljen."
        return Note(lacks, about.ids)
    return Text(f"Følges indstillingen, er der {kr_text(after_kr)} tilbage.", about.ids)


def _alternatives(about: PointMaterial, *, is_open: bool) -> list[Block]:
    """The ways the committee may choose between, and what the cheapest and dearest leave."""
    found = [
        (one, alternative) for one in about.cases for alternative in one.item.alternatives.all()
    ]
    if not found:
        return []
    columns = (
        Column("Nr.", 6),
        Column("Ansøger", 28),
        Column("Alternativ", 12, is_secret=True),
        Column("Beløb (kr.)", 14, is_number=True, is_secret=True),
        Column("Hvad det betyder", 40, is_secret=True),
    )
    rows = [
        (
            one.number,
            applicant_name(one.case.applicant, is_open=is_open),
            f"{alternative.letter})",
            tal(alternative.amount_kr),
            masked(alternative.text, one.case) if is_open else alternative.text,
        )
        for one, alternative in found
    ]
    cases = [one.case.pk for one, _way in found]
    least, most = (_left_by(about, choose) for choose in (min, max))
    return [
        Table(f"Alternativer, punkt {about.number}", columns, rows, cases=cases),
        Text(
            f"Vælges de laveste beløb, er der {kr_text(least)} tilbage; vælges de højeste, er der"
            f" {kr_text(most)} tilbage.",
            about.ids,
        ),
    ]


def _left_by(about: PointMaterial, choose: Callable[[list[Decimal]], Decimal]) -> Decimal:
    ways = [
        [one.proposed_kr, *(way.amount_kr for way in one.item.alternatives.all())]
        for one in about.cases
    ]
    return about.before_kr - sum((choose(amounts) for amounts in ways), ZERO)


def _economy(
    material: Material, about: PointMaterial, _is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    """The pool's money; in the minutes as the meeting left it."""
    rows = [
        ("Konto", about.point.pool.account_string),
        (f"Puljens ramme {about.point.pool.year}", kr_text(about.frame_kr)),
        ("Bevilget før mødet", kr_text(about.frame_kr - about.before_kr)),
        ("Tilbage før mødet", kr_text(about.before_kr)),
        ("Indstillet på mødet", kr_text(about.proposed_kr)),
    ]
    if material.is_held:
        raised = kr_text(about.raised_kr) if about.raises else ""
        rows += [
            ("Rammen forhøjet på mødet", raised),
            ("Bevilget på mødet", kr_text(sum(about.granted, ZERO))),
            ("Tilbage efter mødet", kr_text(about.left_kr)),
        ]
    else:
        left = kr_text(about.before_kr - about.proposed_kr)
        rows.append(("Tilbage, hvis indstillingen følges", left))
    return [*own, Facts([row for row in rows if row[1]], about.ids)]


def _legal_basis(
    _material: Material, about: PointMaterial, _is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    laws = dict.fromkeys(str(LegalBasis(v.legal_basis).label) for v in about.versions)
    rules = listed([dato_aar(version.adopted_on) for version in about.versions])
    return own or [Text(f"{listed(list(laws))} og puljens retningslinjer, vedtaget {rules}.")]


def _competence(
    material: Material, about: PointMaterial, _is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    newest = about.versions[0] if about.versions else None
    told = f"{material.meeting.committee.name}."
    if newest and newest.delegation_limit_kr and newest.delegation_basis:
        told += (
            f" Forvaltningen afgør ansøgninger til og med {kr_text(newest.delegation_limit_kr)}"
            f" efter delegation ({newest.delegation_basis.rstrip('.')})."
        )
    return own or [Text(told)]


def _impartiality(
    material: Material, about: PointMaterial, is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    """Who is disqualified in which case; what is not settled yet is for the committee alone."""
    there, told = material.attendance, []
    for seat in there.seats:
        name, asked = seat.user.name, _among(about, seat.user, there.asked)
        out = _among(about, seat.user, there.out - there.asked)
        tied = _among(about, seat.user, there.tied)
        if out:
            told.append(f"{name} er inhabil i {numbers(out)}.")
        if asked and not is_open:
            told.append(f"Det skal afgøres, om {name} er inhabil i {numbers(asked)}.")
        if tied and not is_open:
            told.append(f"{name} har en tilknytning i {numbers(tied)}, der ikke er afklaret.")
    return own or [Text(" ".join(told) or "Ingen har meldt sig inhabil.")]


def _among(about: PointMaterial, user: User, pairs: Set[Pair]) -> list[AgendaItem]:
    return [item for item in about.items if (user.pk, item.application_id) in pairs]


def _proposal(
    material: Material, about: PointMaterial, _is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    """1) at …, 2) at …: what is granted, what is chosen between, what is refused."""
    chosen = [one.item for one in about.cases if one.item.alternatives.all()]
    rest = [one for one in about.cases if one.item not in chosen]
    granted = [one.item for one in rest if one.proposed_kr]
    refused = [one.item for one in rest if not one.proposed_kr]
    parts = [
        f"at {numbers(granted)} imødekommes med de beløb, der er indstillet i tabellen"
        if granted
        else "",
        f"at udvalget vælger mellem alternativerne i {numbers(chosen)}" if chosen else "",
        f"at {numbers(refused)} får afslag med den begrundelse, der står i tabellen"
        if refused
        else "",
    ]
    points = [part for part in parts if part]
    if own or not points:
        return own
    ends = [f"{part}{'.' if part is points[-1] else ','}" for part in points]
    proposer = material.meeting.committee.proposer
    return [Text(f"{proposer} foreslår,", about.ids), Points(ends, ordered=True, cases=about.ids)]


def _annexes(
    material: Material, about: PointMaterial, is_open: bool, own: Sequence[Block]
) -> Sequence[Block]:
    if not about.cases or material.is_held:  # minutes have none
        return own
    closed = " Oplysninger om personer står i det lukkede bilag." if is_open else ""
    return [*own, Text(f"Resumé af hver ansøgning, {numbers(about.items)}.{closed}")]


def _pool(about: PointMaterial) -> str:
    return f"{about.point.pool.name} {about.point.pool.year}"


Writer = Callable[[Material, PointMaterial, bool, Sequence[Block]], Sequence[Block]]
WRITTEN: dict[AgendaSection, Writer] = {
    S.SUMMARY: _summary,
    S.PRESENTATION: _presentation,
    S.ECONOMY: _economy,
    S.LEGAL_BASIS: _legal_basis,
    S.COMPETENCE: _competence,
    S.IMPARTIALITY: _impartiality,
    S.PROPOSAL: _proposal,
    S.ANNEXES: _annexes,
}
