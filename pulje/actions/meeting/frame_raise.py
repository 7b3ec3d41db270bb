"""A committee raises a pool's frame at its meeting, and takes a raise back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.decision.competence import check_day, check_quorate
from pulje.actions.in_words import in_words
from pulje.actions.meeting.at_meeting import lock_meeting, touch
from pulje.actions.meeting.ruling import ZERO, check_recorder, lock_pools
from pulje.errors import RuleBroken
from pulje.models import FrameRaise, Meeting, Pool, User
from pulje.queries.meeting.ruling import left_of
from pulje.rules.texts import says_nothing
from pulje.templatetags.words import kr_text


@transaction.atomic
def raise_frame(
    meeting: Meeting,
    pool: Pool,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reason: str,
    source: Pool | None = None,
) -> FrameRaise:
    """Record that the committee raises a pool's frame by ``amount_kr``, here and now.

    It counts at once for what may be recorded, and enters the ledger when the meeting closes. The
    same once more changes nothing. Raises what ``check_raise`` does.
    Source: kommunestyrelsesloven § 40, stk. 2 (no spending without a grant; money of no other pool
    is granted by who may: the finance committee or the council [GK]); states.md, Money.
    """
    meeting = lock_meeting(meeting)
    same = {"pool": pool, "source": source, "amount_kr": amount_kr, "reason": reason}
    check_recorder(meeting, by)
    done = meeting.raises.filter(withdrawn_at=None, **same).first()
    if done is not None:
        return done
    lock_pools([pool.pk, *([source.pk] if source else [])])
    check_raise(meeting, by=by, at=at, pool=pool, amount_kr=amount_kr, reason=reason, source=source)
    row = FrameRaise.objects.create(meeting=meeting, recorded_at=at, recorded_by=by, **same)
    touch(meeting)
    return row


def check_raise(
    meeting: Meeting,
    *,
    by: User,
    at: datetime,
    pool: Pool,
    amount_kr: Decimal,
    reason: str,
    source: Pool | None,
) -> None:
    """Raise NotAllowed or RuleBroken when this cannot be recorded; nothing is written.

    Without amount, words or quorum, for a pool that is not on the agenda, and for a ``source`` of
    another committee or year, that is not published or a test, or with less left than the amount.
    """
    check_recorder(meeting, by)
    check_day(meeting, at)
    check_quorate(meeting)
    if amount_kr <= ZERO:
        raise RuleBroken(_("Skriv et beløb over 0 kr."))
    if says_nothing(reason):
        raise RuleBroken(in_words(_("Skriv, hvad udvalget har besluttet om rammen.")))
    if not meeting.items.filter(application__pool=pool).exists():
        raise RuleBroken(_("%s er ikke på mødets dagsorden.") % pool.name)
    if source is not None:
        _check_source(meeting, pool, source, amount_kr)


@transaction.atomic
def withdraw_raise(row: FrameRaise, *, by: User, at: datetime) -> FrameRaise:
    """Take a recorded raise back; it stays to be read. Twice changes nothing.

    Raises RuleBroken with the figures when what is recorded needs the money.
    """
    meeting = lock_meeting(row.meeting)
    check_recorder(meeting, by)
    row = meeting.raises.select_related("pool").get(pk=row.pk)
    if row.withdrawn_at is not None:
        return row
    (pool,) = lock_pools([row.pool_id])
    if row.amount_kr > (left := left_of([pool])[pool.pk]):
        raise RuleBroken(
            _("Der er %(left)s tilbage i %(pool)s, så %(amount)s kan ikke tages tilbage.")
            % {"left": kr_text(left), "pool": pool.name, "amount": kr_text(row.amount_kr)}
        )
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    touch(meeting)
    return row


def _check_source(meeting: Meeting, pool: Pool, source: Pool, amount_kr: Decimal) -> None:
    if source.pk == pool.pk:
        raise RuleBroken(_("Vælg en anden pulje at tage pengene fra."))
    is_other = source.committee_id != meeting.committee_id or source.is_test != pool.is_test
    if is_other or source.published_at is None:
        raise RuleBroken(_("Udvalget råder ikke over pengene i %s.") % source.name)
    if pool.year != source.year:
        raise RuleBroken(_("Pengene skal komme fra en pulje i samme år."))
    if amount_kr > (left := left_of([source])[source.pk]):
        raise RuleBroken(
            _("Der er %(left)s tilbage i %(pool)s, og %(wanted)s er for meget.")
            % {"left": kr_text(left), "pool": source.name, "wanted": kr_text(amount_kr)}
        )
