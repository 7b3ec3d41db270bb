"""The letters a person must do something about, each with how it stands and why; reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from letters import gate
from letters.actions import held_by_minutes
from letters.gate import Line
from letters.kinds import KINDS
from letters.models import SENT_STATES, Letter, LetterQuerySet, LetterState
from pulje.enums import MeetingState
from pulje.models import AgendaItem, Decision, Meeting, Round, User
from pulje.permissions import hidden_from

MOST, NEWEST, MEETINGS = 1000, 200, 12
TO_DO = (LetterState.RENDERED, LetterState.FAILED)
MOVING = (LetterState.QUEUED, LetterState.APPROVED)
SHORT = {"AWARD": "Bevilling", "PARTIAL_AWARD": "Delvis", "REJECTION": "Afslag"}
CHANGED = "Beløbet er ændret på mødet – læs begrundelsen"
A_REFUSAL = "Afslag skal læses af en kollega"
OWN = "Du har selv skrevet det – en kollega skal læse det"
SHUT_OUT = "Du er inhabil i sagen"
ORDERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "": ("Ældste først", ("queued_at", "pk")),
    "modtager": ("Modtager", ("recipient_name", "pk")),
    "sag": ("Sagsnummer", ("application__number", "pk")),
    "brev": ("Brevtype", ("kind", "recipient_name", "pk")),
}


class Standing(Enum):
    """How a letter stands: its word in the address, its label, the colour of its badge."""

    READY = ("klar", "Klar", "success")
    CHECK = ("tjek", "Skal tjekkes", "warning")
    HELD = ("referat", "Venter på referatet", "info")
    FAILED = ("fejl", "Fejl", "error")
    MOVING = ("paa-vej", "På vej", "info")
    SENT = ("sendt", "Sendt", "success")

    def __init__(self, code: str, label: str, badge: str) -> None:
        self.code, self.label, self.badge = code, label, badge

    @property
    def alert(self) -> str:
        """The colour of the box that says why."""
        return self.badge if self.badge in ("error", "warning") else "info"


@dataclass(frozen=True)
class Wanted:
    """What somebody chose to see; empty is all that waits."""

    meeting: Meeting | None = None
    round: Round | None = None
    kind: str = ""
    status: str = ""
    words: str = ""
    order: str = ""


@dataclass(frozen=True)
class Row:
    """A letter in the list; ``why`` it is not ready, of which ``lacks`` is what the gate found."""

    letter: Letter
    standing: Standing
    why: tuple[str, ...] = ()
    lacks: tuple[Line, ...] = ()
    may_pick: bool = False
    is_hidden: bool = False

    @property
    def name(self) -> str:
        return SHORT.get(self.letter.kind) or KINDS[self.letter.kind].title

    @property
    def amount_kr(self) -> Decimal | None:
        told = self.letter.amount_kr  # type: ignore[attr-defined]
        return Decimal(told) if told and not self.is_hidden else None

    @property
    def is_picked(self) -> bool:
        """Ticked from the beginning: nobody need look at it first."""
        return self.may_pick and self.standing == Standing.READY

    @property
    def label(self) -> str:
        """The state's own word where nobody need do anything."""
        is_told = self.standing in (Standing.MOVING, Standing.SENT)
        return self.letter.get_state_display() if is_told else self.standing.label


@dataclass(frozen=True)
class Page:
    """The list as it was asked for, and the count of each standing before it was narrowed."""

    rows: list[Row]
    counts: Mapping[Standing, int] = field(default_factory=dict)
    promised_on: date | None = None

    @property
    def picked(self) -> int:
        return sum(row.is_picked for row in self.rows)

    @property
    def is_cut(self) -> bool:
        return len(self.rows) in (MOST, NEWEST)


def page_of(wanted: Wanted, user: User) -> Page:
    """The letters that were asked for, with what this person may do: five queries or six."""
    found = _matching(wanted)
    if wanted.status in (Standing.MOVING.code, Standing.SENT.code):
        return Page(list(_others(found, wanted, user)))
    order = ORDERS.get(wanted.order, ORDERS[""])[1]
    rows = list(rows_of(found.filter(state__in=TO_DO).order_by(*order)[:MOST], user))
    counts = {one: sum(row.standing == one for row in rows) for one in Standing}
    if wanted.status:
        rows = [row for row in rows if row.standing.code == wanted.status]
    return Page(rows, counts, _promise(rows))


def rows_of(letters: Iterable[Letter], user: User) -> Iterator[Row]:
    """How each of these letters stands to this person. They were read with ``readable``."""
    letters = list(letters)
    waiting = [letter for letter in letters if letter.state == LetterState.RENDERED]
    held, changed = held_by_minutes(waiting), _changed(waiting)
    lines = gate.lines_for(waiting) if waiting else {}
    hidden = hidden_from(user, [letter.application for letter in letters])
    for letter in letters:
        standing: Standing = standing_of(letter, held)
        lacks: tuple[Line, ...] = ()
        if letter.application_id in hidden:
            yield Row(letter, standing, (SHUT_OUT,), is_hidden=True)
            continue
        own = letter.author_id == user.pk
        why: list[str] = []
        if standing == Standing.FAILED:
            why.append(letter.failure)
        if standing == Standing.READY:
            lacks = tuple(line for line in lines[letter.pk] if not line.is_ok)
            why += [line.sentence for line in lacks]
            why += _to_read(letter, letter.pk in changed, own)
            standing = Standing.CHECK if why else standing
        is_free = standing in (Standing.READY, Standing.CHECK) and not own
        yield Row(letter, standing, tuple(why), lacks, may_pick=is_free)


def _to_read(letter: Letter, is_changed: bool, is_own: bool) -> Iterator[str]:
    """Why somebody should read this letter before it leaves."""
    if is_changed:
        yield CHANGED
    if is_own:
        yield OWN
    elif KINDS[letter.kind].is_rejection:
        yield A_REFUSAL


def readable() -> LetterQuerySet:
    """Letters without their facts, but for the amount; with what a row of a list shows."""
    rows = Letter.objects.select_related("application__round", "author", "entry", "batch")
    told: LetterQuerySet = rows.defer("facts").annotate(amount_kr=KT("facts__amount_kr"))
    return told


def letters_in(wanted: Wanted, batch: str = "") -> LetterQuerySet:
    """All the letters that were asked for, whatever their standing, or those of one batch."""
    if not batch:
        found = _matching(wanted)
        states = {Standing.SENT.code: SENT_STATES, Standing.MOVING.code: MOVING}
        if not wanted.status and (wanted.meeting or wanted.round):
            return found
        return found.filter(state__in=states.get(wanted.status, TO_DO))
    try:
        return readable().filter(batch__uuid=UUID(batch))
    except ValueError:
        return readable().none()


def meetings() -> QuerySet[Meeting]:
    """The meetings one may choose: the latest that are over."""
    over = Meeting.objects.filter(state=MeetingState.CLOSED).select_related("committee")
    return over.order_by("-held_at", "pk")[:MEETINGS]


def rounds() -> QuerySet[Round]:
    """The rounds whose letters wait."""
    waiting = Letter.objects.filter(application__round=OuterRef("pk"), state__in=TO_DO)
    rows = Round.objects.filter(Exists(waiting)).select_related("pool")
    return rows.order_by("pool__name", "pool__year", "number", "pk")


def standing_of(letter: Letter, held: Mapping[int, Meeting]) -> Standing:
    """How a letter stands, whoever asks."""
    if letter.state == LetterState.FAILED:
        return Standing.FAILED
    if letter.state == LetterState.RENDERED:
        return Standing.HELD if letter.pk in held else Standing.READY
    return Standing.SENT if letter.state in SENT_STATES else Standing.MOVING


def _matching(wanted: Wanted) -> LetterQuerySet:
    found = readable().exclude(state=LetterState.SUPERSEDED)
    if wanted.meeting is not None:
        found = found.of_meeting(wanted.meeting)
    if wanted.round is not None:
        found = found.filter(application__round=wanted.round)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    for word in wanted.words.split():
        found = found.filter(
            Q(recipient_name__icontains=word)
            | Q(application__number__icontains=word)
            | Q(application__title__icontains=word)
        )
    return found


def _others(found: LetterQuerySet, wanted: Wanted, user: User) -> Iterator[Row]:
    if wanted.status == Standing.SENT.code:
        newest = found.sent().order_by(F("sent_at").desc(), F("pk").desc())
    else:
        newest = found.filter(state__in=MOVING).order_by("queued_at", "pk")
    return rows_of(newest[:NEWEST], user)


def _changed(letters: Sequence[Letter]) -> set[int]:
    """The letters about a decision whose amount the meeting made another than recommended."""
    told = {letter.pk: letter.entry.data.get("decision") for letter in letters if letter.entry}
    items = AgendaItem.objects.filter(
        meeting=OuterRef("meeting"), application=OuterRef("application")
    ).order_by("pk")
    recommended = Subquery(items.values("amount_kr")[:1])
    other = Decision.objects.filter(pk__in=[pk for pk in told.values() if pk])
    other = other.annotate(recommended_kr=recommended).exclude(amount_kr=F("recommended_kr"))
    pks = set(other.exclude(recommended_kr=None).values_list("pk", flat=True))
    return {letter for letter, decision in told.items() if decision in pks}


def _promise(rows: Sequence[Row]) -> date | None:
    """The day an answer was promised by, to the first of those whose decision waits here."""
    days = [
        row.letter.application.round.answer_on
        for row in rows
        if row.standing in (Standing.READY, Standing.CHECK) and row.letter.kind in SHORT
    ]
    return min((day for day in days if day), default=None)
