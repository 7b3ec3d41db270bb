"""The parts of a pool as cards: what is set, and what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pulje.enums import ApplicantKind, PaymentPlan
from pulje.queries.pool.setup import Counts, Setup, steps_in_words
from pulje.templatetags.words import dage, dato_aar, kr_text

FIRST_WORDS = 90


@dataclass(frozen=True)
class Card:
    """One part of the pool: what is set in a few lines, and the sentences of what is missing."""

    part: str
    title: str
    lines: Sequence[str]
    missing: Sequence[str]


def cards(setup: Setup) -> list[Card]:
    """Every part in the order it is set up; no query."""
    return [
        Card(part, title, lines, [m.sentence for m in setup.missing if m.part == part])
        for part, title, lines in _parts(setup)
    ]


def _parts(setup: Setup) -> Iterator[tuple[str, str, list[str]]]:
    version, counts = setup.version, setup.counts
    yield "tekster", "Tekster", [_first(version.purpose)]
    yield "regler", "Penge og retsgrundlag", _rules(setup)
    yield "kriterier", "Kriterier og vurdering", _judging(setup)
    yield "begrundelser", "Begrundelser", [_many(counts.grounds, "begrundelse", "begrundelser")]
    yield (
        "standardtekster",
        "Standardtekster",
        [_many(counts.phrases, "standardtekst", "standardtekster")],
    )
    yield "skema", "Skema", _form(counts)
    yield "delegation", "Delegation", _delegation(setup)
    yield "udbetaling", "Udbetaling og rapport", _afterwards(setup)
    yield "ansvar", "Udvalg, konto og vurderere", _duties(setup)
    rounds = [
        f"{name}: {dato_aar(opens)} – {dato_aar(closes) if closes else 'løbende'}"
        for name, opens, closes in setup.rounds
    ]
    yield "runder", "Runder og årets gang", rounds
    yield "ramme", "Ramme", [kr_text(setup.frame_kr)]


def _first(text: str) -> str:
    line = text.strip()
    return line if len(line) <= FIRST_WORDS else f"{line[:FIRST_WORDS].rsplit(' ', 1)[0]} …"


def _many(number: int, one: str, several: str) -> str:
    return f"{number or 'Ingen'} {one if number == 1 else several}"


def _rules(setup: Setup) -> list[str]:
    version = setup.version
    kinds = [str(ApplicantKind(kind).label).lower() for kind in version.applicant_kinds]
    ceiling = version.ceiling_kr
    up_to = f"{kr_text(version.min_kr)} – {kr_text(ceiling)}" if ceiling else "Intet loft"
    return [
        f"{version.get_legal_basis_display()} · KLE {version.kle}",
        up_to,
        f"For {', '.join(kinds)}" if kinds else "",
    ]


def _judging(setup: Setup) -> list[str]:
    version, lines = setup.version, []
    lines.append(_many(setup.counts.criteria, "kriterium", "kriterier"))
    lines.append(_many(version.reviewers, "vurdering af hver sag", "vurderinger af hver sag"))
    if version.needs_criteria:
        lines.append(f"Mindst {version.needs_criteria} skal være opfyldt")
    return lines


def _form(counts: Counts) -> list[str]:
    return [
        f"{_many(counts.gates, 'spørgsmål', 'spørgsmål')} i ”Kan I søge?”",
        _many(counts.questions, "eget spørgsmål", "egne spørgsmål"),
    ]


def _delegation(setup: Setup) -> list[str]:
    version = setup.version
    if version.delegation_limit_kr is None:
        return ["Udvalget afgør alt"]
    return [
        f"Lederen afgør til og med {kr_text(version.delegation_limit_kr)}",
        version.delegation_basis,
    ]


def _afterwards(setup: Setup) -> list[str]:
    version = setup.version
    plans = dict(PaymentPlan.choices)
    return [
        str(plans.get(version.payment_plan, "")),
        *steps_in_words(version.report_steps)[:2],
        f"Frist for oplysninger {dage(version.information_days)}",
    ]


def _duties(setup: Setup) -> list[str]:
    committee = setup.pool.committee
    return [
        committee.name if committee else "Intet udvalg",
        setup.pool.account_string,
        f"Faste vurderere: {', '.join(setup.reviewers)}" if setup.reviewers else "",
    ]
