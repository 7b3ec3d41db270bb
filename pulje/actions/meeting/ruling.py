"""What a meeting comes to, recorded case by case; nothing is decided before the meeting closes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.decision.competence import check_day
from pulje.actions.in_words import in_words
from pulje.actions.meeting.at_meeting import lock_meeting, touch
from pulje.enums import CommitteeRole, ItemOutcome
from pulje.errors import FrameTooSmall, NotAllowed, RuleBroken, WrongState
from pulje.models import (
    AgendaAlternative,
    AgendaItem,
    Application,
    ConflictQuestion,
    ItemRuling,
    Meeting,
    Pool,
    Recommendation,
    User,
)
from pulje.permissions import check_may_many, check_not_disqualified, check_other, shut_out
from pulje.queries.meeting.attendance import attendance_of
from pulje.queries.meeting.ruling import left_of
from pulje.rules.quorum import is_carried
from pulje.rules.texts import says_nothing
from pulje.states import Verb
from pulje.templatetags.words import kr_text

ZERO = Decimal("0.00")
REMARK = 500
RECORDERS = (CommitteeRole.CHAIR, CommitteeRole.VICE_CHAIR, CommitteeRole.SECRETARY)


class Votes(NamedTuple):
    """How many voted for, against and not at all."""

    in_favour: int
    against: int = 0
    abstained: int = 0


@dataclass(frozen=True)
class Recorded:
    """What is recorded in one case: kr. (0 = refusal) when decided, else why it is not.

    An alternative brings its amount and, when there are no others, its words.
    """

    item: AgendaItem
    outcome: ItemOutcome
    amount_kr: Decimal | None = None
    reasons: str = ""
    alternative: AgendaAlternative | None = None
    votes: Votes | None = None
    dissent: str = ""

    def as_row(self, by: User, at: datetime) -> ItemRuling:
        votes: Sequence[int | None] = self.votes or (None, None, None)
        decided = self.outcome == ItemOutcome.DECIDED
        other = self.alternative if decided else None
        asked = other.amount_kr if other else self.amount_kr
        return ItemRuling(
            item=self.item,
            outcome=self.outcome,
            amount_kr=asked if decided else None,
            reasons=self.reasons or (other.text if other else ""),
            alternative=other,
            votes_for=votes[0],
            votes_against=votes[1],
            votes_abstained=votes[2],
            dissent=self.dissent,
            recorded_at=at,
            recorded_by=by,
        )


@transaction.atomic
def record_ruling(
    item: AgendaItem,
    *,
    by: User,
    at: datetime,
    outcome: ItemOutcome,
    amount_kr: Decimal | None = None,
    reasons: str = "",
    alternative: AgendaAlternative | None = None,
    votes: Votes | None = None,
    dissent: str = "",
) -> ItemRuling:
    """Record what the meeting came to in one case; see ``record_rulings``."""
    row = Recorded(item, outcome, amount_kr, reasons, alternative, votes, dissent)
    (ruling,) = record_rulings(item.meeting, [row], by=by, at=at)
    return ruling


@transaction.atomic
def record_rulings(
    meeting: Meeting, rows: Sequence[Recorded], *, by: User, at: datetime
) -> list[ItemRuling]:
    """Record all or nothing, in the order given; queries do not grow with the cases.

    A ruling replaces the one recorded before, which is kept; the same once more changes nothing.
    Raises NotAllowed, WrongState or RuleBroken naming each case that cannot be recorded so: not
    the meeting's day yet, no quorum, an amount outside 0 and what is applied for, no reasons where
    the recommendation is not followed, no remark, votes of others than those who take part or
    against what is recorded, a question of impartiality that is open, the recorder's own
    recommendation, or a frame that does not hold it all.
    Source: kommunestyrelsesloven §§ 13 and 20-22 (quorum, record of decisions); forvaltningsloven
    §§ 3-6, 22; states.md (decide).
    """
    meeting = lock_meeting(meeting)
    items = _items(meeting, rows)
    told = [ruling for row in rows if _is_news(ruling := row.as_row(by, at), items[row.item.pk])]
    if told:
        _check_who(meeting, [items[ruling.item_id].application for ruling in told], by, at)
        _check_each(meeting, told, items, by)
        _check_frames(meeting, told, items, by)
        ItemRuling.objects.filter(item__in=[r.item_id for r in told]).update(is_current=False)
        ItemRuling.objects.bulk_create(told)
        _pass_turn(meeting, {ruling.item_id for ruling in told})
        touch(meeting)
    fresh = {ruling.item_id: ruling for ruling in told}
    return [fresh.get(row.item.pk) or items[row.item.pk].rulings.all()[0] for row in rows]


@transaction.atomic
def take(item: AgendaItem, *, by: User, at: datetime) -> AgendaItem:
    """Say to everybody at the meeting that this case is the one discussed now."""
    meeting = lock_meeting(item.meeting)
    check_recorder(meeting, by)
    check_day(meeting, at)
    check_not_disqualified(by, item.application)
    if meeting.current_item_id != item.pk:
        Meeting.objects.filter(pk=meeting.pk).update(current_item=item)
        touch(meeting)
    return item


def check_recorder(meeting: Meeting, by: User) -> None:
    """Refuse all but those who record what this committee comes to."""
    check_other(by, "record_ruling")
    day = timezone.localdate(meeting.held_at)
    seats = meeting.committee.seats.serving_on(day).filter(user=by, role__in=RECORDERS)
    if not seats.exists():
        raise NotAllowed(
            _("Kun formand eller sekretær i %s fører det til protokol.") % meeting.committee.name
        )


def _items(meeting: Meeting, rows: Sequence[Recorded]) -> dict[int, AgendaItem]:
    """The items by id, with the recommendation in force and the ruling that stands."""
    wanted = {row.item.pk for row in rows}
    proposals = Recommendation.objects.filter(is_current=True)
    found = (
        meeting.items.filter(pk__in=wanted)
        .select_related("application__pool")
        .prefetch_related(
            Prefetch("rulings", ItemRuling.objects.filter(is_current=True)),
            Prefetch("application__recommendations", proposals),
        )
        .order_by("position")
    )
    items = {item.pk: item for item in found}
    assert wanted == items.keys(), "items of another meeting"
    assert len(wanted) == len(rows), "a case twice"
    gone = [i.application.number for i in items.values() if i.outcome != ItemOutcome.PENDING]
    if gone:
        raise WrongState(_("Sagerne er allerede behandlet eller ikke klar: %s.") % ", ".join(gone))
    return items


def _is_news(ruling: ItemRuling, item: AgendaItem) -> bool:
    def words(row: ItemRuling) -> tuple[object, ...]:
        votes = (row.votes_for, row.votes_against, row.votes_abstained)
        what = (row.outcome, row.amount_kr, row.reasons, row.alternative_id, row.dissent)
        return (*what, *votes)

    return words(ruling) not in [words(row) for row in item.rulings.all()]


def _check_who(meeting: Meeting, cases: Sequence[Application], by: User, at: datetime) -> None:
    check_recorder(meeting, by)
    check_day(meeting, at)
    check_may_many(by, Verb.DECIDE, cases)


def _check_each(
    meeting: Meeting, told: Sequence[ItemRuling], items: Mapping[int, AgendaItem], by: User
) -> None:
    cases = [items[ruling.item_id].application for ruling in told]
    attendance = attendance_of(meeting, items.values())
    asked = ConflictQuestion.objects.filter(application__in=cases, settled_at=None)
    people = {row.application_id: row.person.name for row in asked.select_related("person")}
    refusals = []
    for ruling in told:
        item = items[ruling.item_id]
        case, there = item.application, len(attendance.taking_part(item))
        sentence = (
            _open_question(people.get(case.pk))
            or _too_few(ruling, there, attendance.quorum)
            or _refusal(ruling, item, by)
            or votes_refusal(_votes(ruling), there, ruling.outcome)
        )
        if sentence:
            refusals.append(f"{case.number}: {sentence}" if len(told) > 1 else sentence)
    if refusals:
        raise RuleBroken(" ".join(refusals))


def _too_few(ruling: ItemRuling, there: int, quorum: int) -> str:
    """What is not taken up needs no quorum: without one a case can only be postponed."""
    if there >= quorum or ruling.outcome == ItemOutcome.POSTPONED:
        return ""
    return _(
        "Udvalget er ikke beslutningsdygtigt: %(there)d deltager i sagen, og det kræver %(of)d."
    ) % {"there": there, "of": quorum}


def _open_question(person: str | None) -> str:
    if person is None:
        return ""
    return _("Udvalget skal først afgøre, om %s er inhabil i sagen.") % person


def _refusal(ruling: ItemRuling, item: AgendaItem, by: User) -> str:
    proposal = next(iter(item.application.recommendations.all()), None)
    if proposal is None:
        return _("Der er ingen gældende indstilling i sagen.")
    if proposal.recommended_by_id == by.pk:
        return _("Du har selv indstillet sagen, så en anden skal føre beslutningen til protokol.")
    if ruling.outcome != ItemOutcome.DECIDED:
        return _remark_refusal(ruling)
    asked = item.application.requested_kr or ZERO
    if ruling.amount_kr is None or not ZERO <= ruling.amount_kr <= asked:
        return _("Beløbet skal være mellem 0 kr. og de %s, der er søgt om.") % kr_text(asked)
    if ruling.amount_kr != proposal.amount_kr and says_nothing(ruling.reasons):
        said = _("Indstillingen på %s følges ikke, så udvalgets begrundelse skal skrives.")
        return in_words(said % kr_text(proposal.amount_kr))
    return ""


def _remark_refusal(ruling: ItemRuling) -> str:
    if says_nothing(ruling.reasons):
        if ruling.outcome == ItemOutcome.POSTPONED:
            return in_words(_("Skriv, hvorfor sagen udsættes."))
        return in_words(_("Skriv, hvorfor sagen sendes tilbage."))
    if len(ruling.reasons) > REMARK:
        return _("Skriv højst %(most)d tegn. Der er %(found)d.") % {
            "most": REMARK,
            "found": len(ruling.reasons),
        }
    return ""


def _votes(ruling: ItemRuling) -> Votes | None:
    told = (ruling.votes_for, ruling.votes_against, ruling.votes_abstained)
    return None if told == (None, None, None) else Votes(*(number or 0 for number in told))


def votes_refusal(votes: Votes | None, there: int, outcome: str) -> str:
    """Why these cannot be the votes of ``there`` people for what was decided; empty when they can.

    Source: kommunestyrelsesloven § 20 (matters are settled by majority) [GK].
    """
    if votes is None:
        return ""
    if sum(votes) != there:
        return _(
            "Der er skrevet %(votes)d stemmer, men %(there)d deltager i sagen. Skriv, hvor mange"
            " der stemte for, imod og ikke stemte."
        ) % {"votes": sum(votes), "there": there}
    if outcome == ItemOutcome.DECIDED and not is_carried(votes.in_favour, votes.against):
        return _(
            "%(for)d stemte for og %(against)d imod, så forslaget er ikke vedtaget. Skriv det,"
            " flertallet besluttede, eller ret stemmerne."
        ) % {"for": votes.in_favour, "against": votes.against}
    return ""


def _check_frames(
    meeting: Meeting, told: Sequence[ItemRuling], items: Mapping[int, AgendaItem], by: User
) -> None:
    """Refuse what the pools do not hold, with every pool locked to the end of the transaction."""
    wanted: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ruling in told:
        wanted[items[ruling.item_id].application.pool_id] += ruling.amount_kr or ZERO
    pools = lock_pools(wanted)
    left = left_of(pools, without=[ruling.item_id for ruling in told])
    for pool in pools:
        if wanted[pool.pk] > max(left[pool.pk], ZERO):
            raise FrameTooSmall(_overrun(meeting, pool, left[pool.pk], wanted[pool.pk], by))


def lock_pools(pks: Mapping[int, object] | Sequence[int]) -> list[Pool]:
    """The pools, locked in one order: until the transaction ends nobody else spends of them."""
    rows = Pool.objects.select_for_update().filter(pk__in=list(pks))
    return list(rows.order_by("pk"))


def _overrun(meeting: Meeting, pool: Pool, left: Decimal, wanted: Decimal, by: User) -> str:
    """The figures, but not to who could reckon from them what another case was given."""
    cases = Application.objects.filter(agenda_items__meeting=meeting, pool=pool)
    if shut_out([by], list(cases.select_related("applicant").order_by("pk"))):
        return _(
            "%(wanted)s er mere, end der er tilbage i %(pool)s. Forhøj rammen først ved en"
            " beslutning, eller giv mindre."
        ) % {"pool": pool.name, "wanted": kr_text(wanted)}
    return _(
        "Der er %(left)s tilbage i %(pool)s, og %(wanted)s er for meget."
        " Forhøj rammen først ved en beslutning, eller giv mindre."
    ) % {"left": kr_text(left), "pool": pool.name, "wanted": kr_text(wanted)}


def _pass_turn(meeting: Meeting, ruled: set[int]) -> None:
    """When the case discussed has its ruling, the next one without is discussed."""
    if meeting.current_item_id not in ruled:
        return
    waiting = meeting.items.filter(outcome=ItemOutcome.PENDING)
    waiting = waiting.exclude(rulings__is_current=True).order_by("position")
    later = waiting.filter(position__gt=meeting.items.get(pk=meeting.current_item_id).position)
    Meeting.objects.filter(pk=meeting.pk).update(current_item=later.first())
