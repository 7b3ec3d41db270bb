"""The letters a person must do something about, each with how it stands and why; reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from letters import gate
from letters.gate import Line
from letters.gate.matter import Matter, matters_of
from letters.kinds.registry import KINDS
from letters.models import SENT_STATES, Letter, LetterQuerySet, LetterState
from pulje.enums import MeetingState
from pulje.models import AgendaItem, Meeting, Round, User

MOST, NEWEST, MEETINGS, LONGEST_ID = 1000, 200, 12, 12
TO_DO = (LetterState.RENDERED, LetterState.FAILED)
MOVING = (LetterState.QUEUED, LetterState.APPROVED)
SHORT = {"AWARD": "Bevilling", "PARTIAL_AWARD": "Delvis", "REJECTION": "Afslag"}
CHANGED = "Beløbet er ændret på mødet – læs begrundelsen"
A_REFUSAL = "Afslag skal læses af en kollega"
MINUTES = "minutes"  # the gate's line
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
    channel: str = ""
    words: str = ""
    order: str = ""


@dataclass(frozen=True)
class Row:
    """A letter in the list. ``lacks``: what the gate found; ``notes``: why else it is not ready."""

    letter: Letter
    standing: Standing
    notes: tuple[str, ...] = ()
    lacks: tuple[Line, ...] = ()
    may_pick: bool = False
    is_hidden: bool = False

    @property
    def why(self) -> list[str]:
        """The first stands instead of its channel and number."""
        return [*self.notes, *(line.sentence for line in self.lacks)]

    @property
    def name(self) -> str:
        if self.is_hidden:
            return "Brev"
        return SHORT.get(self.letter.kind) or KINDS[self.letter.kind].title

    @property
    def amount_kr(self) -> Decimal | None:
        told = self.letter.amount_kr  # type: ignore[attr-defined]
        return Decimal(told) if told and not self.is_hidden else None

    @property
    def badge(self) -> str:
        return "neutral" if self.is_hidden else self.standing.badge

    @property
    def is_picked(self) -> bool:
        """Ticked from the beginning: nobody need look at it first."""
        return self.may_pick and self.standing == Standing.READY

    @property
    def label(self) -> str:
        """The state's own word where nobody need do anything; nothing to the disqualified."""
        if self.is_hidden:
            return "Ikke vist"
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
    """The letters that were asked for, with what this person may do: nine queries or so."""
    found = _matching(wanted)
    if wanted.status in (Standing.MOVING.code, Standing.SENT.code):
        return Page(list(rows_of(_by_state(found, wanted), user)))
    waiting = found.filter(state__in=TO_DO).order_by(*_order(wanted))
    rows = list(rows_of(waiting[:MOST], user))
    counts = {one: sum(row.standing == one for row in rows) for one in Standing}
    if wanted.meeting or wanted.round:
        counts[Standing.MOVING] = found.filter(state__in=MOVING).count()
    if wanted.status:
        rows = [row for row in rows if row.standing.code == wanted.status]
    return Page(rows, counts, _promise(rows))


def order_of(wanted: Wanted) -> list[UUID]:
    """The letters of the list in their order, when it hangs on nothing but their states."""
    found = _matching(wanted)
    if wanted.status in (Standing.MOVING.code, Standing.SENT.code):
        rows = _by_state(found, wanted)
    else:
        states = (LetterState.FAILED,) if wanted.status == Standing.FAILED.code else TO_DO
        rows = found.filter(state__in=states).order_by(*_order(wanted))[:MOST]
    return list(rows.values_list("uuid", flat=True))


def rows_of(letters: Iterable[Letter], user: User) -> Iterator[Row]:
    """How each of these letters stands to this person. They were read with ``readable``."""
    letters = list(letters)
    if not letters:
        return
    matters = matters_of(letters, timezone.localdate(), readers=[user])
    changed = _changed(matters)
    for letter, matter in zip(letters, matters, strict=True):
        yield _row(letter, matter, user, letter.pk in changed)


def _row(letter: Letter, matter: Matter, user: User, is_changed: bool) -> Row:
    standing, own = standing_of(letter), user.pk in letter.writers
    if user.pk in matter.out:
        return Row(letter, standing, (SHUT_OUT,), is_hidden=True)
    if standing == Standing.FAILED:
        return Row(letter, standing, (letter.failure,))
    if standing != Standing.READY:
        return Row(letter, standing)
    lacks = tuple(line for line in gate.lines_of(matter) if not line.is_ok)
    if any(line.code == MINUTES for line in lacks):
        return Row(letter, Standing.HELD, (OWN,) if own else ())
    notes = tuple(_to_read(letter, is_changed, own))
    standing = Standing.CHECK if lacks or notes else standing
    return Row(letter, standing, notes, lacks, may_pick=not own)


def _to_read(letter: Letter, is_changed: bool, is_own: bool) -> Iterator[str]:
    """Why somebody should read this letter before it leaves; first why this person cannot."""
    if is_own:
        yield OWN
    if is_changed:
        yield CHANGED
    if KINDS[letter.kind].is_rejection and not is_own:
        yield A_REFUSAL


def readable() -> LetterQuerySet:
    """Letters without their facts, but for the amount; with what a row of a list shows."""
    rows = Letter.objects.select_related("application__round", "author", "entry", "batch")
    told: LetterQuerySet = rows.defer("facts").annotate(amount_kr=KT("facts__amount_kr"))
    return told


def letters_in(wanted: Wanted, batch: str = "") -> LetterQuerySet:
    """All the letters that were asked for, whatever their standing; or those of one batch, all or
    by one channel."""
    if not batch:
        found = _matching(wanted)
        states = {Standing.SENT.code: SENT_STATES, Standing.MOVING.code: MOVING}
        is_one_occasion = wanted.meeting or wanted.round
        if not wanted.status and is_one_occasion:
            return found
        if wanted.status == Standing.SENT.code and not is_one_occasion:  # those of the list
            shown = _by_state(found, wanted).values_list("pk", flat=True)
            return readable().filter(pk__in=list(shown))
        return found.filter(state__in=states.get(wanted.status, TO_DO))
    try:
        found = readable().filter(batch__uuid=UUID(batch))
        return found.filter(channel=wanted.channel) if wanted.channel else found
    except ValueError:
        return readable().none()


def meetings(asked: str = "") -> list[Meeting]:
    """The meetings one may choose: the latest that are over, and the one asked for."""
    over = Meeting.objects.filter(state=MeetingState.CLOSED).order_by("-held_at", "pk")
    rows = Meeting.objects.filter(Q(pk__in=over.values("pk")[:MEETINGS]) | _asked(asked))
    return list(rows.select_related("committee").order_by("-held_at", "pk"))


def rounds(asked: str = "") -> list[Round]:
    """The rounds whose letters wait, and the one asked for."""
    waiting = Letter.objects.filter(application__round=OuterRef("pk"), state__in=TO_DO)
    rows = Round.objects.filter(Q(Exists(waiting)) | _asked(asked)).select_related("pool")
    return list(rows.order_by("pool__name", "pool__year", "number", "pk"))


def _asked(pk: str) -> Q:
    """The row with that number in the address; none when it is no number."""
    return Q(pk=int(pk) if pk.isdecimal() and len(pk) <= LONGEST_ID else 0)


def standing_of(letter: Letter) -> Standing:
    """How a letter stands by its state alone."""
    if letter.state == LetterState.FAILED:
        return Standing.FAILED
    if letter.state == LetterState.RENDERED:
        return Standing.READY
    return Standing.SENT if letter.state in SENT_STATES else Standing.MOVING


def _matching(wanted: Wanted) -> LetterQuerySet:
    found = readable().exclude(state=LetterState.SUPERSEDED)
    if wanted.meeting is not None:
        found = found.of_meeting(wanted.meeting)
    if wanted.round is not None:
        found = found.filter(application__round=wanted.round)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    for word in wanted.words.split():
        found = found.filter(
            Q(recipient_name__icontains=word)
            | Q(application__number__icontains=word)
            | Q(application__title__icontains=word)
        )
    return found


def _order(wanted: Wanted) -> tuple[Any, ...]:
    return ORDERS.get(wanted.order, ORDERS[""])[1]


def _by_state(found: LetterQuerySet, wanted: Wanted) -> LetterQuerySet:
    if wanted.status == Standing.SENT.code:
        return found.sent().order_by(F("sent_at").desc(), F("pk").desc())[:NEWEST]
    return found.filter(state__in=MOVING).order_by("queued_at", "pk")[:NEWEST]


def _changed(matters: Sequence[Matter]) -> set[int]:
    """The letters about a decision whose amount the meeting made another than recommended."""
    told = [(m.letter.pk, m.decision) for m in matters if m.is_ruling and m.decision]
    made = {(d.meeting_id, d.application_id): d.amount_kr for _pk, d in told if d.meeting_id}
    items = AgendaItem.objects.filter(
        meeting__in={meeting for meeting, _case in made}, application__in=[c for _m, c in made]
    )
    rows = items.exclude(amount_kr=None).values_list("meeting", "application", "amount_kr")
    other = {(meeting, case) for meeting, case, kr in rows if made.get((meeting, case), kr) != kr}
    return {pk for pk, d in told if (d.meeting_id, d.application_id) in other}


def _promise(rows: Sequence[Row]) -> date | None:
    """The day an answer was promised by, to the first of those whose decision waits here."""
    days = [
        row.letter.application.round.answer_on
        for row in rows
        if row.standing in (Standing.READY, Standing.CHECK) and row.letter.kind in SHORT
    ]
    return min((day for day in days if day), default=None)
