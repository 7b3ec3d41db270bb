"""Before the meeting: which cases are on its agenda, in what order, and with what words.

What is locked is what the committee has been given: only cases added since can then be changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.casework.reasons import check_carried, composed
from pulje.actions.casework.recommendation import check_amount, check_length
from pulje.actions.journal import note_down
from pulje.actions.meeting.agenda_points import announce, is_open, order_points, renumber
from pulje.actions.meeting.at_meeting import lock_item, lock_meeting, touch
from pulje.actions.meeting.meeting import put_on_agenda
from pulje.actions.meeting.packet import ask_for_packet
from pulje.actions.state import lock
from pulje.enums import ItemOutcome, MeetingState, PacketKind
from pulje.errors import PuljeError, RowsRefused, RuleBroken, WrongState
from pulje.models import (
    AgendaAlternative,
    AgendaItem,
    Application,
    Ground,
    Meeting,
    Recommendation,
    User,
)
from pulje.permissions import (
    check_none_disqualified,
    check_not_disqualified,
    check_other,
    check_role,
    hidden_from,
)
from pulje.queries.pool.money import ZERO, money_of
from pulje.rules.budget import fits
from pulje.rules.texts import is_blank
from pulje.states import STEPS, CaseState, Verb
from pulje.templatetags.words import kr_text

LETTERS = "abc"
ADJUSTED = "adjusted"


@dataclass(frozen=True)
class Line:
    """A case as it was left on the page: ``None`` is as it stands."""

    application: Application
    is_picked: bool
    amount_kr: Decimal | None = None
    note: str | None = None


@transaction.atomic
def save_agenda(
    meeting: Meeting,
    lines: Sequence[Line],
    *,
    by: User,
    at: datetime,
    pools: Sequence[int] = (),
    seen: int | None = None,
    announcements: str | None = None,
) -> None:
    """The whole page at once: who is on, in the lines' order, with amounts and notes.

    ``pools``: ids in the order of the agenda's points; ``seen``: Meeting.changes when the page was
    opened. All or nothing: raises WrongState when it has changed since, RowsRefused, naming the
    rows, when an amount cannot be or takes the recommendations over what a pool has left. A locked
    agenda takes what is new, at its end, and a new version of it is made.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    _check_seen(meeting, seen)
    pending = meeting.items.filter(outcome=ItemOutcome.PENDING).select_related("application__pool")
    before = {item.application_id: item for item in pending}
    new = [line.application for line in lines if line.is_picked and not _is_on(line, before)]
    gone = [before[line.application.pk] for line in lines if _leaves(line, before)]
    if gone:
        take_off(meeting, gone, by=by)
    items = before | {
        item.application_id: item for item in (put_on_agenda(meeting, new, by=by) if new else ())
    }
    picked = [line for line in lines if line.is_picked]
    _change(items, picked, by, at)
    _check_frames(meeting, before, picked, by)
    if is_open(meeting):
        order_points(meeting, pools)
        renumber(meeting, [line.application.pk for line in lines])
        announce(meeting, announcements)
    if meeting.state == MeetingState.LOCKED:
        ask_for_packet(meeting, kind=PacketKind.AGENDA, by=by, at=at)
    touch(meeting)


@transaction.atomic
def prepare_case(
    item: AgendaItem,
    *,
    by: User,
    at: datetime,
    note: str,
    alternatives: Sequence[tuple[Decimal, str]],
    amount_kr: Decimal | None = None,
    grounds: Sequence[Ground] = (),
) -> None:
    """One case's amount with its grounds (None: as it stands), note and alternatives, together."""
    if amount_kr is not None:
        adjust(item, by=by, at=at, amount_kr=amount_kr, note=note, grounds=grounds)
    write_note(item, by=by, note=note)
    set_alternatives(item, alternatives, by=by)
    if item.meeting.state == MeetingState.LOCKED:
        ask_for_packet(item.meeting, kind=PacketKind.AGENDA, by=by, at=at)


@transaction.atomic
def take_off(meeting: Meeting, items: Sequence[AgendaItem], *, by: User) -> None:
    """Take cases off the agenda; they stay recommended, for another meeting or this.

    A case a member has asked about is not forgotten: it stands as postponed.
    Raises NotAllowed naming what the person is disqualified in, WrongState once it is locked.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(meeting)
    rows = meeting.items.filter(pk__in=[item.pk for item in items], outcome=ItemOutcome.PENDING)
    found = list(rows.select_related("application", "meeting").order_by("pk"))
    check_none_disqualified(by, [item.application for item in found])
    for item in found:
        check_changeable(item)
    asked = rows.filter(questions__isnull=False).values("pk")
    kept = list(asked.values_list("pk", flat=True))
    meeting.items.filter(pk__in=kept).update(
        outcome=ItemOutcome.POSTPONED, remark=_("Sagen er taget af dagsordenen før mødet.")
    )
    meeting.items.filter(pk__in=[item.pk for item in found]).exclude(pk__in=kept).delete()
    pools = meeting.items.values("application__pool")
    meeting.points.exclude(pool__in=pools).delete()
    if is_open(meeting):
        renumber(meeting)
    touch(meeting)


@transaction.atomic
def adjust(
    item: AgendaItem,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    note: str,
    grounds: Sequence[Ground] | None = None,
) -> Recommendation:
    """Recommend another amount: a new recommendation with the old one's reasons and terms.

    The administration alone recommends. ``note`` tells the committee why. Raises RuleBroken also as
    ``recommend`` does: a cut must be carried by one of the pool's own grounds (``grounds``, or
    those there). Source: forvaltningsloven §§ 22-24.
    """
    item = lock_item(item)
    check_changeable(item)
    check_role(by, STEPS[Verb.RECOMMEND].who)
    check_not_disqualified(by, item.application)
    case = lock(item.application)
    if case.state != CaseState.RECOMMENDED:
        raise WrongState(_("Sagen er ikke længere indstillet. Genindlæs siden."))
    old = case.recommendations.prefetch_related("grounds").get(is_current=True)
    chosen = list(old.grounds.all() if grounds is None else grounds)
    if amount_kr == old.amount_kr and set(chosen) == set(old.grounds.all()):
        return old
    if is_blank(note):
        raise RuleBroken(_("Skriv i bemærkningen til udvalget, hvorfor beløbet er ændret."))
    check_amount(case, amount_kr)
    if not old.amount_kr:
        check_length(case, amount_kr, consent="")
    check_carried(case, amount_kr, chosen)
    new = _replace(case, old, amount_kr, chosen, by, at)
    item.amount_kr, item.note = amount_kr, note
    item.save(update_fields=["amount_kr", "note"])
    said = {"recommendation": new.pk, "amount_kr": str(amount_kr), "was_kr": str(old.amount_kr)}
    note_down(case, ADJUSTED, by=by, at=at, data=said | {"reason": note})
    touch(item.meeting)
    return new


@transaction.atomic
def write_note(item: AgendaItem, *, by: User, note: str) -> None:
    """A word to the committee about one case."""
    check_other(by, "prepare_meeting")
    item = lock_item(item)
    check_changeable(item)
    check_not_disqualified(by, item.application)
    item.note = note
    item.save(update_fields=["note"])
    touch(item.meeting)


@transaction.atomic
def set_alternatives(item: AgendaItem, rows: Sequence[tuple[Decimal, str]], *, by: User) -> None:
    """Other ways to decide the case, a, b and c, each an amount in kr. and what it means."""
    check_other(by, "prepare_meeting")
    item = lock_item(item)
    check_changeable(item)
    check_not_disqualified(by, item.application)
    if len(rows) > len(LETTERS):
        raise RuleBroken(_("Der kan højst være tre alternativer."))
    asked_kr = item.application.requested_kr or ZERO
    for letter, (amount_kr, text) in zip(LETTERS, rows, strict=False):
        if not 0 <= amount_kr <= asked_kr:
            raise RuleBroken(
                _("Alternativ %(letter)s skal være mellem 0 kr. og det søgte, %(asked)s")
                % {"letter": letter, "asked": kr_text(asked_kr)}
            )
        if is_blank(text):
            raise RuleBroken(_("Skriv, hvad alternativ %s betyder.") % letter)
    item.alternatives.all().delete()
    AgendaAlternative.objects.bulk_create(
        AgendaAlternative(item=item, letter=letter, amount_kr=amount_kr, text=text)
        for letter, (amount_kr, text) in zip(LETTERS, rows, strict=False)
    )
    touch(item.meeting)


def check_changeable(item: AgendaItem) -> None:
    """Refuse to change what the committee has been given, or has come to something in."""
    number = item.application.number
    if item.meeting.state == MeetingState.LOCKED and not item.is_late:
        raise WrongState(_("Dagsordenen er låst, så %s kan ikke ændres. Lås den op.") % number)
    if item.rulings.exists():
        raise WrongState(_("Udvalget har taget stilling til %s.") % number)


def _check_seen(meeting: Meeting, seen: int | None) -> None:
    """Refuse to write over what somebody else has done since the page was opened."""
    if seen is not None and seen != meeting.changes:
        raise WrongState(
            _(
                "Dagsordenen er ændret, siden du åbnede siden. Det, du har skrevet, står her endnu."
                " Se det igennem, og gem igen."
            )
        )


def _is_on(line: Line, items: Mapping[int, AgendaItem]) -> bool:
    return line.application.pk in items


def _leaves(line: Line, items: Mapping[int, AgendaItem]) -> bool:
    return not line.is_picked and _is_on(line, items)


def _replace(
    case: Application,
    old: Recommendation,
    amount_kr: Decimal,
    grounds: Sequence[Ground],
    by: User,
    at: datetime,
) -> Recommendation:
    """The old one stays in the case. Reasons for a cut do not follow an amount given in full."""
    is_full = amount_kr >= (case.requested_kr or ZERO)
    kept = [ground for ground in grounds if ground.is_favourable or not is_full]
    case.recommendations.filter(is_current=True).update(is_current=False)
    new = Recommendation.objects.create(
        application=case,
        amount_kr=amount_kr,
        reasons=_reasons(case, old, amount_kr, kept),
        conditions=old.conditions,
        is_delegated=old.is_delegated,
        recommended_by=by,
        recommended_at=at,
    )
    new.grounds.set(kept)
    return new


def _reasons(
    case: Application, old: Recommendation, amount_kr: Decimal, grounds: Sequence[Ground]
) -> str:
    """What was written stays, with the texts of new grounds; not from or to the full amount."""
    there, full_kr = set(old.grounds.all()), case.requested_kr or ZERO
    if set(grounds) == there:
        return old.reasons
    if max(amount_kr, old.amount_kr) >= full_kr:
        return composed(case, amount_kr, grounds)
    added = [row.text for row in grounds if row not in there and row.text not in old.reasons]
    return " ".join([old.reasons, *added])


def _change(
    items: Mapping[int, AgendaItem], picked: Sequence[Line], by: User, at: datetime
) -> None:
    """Amounts and notes that are not as they stand; every row that cannot be is named."""
    refused = {}
    for line in picked:
        item = items.get(line.application.pk)
        if item is None:
            continue
        note = item.note if line.note is None else line.note
        try:
            if line.amount_kr is not None and line.amount_kr != item.amount_kr:
                adjust(item, by=by, at=at, amount_kr=line.amount_kr, note=note)
            elif note != item.note:
                write_note(item, by=by, note=note)
        except PuljeError as refusal:
            refused[line.application.pk] = f"{line.application.number}: {refusal.sentence}"
    if refused:
        raise RowsRefused(refused)


def _check_frames(
    meeting: Meeting,
    before: Mapping[int, AgendaItem],
    picked: Sequence[Line],
    by: User,
) -> None:
    """Refuse more than before when it is more than a pool has left; the row that does it is named.

    What the person may not see is left out of the sums: no figure tells of it.
    """
    cases = {line.application.pk: line.application for line in picked}
    cases |= {pk: item.application for pk, item in before.items()}
    hidden = hidden_from(by, list(cases.values()))
    pending = meeting.items.filter(outcome=ItemOutcome.PENDING)
    now = dict(pending.values_list("application_id", "amount_kr"))
    was = {pk: item.amount_kr or ZERO for pk, item in before.items()}
    refused = {}
    for pool, money in money_of(list({case.pool for case in cases.values()})).items():
        rows = [pk for pk, case in cases.items() if case.pool_id == pool and pk not in hidden]
        over = _first_over(rows, was, now, money.remaining_kr)
        if over is not None:
            refused[over] = _("%(case)s: I %(pool)s er der kun %(left)s tilbage til mødet.") % {
                "case": cases[over].number,
                "pool": money.pool.name,
                "left": kr_text(money.remaining_kr),
            }
    if refused:
        raise RowsRefused(refused)


def _first_over(
    rows: Sequence[int],
    was: Mapping[int, Decimal],
    now: Mapping[int, Decimal],
    left_kr: Decimal,
) -> int | None:
    """The first row that is raised or new and takes the sum over; cuts count before raises."""
    pairs = [(pk, was.get(pk, ZERO), now.get(pk, ZERO)) for pk in rows]
    if sum((kr for _pk, kr, _new in pairs), ZERO) >= sum((kr for _pk, _old, kr in pairs), ZERO):
        return None
    running = sum((min(old, new) for _pk, old, new in pairs), ZERO)
    for pk, old, new in pairs:
        running += max(new - old, ZERO)
        if new > old and not fits(running, left_kr):
            return pk
    return None
