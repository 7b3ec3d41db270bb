"""The rounds in which a pool takes applications."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import Pool, Round, User
from pulje.permissions import check_other
from pulje.rules.rounds import WHOLE_PERCENT


@transaction.atomic
def save_round(
    pool: Pool,
    round: Round | None,
    *,
    by: User,
    name: str,
    opens_at: datetime,
    closes_at: datetime | None,
    answer_on: date | None,
    share_percent: int,
    rolls_over: bool,
) -> Round:
    """Add a round, or change one; without ``closes_at`` it is continuous.

    Raises RuleBroken for dates in the wrong order, for shares over the whole frame, and for what
    applicants have acted on: an opening that has been, a deadline moved nearer.
    """
    check_other(by, "edit_pool")
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    saved = round or Round(pool=pool, number=_next_number(pool))
    if closes_at and closes_at <= opens_at:
        raise RuleBroken(_("Fristen skal ligge efter åbningen."))
    if answer_on and closes_at and answer_on < timezone.localdate(closes_at):
        raise RuleBroken(_("Svaret kan ikke komme før ansøgningsfristen."))
    _check_shares(pool, saved, share_percent)
    if saved.pk and saved.applications.exists():
        _check_kept(saved, opens_at, closes_at)
    saved.name, saved.opens_at, saved.closes_at = name, opens_at, closes_at
    saved.answer_on, saved.share_percent, saved.rolls_over = answer_on, share_percent, rolls_over
    saved.save()
    return saved


def _next_number(pool: Pool) -> int:
    last = pool.rounds.order_by("-number").first()
    return last.number + 1 if last else 1


def _check_shares(pool: Pool, saved: Round, share_percent: int) -> None:
    others = pool.rounds.exclude(pk=saved.pk).values_list("share_percent", flat=True)
    total = sum(others) + share_percent
    is_raised = saved.pk is None or share_percent > saved.share_percent
    if total > WHOLE_PERCENT and is_raised:
        raise RuleBroken(
            _("Runderne får tilsammen %d %% af rammen. Det må højst være 100 %%.") % total
        )


def _check_kept(saved: Round, opens_at: datetime, closes_at: datetime | None) -> None:
    if opens_at != saved.opens_at:
        raise RuleBroken(_("Nogen er begyndt på en ansøgning, så åbningen kan ikke flyttes."))
    if closes_at and (saved.closes_at is None or closes_at < saved.closes_at):
        raise RuleBroken(
            _("Nogen er begyndt på en ansøgning, så fristen kan kun flyttes længere frem.")
        )


@transaction.atomic
def delete_round(round: Round, *, by: User) -> None:
    """Remove a round. Raises RuleBroken when it has an application or a scenario."""
    check_other(by, "edit_pool")
    Pool.objects.select_for_update().get(pk=round.pool_id)
    if round.applications.exists():
        raise RuleBroken(_("Nogen er begyndt på en ansøgning i runden, så den kan ikke slettes."))
    Round.objects.filter(pk=round.pk).delete()
