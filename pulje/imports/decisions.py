"""Decisions from another system against the agenda of a meeting, line by line; writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from django.db import transaction
from django.db.models import Prefetch

from pulje.actions.meeting.ruling import Recorded, record_rulings
from pulje.enums import ItemOutcome
from pulje.errors import PuljeError
from pulje.imports.amounts import NotKnown, Style, Unreadable, read_amount
from pulje.imports.decision_file import Line
from pulje.models import AgendaItem, Application, ItemRuling, Meeting, Recommendation, User
from pulje.permissions import hidden_from
from pulje.rules.texts import FEWEST_LETTERS, is_blank, says_nothing
from pulje.templatetags.words import kr_text

ZERO = Decimal("0.00")


class Said(Enum):
    """What the word for the outcome means."""

    FOLLOWED = "Som indstillet"
    GRANTED = "Bevilget"
    PARTLY = "Delvist bevilget"
    REFUSED = "Afslag"
    POSTPONED = "Udsat"
    SENT_BACK = "Sendt tilbage"


WORDS: Mapping[str, Said] = {
    "som indstillet": Said.FOLLOWED,
    "tiltrådt": Said.FOLLOWED,
    "tiltræder": Said.FOLLOWED,
    "indstillingen følges": Said.FOLLOWED,
    "indstillingen tiltrædes": Said.FOLLOWED,
    "indstillingen godkendt": Said.FOLLOWED,
    "bevilget": Said.GRANTED,
    "bevilges": Said.GRANTED,
    "godkendt": Said.GRANTED,
    "imødekommet": Said.GRANTED,
    "fuld": Said.GRANTED,
    "delvis": Said.PARTLY,
    "delvist": Said.PARTLY,
    "delvist bevilget": Said.PARTLY,
    "delvist imødekommet": Said.PARTLY,
    "afslag": Said.REFUSED,
    "afvist": Said.REFUSED,
    "ikke bevilget": Said.REFUSED,
    "ikke imødekommet": Said.REFUSED,
    "udsat": Said.POSTPONED,
    "udsættes": Said.POSTPONED,
    "sendt tilbage": Said.SENT_BACK,
    "sendes tilbage": Said.SENT_BACK,
    "oversendt": Said.SENT_BACK,
}
IN_WORDS = f"Brug mindst {FEWEST_LETTERS} bogstaver."
NOT_DECIDED = {
    Said.POSTPONED: ItemOutcome.POSTPONED,
    Said.SENT_BACK: ItemOutcome.SENT_BACK,
}


@dataclass(frozen=True)
class Checked:
    """A line of the file: what it will record, or what is wrong and how to mend it."""

    line: Line
    item: AgendaItem | None = None  # None where the line is refused
    recorded: Recorded | None = None
    problem: str = ""

    @property
    def proposed_kr(self) -> Decimal | None:
        return _proposed(self.item) if self.item else None

    @property
    def differs(self) -> bool:
        """The committee gave another amount than recommended."""
        amount_kr = self.recorded.amount_kr if self.recorded else None
        return amount_kr is not None and amount_kr != self.proposed_kr

    @property
    def replaces(self) -> ItemRuling | None:
        """What was recorded before, when the line says something else."""
        before = next(iter(self.item.rulings.all()), None) if self.item else None
        if before is None or self.recorded is None:
            return None
        now = (self.recorded.outcome, self.recorded.amount_kr, self.recorded.reasons)
        return before if now != (before.outcome, before.amount_kr, before.reasons) else None


@dataclass(frozen=True)
class Check:
    """The whole file against the whole agenda. Sums in kr."""

    rows: Sequence[Checked]
    left_out: int  # cases on the agenda that the file does not name

    @property
    def refused(self) -> list[Checked]:
        return [row for row in self.rows if row.problem]

    @property
    def ready(self) -> list[Checked]:
        return [row for row in self.rows if not row.problem]

    @property
    def recorded(self) -> list[Recorded]:
        return [row.recorded for row in self.rows if row.recorded]

    @property
    def amount_kr(self) -> Decimal:
        return sum((row.amount_kr or ZERO for row in self.recorded), ZERO)

    @property
    def different(self) -> int:
        return sum(row.differs for row in self.rows)


def check_lines(meeting: Meeting, lines: Sequence[Line], *, by: User) -> Check:
    """Judge every line; queries do not grow with the lines."""
    items = _items(meeting)
    names = [_key(line.case) for line in lines]
    hidden = hidden_from(by, [item.application for item in items.values()])
    known = _known_elsewhere(lines, items)
    places = {
        name: [line.number for line, its in zip(lines, names, strict=True) if its == name]
        for name, count in Counter(names).items()
        if count > 1 and name
    }
    rows = []
    for line, name in zip(lines, names, strict=True):
        others = [number for number in places.get(name, ()) if number != line.number]
        item = items.get(name)
        problem = _misplaced(line, item, others, is_known=name in known)
        if not problem and item and item.application_id in hidden:
            problem = (
                "Du er inhabil i sagen, eller det er ikke afklaret, om du er det. Slet"
                " linjen, og lad en anden føre beslutningen til protokol."
            )
        rows.append(Checked(line, problem=problem) if problem or not item else _judged(line, item))
    return Check(rows, left_out=len(items.keys() - set(names)))


def rehearse(meeting: Meeting, check: Check, *, by: User, at: datetime) -> str:
    """What recording would refuse as a whole, else an empty string; all of it is undone."""
    with transaction.atomic():
        try:
            record_rulings(meeting, check.recorded, by=by, at=at)
        except PuljeError as refusal:
            return refusal.sentence
        finally:
            transaction.set_rollback(True)
    return ""


def _items(meeting: Meeting) -> dict[str, AgendaItem]:
    """The cases of the agenda by their number."""
    proposals = Recommendation.objects.filter(is_current=True)
    rows = meeting.items.select_related("application__applicant").prefetch_related(
        Prefetch("application__recommendations", proposals),
        Prefetch("rulings", ItemRuling.objects.filter(is_current=True)),
    )
    return {_key(item.application.number): item for item in rows.order_by("position")}


def _known_elsewhere(lines: Sequence[Line], items: Mapping[str, AgendaItem]) -> set[str]:
    strange = [line.case.strip().upper() for line in lines if _key(line.case) not in items]
    rows = Application.objects.filter(number__in=strange) if strange else Application.objects.none()
    return {_key(number) for number in rows.order_by("pk").values_list("number", flat=True)}


def _key(number: str) -> str:
    return "".join(number.split()).casefold()


def _misplaced(
    line: Line, item: AgendaItem | None, others: Sequence[int], *, is_known: bool
) -> str:
    if is_blank(line.case):
        return "Der står intet sagsnummer. Skriv sagens nummer."
    if others:
        lines = ", ".join(map(str, others))
        return f"Sagen står også i linje {lines}. Slet den linje, der ikke gælder."
    if item is None and is_known:
        return "Sagen er ikke på dette mødes dagsorden. Slet linjen, eller vælg det rigtige møde."
    if item is None:
        return "Der er ingen sag med det nummer. Se efter en slåfejl."
    if item.outcome != ItemOutcome.PENDING:
        return f"Sagen er allerede behandlet: {item.get_outcome_display().lower()}. Slet linjen."
    return ""


def _judged(line: Line, item: AgendaItem) -> Checked:
    said = WORDS.get(" ".join(line.outcome.casefold().rstrip(".").split()))
    if said is None:
        known = ", ".join(f"”{one.value}”" for one in Said)
        return Checked(line, problem=f"”{line.outcome}” er ikke et udfald. Skriv {known}.")
    try:
        amount = read_amount(line.amount, Style.DANISH) if line.amount else None
    except (Unreadable, NotKnown):
        written = f"”{line.amount[:40]}” er ikke et beløb."
        return Checked(line, problem=f"{written} Skriv det som 25.000 eller 25.000,50.")
    amount = _settled(said, amount, item)
    problem = _misfit(said, amount, item) or _unreasoned(said, amount, line, item)
    if problem:
        return Checked(line, problem=problem)
    outcome = NOT_DECIDED.get(said, ItemOutcome.DECIDED)
    kr = amount if outcome == ItemOutcome.DECIDED else None
    return Checked(line, item, Recorded(item, outcome, kr, line.reasons))


def _settled(said: Said, amount: Decimal | None, item: AgendaItem) -> Decimal | None:
    """The amount, where the word alone says it."""
    if amount is None and said is Said.FOLLOWED:
        return _proposed(item)
    return ZERO if amount is None and said is Said.REFUSED else amount


def _misfit(said: Said, amount: Decimal | None, item: AgendaItem) -> str:
    """Outcome and amount that cannot both be right."""
    asked, proposed = item.application.requested_kr or ZERO, _proposed(item)
    word, told = f"”{said.value}”", kr_text(amount)
    if said in NOT_DECIDED:
        return f"{word} har intet beløb. Slet {told}, eller ret udfaldet." if amount else ""
    if proposed is None:
        return "Der er ingen gældende indstilling i sagen. Tag den af dagsordenen."
    if amount is None:
        return f"{word} mangler et beløb. Skriv det."
    if amount < 0:
        return "Beløbet er under 0 kr. Skriv det uden minus."
    if said is Said.FOLLOWED and amount != proposed:
        return f"Indstillingen er {kr_text(proposed)}, men der står {told} ved {word}. Ret det ene."
    if said is Said.REFUSED and amount:
        return f"{word} og {told} passer ikke sammen. Ret det ene."
    if said in (Said.GRANTED, Said.PARTLY) and not amount:
        return f"{word} og 0 kr. passer ikke sammen. Skriv ”Afslag” eller beløbet."
    if amount > asked:
        return f"{told} er mere end de {kr_text(asked)}, der er søgt om. Ret beløbet."
    if said is Said.PARTLY and amount == asked:
        return f"{word}, men {told} er alt, hvad der er søgt om. Ret det ene."
    return ""


def _unreasoned(said: Said, amount: Decimal | None, line: Line, item: AgendaItem) -> str:
    if not says_nothing(line.reasons):
        return ""
    if said in NOT_DECIDED:
        return f"Skriv i begrundelsen, hvorfor sagen er {said.value.lower()}. {IN_WORDS}"
    if amount != _proposed(item):
        proposed = kr_text(_proposed(item))
        return f"Indstillingen på {proposed} er ikke fulgt. Skriv udvalgets begrundelse. {IN_WORDS}"
    return ""


def _proposed(item: AgendaItem) -> Decimal | None:
    proposal = next(iter(item.application.recommendations.all()), None)
    return proposal.amount_kr if proposal else None
