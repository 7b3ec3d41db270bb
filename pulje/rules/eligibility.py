"""May this application be considered at all? Hard gates only; what is good is scored elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pulje.rules.commitment import LONGEST_YEARS, needs_consent
from pulje.rules.deadlines import add_months

ADULT_YEARS = 18
YOUNGEST_YEARS = 15
N_ = str  # marks a sentence for the catalogue: whoever shows it, translates it
_PAID_BY_CVR = frozenset({"ASSOCIATION", "SELF_GOVERNING_INSTITUTION"})


@dataclass(frozen=True)
class Facts:
    """What the application says, but for its budget (rules/budget.py).

    `supplements_paid_work`: the volunteers add to what employees do and replace nobody.
    `benefits_many`: the project serves more than the applicant itself.
    Source: the application form (domain.md A2).
    """

    applicant_kind: str
    starts_on: date | None
    ends_on: date | None
    received_on: date
    supplements_paid_work: bool
    has_cvr: bool
    benefits_many: bool


@dataclass(frozen=True)
class Limits:
    """What the pool's version allows.

    The project begins at most `latest_months_to_start` after receipt (0 = no limit).
    Source: the pool's adopted guidelines (local config, domain.md A3 and A5).
    """

    applicant_kinds: frozenset[str]
    latest_months_to_start: int


@dataclass(frozen=True)
class Member:
    """A person at a network: has the person logged in with MitID, and the day of birth if known.

    Source: issue 3 (a network is a responsible adult and at least one more).
    """

    is_identified: bool
    born_on: date | None


@dataclass(frozen=True)
class Problem:
    """A reason why not: the Danish sentence, with %(number)s where its figure belongs.

    Source: the rule that gives it.
    """

    sentence: str
    number: int = 0


def problems(facts: Facts, limits: Limits) -> dict[str, tuple[Problem, ...]]:
    """Give every reason the application cannot be taken in, by what it is about: applicant, time,
    purpose. All at once, so the applicant mends everything in one go.

    Source: kommunalfuldmagten (almennytte) and the pool's guidelines (domain.md A3, A5, B).
    """
    return {
        "applicant": tuple(_about_the_applicant(facts, limits)),
        "time": tuple(_about_the_time(facts, limits)),
        "purpose": tuple(_about_the_purpose(facts)),
    }


def age(born_on: date, on: date) -> int:
    """Whole years on that day; whoever is born on 29 February turns on 1 March in other years.

    Source: værgemålsloven § 1 (a person under 18 is a minor).
    """
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def why_network_may_not(members: Iterable[Member], on: date) -> str:
    """The sentence that says what a network lacks, or an empty string.

    Whoever has logged in with MitID and whose day of birth we do not know counts as an adult.
    Source: local guidelines (a network has a responsible adult and one more; issue 3).
    """
    people = list(members)
    if len(people) < 2:
        return N_("Et netværk skal have mindst to personer. Inviter en mere.")
    adults = (m for m in people if m.born_on is None or age(m.born_on, on) >= ADULT_YEARS)
    if not any(adult.is_identified for adult in adults):
        return N_("En voksen i netværket skal logge ind med MitID og være ansvarlig.")
    return ""


def why_person_may_not(born_on: date | None, on: date, *, has_consent: bool) -> str:
    """The sentence that says why a person may not apply alone, or an empty string.

    From 15 a guardian's consent is needed, from 18 nothing; nobody under 15 may.
    Source: værgemålsloven §§ 1 and 42 (minors from 15 act with consent); issue 3.
    """
    years = ADULT_YEARS if born_on is None else age(born_on, on)
    if years < YOUNGEST_YEARS:
        return N_("Man skal være fyldt 15 år for at søge. Bed en voksen om at søge for dig.")
    if years < ADULT_YEARS and not has_consent:
        return N_("Du er under 18 år. Bed en forælder eller værge om at sige ja, før du sender.")
    return ""


def _about_the_applicant(facts: Facts, limits: Limits) -> Iterator[Problem]:
    """Source: local guidelines (who may apply); nemkontoloven (paid by CVR)."""
    if facts.applicant_kind not in limits.applicant_kinds:
        yield Problem(
            N_(
                "Denne type ansøger kan ikke søge puljen. "
                "Se under puljen, hvem der kan søge, eller ring og spørg, hvilken pulje der passer."
            )
        )
    if facts.applicant_kind in _PAID_BY_CVR and not facts.has_cvr:
        yield Problem(
            N_(
                "En forening eller selvejende institution skal have et CVR-nummer, "
                "fordi pengene går til den NemKonto, der hører til det. Skriv CVR-nummeret."
            )
        )


def _about_the_time(facts: Facts, limits: Limits) -> Iterator[Problem]:
    """Source: letter E4 condition 3 (not begun); lånebekendtgørelsen § 13 (three years)."""
    starts_on, ends_on = facts.starts_on, facts.ends_on
    if starts_on is None or ends_on is None:
        yield Problem(N_("Skriv både, hvornår projektet begynder, og hvornår det slutter."))
        return
    if starts_on < facts.received_on:
        yield Problem(
            N_(
                "Projektet er allerede begyndt. Puljen dækker ikke udgifter fra før afgørelsen. "
                "Vælg en senere startdato."
            )
        )
    latest = limits.latest_months_to_start
    if latest and starts_on > add_months(facts.received_on, latest):
        yield Problem(
            N_("Projektet skal begynde senest %(number)s måneder efter, at ansøgningen er sendt."),
            latest,
        )
    if ends_on < starts_on:
        yield Problem(N_("Projektet slutter, før det begynder. Ret datoerne."))
    if needs_consent(starts_on, ends_on):
        yield Problem(
            N_(
                "Et tilskud kan højst løbe i %(number)s år (lånebekendtgørelsens § 13). "
                "Vælg en tidligere slutdato."
            ),
            LONGEST_YEARS,
        )


def _about_the_purpose(facts: Facts) -> Iterator[Problem]:
    """Source: kommunalfuldmagten; letter E4 condition 4 (volunteers replace nobody)."""
    if not facts.supplements_paid_work:
        yield Problem(
            N_(
                "De frivillige skal supplere de ansatte. "
                "Puljen støtter ikke arbejde, der erstatter dem."
            )
        )
    if not facts.benefits_many:
        yield Problem(
            N_(
                "Projektet skal komme flere end ansøgeren selv til gode, "
                "fordi kommunen kun må støtte det almennyttige (kommunalfuldmagten)."
            )
        )
