"""The pool's money: append-only rows, summed under a row lock on the pool."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pulje.enums import LedgerKind
from pulje.errors import RuleBroken
from pulje.models import Application, LedgerEntry, Pool, User
from pulje.permissions import check_other
from pulje.queries.meeting.ruling import free_of
from pulje.queries.pool.money import money_of
from pulje.rules.budget import outstanding, paid

ZERO = Decimal("0.00")
USED = gettext_noop("Siden er brugt én gang. Genindlæs og prøv igen.")


def lock_pool(pool_id: int) -> Pool:
    """The pool, locked: from here to the end of the transaction nobody else spends its money."""
    return Pool.objects.select_for_update().get(pk=pool_id)


def remaining_kr(pool: Pool) -> Decimal:
    """What may still be granted, in kr."""
    return money_of([pool])[pool.pk].remaining_kr


def case_totals(application: Application) -> Mapping[str, Decimal]:
    """kr. per kind of entry on one case: one query."""
    rows = application.ledger.values_list("kind").annotate(Sum("amount_kr"))
    return dict(rows.order_by("kind"))


def outstanding_kr(application: Application) -> Decimal:
    """Granted and neither released nor paid, in kr."""
    return outstanding(case_totals(application).items())


def paid_kr(application: Application) -> Decimal:
    """Paid and not reversed, in kr."""
    return paid(case_totals(application).items())


@transaction.atomic
def set_frame(
    pool: Pool,
    *,
    by: User | None,
    amount_kr: Decimal,
    at: datetime,
    cause: str,
    note: str = "",
    below_proposals: bool = False,
) -> LedgerEntry | None:
    """Adopt, raise (+) or lower (-) the frame by ``amount_kr``. None when it is done already.

    Raises RuleBroken when the frame would fall below what is granted or recorded at a meeting, or
    without ``below_proposals`` below what is granted and recommended, and for a ``cause`` that is
    used for something else; NotAllowed without the role. ``by`` is None for imports and set-up.
    """
    if by is not None:
        check_other(by, "set_frame")
    return enter_frame(
        pool,
        by=by,
        amount_kr=amount_kr,
        at=at,
        cause=cause,
        note=note,
        below_proposals=below_proposals,
    )


def enter_frame(
    pool: Pool,
    *,
    by: User | None,
    amount_kr: Decimal,
    at: datetime,
    cause: str,
    note: str,
    below_proposals: bool = False,
) -> LedgerEntry | None:
    """``set_frame`` by a body that somebody else has asked about: a committee at its meeting."""
    pool = lock_pool(pool.pk)
    done = LedgerEntry.objects.filter(cause=cause).first()
    if done is not None:
        if (done.pool_id, done.amount_kr, done.note) != (pool.pk, amount_kr, note):
            raise RuleBroken(_(USED))
        return None
    if amount_kr < ZERO:
        _check_free(pool, -amount_kr, below_proposals)
    try:
        with transaction.atomic():
            return LedgerEntry.objects.create(
                pool=pool,
                kind=LedgerKind.FRAME,
                amount_kr=amount_kr,
                cause=cause,
                note=note,
                at=at,
                by=by,
            )
    except IntegrityError as error:  # the same page sent at once for two pools
        raise RuleBroken(_(USED)) from error


@transaction.atomic
def transfer(
    source: Pool,
    target: Pool,
    *,
    by: User,
    amount_kr: Decimal,
    at: datetime,
    note: str,
    cause: str = "",
    below_proposals: bool = False,
) -> LedgerEntry | None:
    """Move frame between two pools: a pair of entries. None when it is done already.

    Raises what ``set_frame`` raises, and RuleBroken for an amount that is not above 0 kr., from a
    pool to itself or an earlier year, and between a test pool and a real one.
    """
    check_other(by, "set_frame")
    if amount_kr <= ZERO:
        raise RuleBroken(_("Skriv et beløb over 0 kr."))
    if source.pk == target.pk:
        raise RuleBroken(_("Vælg en anden pulje at flytte pengene til."))
    if source.is_test != target.is_test:
        raise RuleBroken(_("En prøvepuljes penge er ikke rigtige og kan ikke flyttes."))
    if target.year < source.year:
        raise RuleBroken(_("Penge kan ikke flyttes til en pulje fra et tidligere år."))
    for pk in sorted((source.pk, target.pk)):
        lock_pool(pk)
    cause = cause or f"transfer:{source.pk}:{target.pk}:{at.isoformat()}"
    out = set_frame(
        source,
        by=by,
        amount_kr=-amount_kr,
        at=at,
        cause=f"{cause}:out",
        note=note,
        below_proposals=below_proposals,
    )
    set_frame(target, by=by, amount_kr=amount_kr, at=at, cause=f"{cause}:in", note=note)
    return out


def commit(
    pool: Pool, rows: Sequence[tuple[Application, Decimal, str]], *, by: User | None, at: datetime
) -> list[LedgerEntry]:
    """COMMIT many grants (case, kr., cause) on a pool the caller has locked.

    Raises RuleBroken with what is left when the frame does not hold them all and what open
    meetings have recorded.
    """
    rows = [row for row in rows if row[1] > ZERO]
    _check_fits(pool, sum((amount for _case, amount, _cause in rows), ZERO))
    return LedgerEntry.objects.bulk_create(
        LedgerEntry(
            pool=pool,
            application=application,
            kind=LedgerKind.COMMIT,
            amount_kr=amount,
            cause=cause,
            at=at,
            by=by,
        )
        for application, amount, cause in rows
    )


def enter(
    application: Application,
    kind: LedgerKind,
    amount_kr: Decimal,
    *,
    by: User | None,
    at: datetime,
    cause: str,
) -> LedgerEntry | None:
    """One entry on a case, under the pool's lock; nothing for an amount of 0 kr.

    Keeps 0 <= paid <= granted per case; raises RuleBroken else.
    """
    if amount_kr == ZERO:
        return None
    pool = lock_pool(application.pool_id)
    entry = LedgerEntry.objects.create(
        pool=pool,
        application=application,
        kind=kind,
        amount_kr=amount_kr,
        cause=cause,
        at=at,
        by=by,
    )
    sums = case_totals(application).items()
    if outstanding(sums) < ZERO or paid(sums) < ZERO:
        raise RuleBroken(_("Beløbet er større end det, der står tilbage på sagen."))
    return entry


def release_rest(
    application: Application, *, by: User | None, at: datetime, cause: str
) -> LedgerEntry | None:
    """Give the case's outstanding kr. back to the frame."""
    rest = outstanding_kr(application)
    return enter(application, LedgerKind.RELEASE, rest, by=by, at=at, cause=cause)


def _check_free(pool: Pool, amount_kr: Decimal, below_proposals: bool) -> None:
    money, free_kr = money_of([pool])[pool.pk], free_of(pool)
    if amount_kr > free_kr:
        raise RuleBroken(
            _("Der er kun %(left)s kr., der ikke er bevilget, og rammen kan ikke sænkes mere.")
            % {"left": _kr(free_kr)}
        )
    if money.recommended_kr and amount_kr > money.rest_kr and not below_proposals:
        raise RuleBroken(
            _(
                "Der er indstillet for %(proposed)s kr., og rammen rækker ikke til dem, når den"
                " sænkes så meget. Sæt kryds, hvis det er meningen."
            )
            % {"proposed": _kr(money.recommended_kr)}
        )


def _check_fits(pool: Pool, amount_kr: Decimal) -> None:
    free_kr = free_of(pool)
    if amount_kr <= free_kr:
        return
    told = _("Der er %(left)s kr. tilbage i puljen, og det rækker ikke til %(amount)s kr.")
    if free_kr < remaining_kr(pool):
        told = _(
            "Der er %(left)s kr. tilbage i puljen, når det, udvalget har besluttet på et møde, er"
            " trukket fra, og det rækker ikke til %(amount)s kr."
        )
    raise RuleBroken(told % {"left": _kr(free_kr), "amount": _kr(amount_kr)})


def _kr(amount: Decimal) -> str:
    return f"{amount:,.0f}".replace(",", ".")
