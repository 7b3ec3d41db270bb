"""One application in half a page: who, what, the money, the points, what is recommended and why."""

from decimal import Decimal

from pulje.models import Application
from pulje.queries.masking import masked, with_kind
from pulje.queries.meeting.packet_material import CaseMaterial
from pulje.queries.meeting.packet_text import sentence, share, shortened
from pulje.queries.meeting.paper import Annex, Block, Facts, Text
from pulje.queries.pool.support import is_personal
from pulje.rules.scoring import MAX_POINTS
from pulje.templatetags.words import dato_aar, kr_text

LONGEST = 600  # of the applicant's own words


def annex_of(one: CaseMaterial, *, is_open: bool) -> Annex:
    """The case; in the open version nothing of a private person but what and how much."""
    case = one.case
    is_hidden = is_open and is_personal(case.applicant)
    title = masked(case.title, case) if is_open else case.title
    blocks: list[Block] = [Facts(_who(one, is_open=is_open, is_hidden=is_hidden))]
    if is_hidden:
        blocks.append(Text("Ansøgeren er en privatperson. Resten står i den lukkede udgave."))
    else:
        words = shortened(case.summary or case.description, LONGEST)
        blocks.append(Text(masked(words, case) if is_open else words))
    blocks.append(Facts(_money(one, is_hidden=is_hidden), [case.pk]))
    if not is_hidden:
        blocks += _judgement(one, is_open=is_open)
    return Annex(f"sag-{case.pk}", one.number, title, [b for b in blocks if _says(b)], case.pk)


def _says(block: Block) -> bool:
    return bool(block.rows if isinstance(block, Facts) else getattr(block, "text", ""))


def _who(one: CaseMaterial, *, is_open: bool, is_hidden: bool) -> list[tuple[str, str]]:
    case = one.case
    rows = [("Ansøger", with_kind(case.applicant, is_open=is_open)), ("Sagsnr.", case.number)]
    if is_hidden:
        return rows
    partners = ", ".join(partner.name for partner in case.partners.all())
    told = [
        ("Partner", masked(partners, case) if is_open else partners),
        ("Hvem er det for", masked(case.target_group, case) if is_open else case.target_group),
        ("Hvor", case.area),
        ("Hvornår", _when(case)),
        ("Hvor mange", _how_many(case)),
    ]
    return [*rows, *((label, value) for label, value in told if value)]


def _when(case: Application) -> str:
    if case.starts_on is None:
        return ""
    if case.ends_on is None or case.ends_on == case.starts_on:
        return dato_aar(case.starts_on)
    return f"{dato_aar(case.starts_on)} til {dato_aar(case.ends_on)}"


def _how_many(case: Application) -> str:
    told = [(case.participants, "deltagere"), (case.volunteers, "frivillige")]
    return ", ".join(f"{number} {what}" for number, what in told if number)


def _money(one: CaseMaterial, *, is_hidden: bool) -> list[tuple[str, str]]:
    part = share(one.proposed_kr, one.requested_kr)
    asked = [("Søgt", kr_text(one.requested_kr)), ("Indstillet", _proposed(one, part))]
    if is_hidden:
        return asked
    budget = [("Udgifter i alt", one.expense_kr), ("Egen og anden finansiering", one.income_kr)]
    return [*((label, kr_text(kr)) for label, kr in budget), *asked]


def _proposed(one: CaseMaterial, part: str) -> str:
    return f"{kr_text(one.proposed_kr)} ({part})" if one.proposed_kr else "Afslag"


def _judgement(one: CaseMaterial, *, is_open: bool) -> list[Block]:
    """Points, the recommendation's reasons and terms, and earlier support."""
    case, proposal = one.case, one.proposal
    mine = [case.pk]
    given = [(name, f"{_mean(points)} af {MAX_POINTS} point") for name, points in one.points]
    blocks: list[Block] = [Facts(given, mine)]
    if proposal:
        reasons, terms = proposal.reasons, proposal.conditions
        if is_open:
            reasons, terms = masked(reasons, case), masked(terms, case)
        grounds = ", ".join(dict.fromkeys(ground.section for ground in proposal.grounds.all()))
        by = f" ({grounds})" if grounds else ""
        blocks.append(Text(f"Begrundelse{by}: {sentence(reasons)}", mine))
        if terms:
            blocks.append(Text(f"Vilkår: {sentence(' '.join(terms.split()))}", mine))
    blocks.append(Text(_earlier(one)))
    return blocks


def _mean(points: Decimal) -> str:
    return f"{points:.1f}".removesuffix(".0").replace(".", ",")


def _earlier(one: CaseMaterial) -> str:
    if not one.earlier:
        return "Ansøgeren har ikke fået støtte af puljerne her før."
    told = (f"{e.pool.name} {e.pool.year} ({kr_text(e.granted_kr)})" for e in one.earlier)
    return f"Tidligere støtte: {', '.join(told)}."
