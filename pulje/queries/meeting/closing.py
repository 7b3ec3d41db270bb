"""What closing a meeting will do, as somebody may see it, and what stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from pulje.enums import ItemOutcome, MeetingState
from pulje.models import AgendaItem, Application, Decision, ItemRuling, Meeting, Pool, User
from pulje.permissions import hidden_from
from pulje.queries.meeting.table import Agenda, AgendaRow, Block
from pulje.queries.pool.money import ZERO
from pulje.states import CaseState
from pulje.templatetags.words import dato, dato_tid, kr_text


@dataclass(frozen=True)
class Hindrance:
    """Why the meeting cannot be closed; ``position`` is the case it is about, if it is one."""

    sentence: str
    position: int | None = None


@dataclass(frozen=True)
class PoolSum:
    """What comes of one pool's cases, of those the reader may see; ``left_out`` are the others."""

    pool: Pool
    granted: int
    granted_kr: Decimal
    refused: int
    postponed: int
    sent_back: int
    left_out: int
    raised_kr: Decimal
    left_kr: Decimal


@dataclass(frozen=True)
class Outlook:
    """What will happen when the meeting is closed."""

    pools: Sequence[PoolSum]
    hindrances: Sequence[Hindrance]
    letters: int
    left_out: int
    warnings: Sequence[str] = ()

    @property
    def granted_kr(self) -> Decimal:
        return sum((pool.granted_kr for pool in self.pools), ZERO)


@dataclass(frozen=True)
class Settled:
    """What came of one case; ``is_hidden``: the reader takes no part in it."""

    item: AgendaItem
    decision: Decision | None
    ruling: ItemRuling | None
    is_hidden: bool

    @property
    def case(self) -> Application:
        return self.item.application


def settled_at(meeting: Meeting, user: User) -> list[Settled]:
    """The cases of a closed meeting in order: four queries, more when somebody has a tie."""
    decisions = Decision.objects.filter(is_current=True, meeting=meeting)
    rulings = ItemRuling.objects.filter(is_current=True)
    items: list[Any] = list(
        meeting.items.select_related("application__applicant")
        .prefetch_related(
            Prefetch("application__decisions", decisions, to_attr="made"),
            Prefetch("rulings", rulings, to_attr="standing"),
        )
        .order_by("position")
    )
    hidden = hidden_from(user, [item.application for item in items])
    return [
        Settled(
            item,
            next(iter(item.application.made), None),
            next(iter(item.standing), None),
            item.application_id in hidden,
        )
        for item in items
    ]


def outlook_of(agenda: Agenda, now: datetime) -> Outlook:
    """From the meeting's table: no queries of its own."""
    seen = [row for row in agenda.rows if not row.is_mine_conflict]
    return Outlook(
        pools=[_sums(block) for block in agenda.blocks],
        hindrances=[*_of_meeting(agenda, now), *_of_cases(agenda.rows)],
        letters=sum(row.outcome == ItemOutcome.DECIDED for row in seen),
        left_out=agenda.left_out,
        warnings=list(_warnings(agenda.meeting, now)),
    )


def _warnings(meeting: Meeting, now: datetime) -> Iterator[str]:
    """What is odd, and no hindrance."""
    if meeting.locked_at is None:
        yield "Dagsordenen er aldrig låst og sendt til udvalget."
    elif meeting.state == MeetingState.PLANNED:
        yield "Dagsordenen er låst op og ikke sendt til udvalget igen."
    if now < meeting.held_at and timezone.localdate(now) == timezone.localdate(meeting.held_at):
        yield f"Mødet begynder først {dato_tid(meeting.held_at)}."


def _sums(block: Block) -> PoolSum:
    seen = [row for row in block.rows if not row.is_mine_conflict]
    decided = [row for row in seen if row.outcome == ItemOutcome.DECIDED]
    granted = [row.decided_kr for row in decided if row.decided_kr]
    outcomes = [row.outcome for row in seen]
    return PoolSum(
        pool=block.point.pool,
        granted=len(granted),
        granted_kr=sum(granted, ZERO),
        refused=len(decided) - len(granted),
        postponed=outcomes.count(ItemOutcome.POSTPONED),
        sent_back=outcomes.count(ItemOutcome.SENT_BACK),
        left_out=block.left_out,
        raised_kr=block.money.raised_kr,
        left_kr=block.money.left_kr,
    )


def _of_meeting(agenda: Agenda, now: datetime) -> Iterator[Hindrance]:
    meeting: Meeting = agenda.meeting
    if timezone.localdate(now) < timezone.localdate(meeting.held_at):
        yield Hindrance(f"Mødet er {dato(meeting.held_at)} og kan først afsluttes den dag.")
    for block in agenda.blocks:
        if block.money.left_kr < 0 and not block.left_out:
            yield Hindrance(
                f"{block.point.pool.name} mangler {kr_text(-block.money.left_kr)}. Der er bevilget"
                " af puljen siden. Ret en beslutning, eller forhøj rammen ved en beslutning."
            )


def _of_cases(rows: Sequence[AgendaRow]) -> Iterator[Hindrance]:
    for row in rows:
        sentence = _why_not(row) if row.item.outcome == ItemOutcome.PENDING else ""
        if sentence:
            yield Hindrance(f"{row.case.applicant.name}: {sentence}", row.item.position)


def _why_not(row: AgendaRow) -> str:
    if row.ruling is None:
        return "Der er ikke ført en beslutning til protokol. Du kan også udsætte sagen."
    if row.asked_about:
        return f"Udvalget skal først afgøre, om {row.asked_about} er inhabil."
    if row.ruling.outcome == ItemOutcome.POSTPONED:
        return ""
    if row.case.state != CaseState.RECOMMENDED:
        label = CaseState(row.case.state).label
        return f"Sagen står som ”{label}” og er ikke indstillet længere. Udsæt den."
    if not row.is_quorate:
        return "Udvalget er ikke beslutningsdygtigt. Før fremmøde, eller udsæt sagen."
    return ""
