"""A mail when pools open: asked for, confirmed by a mailed link, ended by one click.

No person is logged in here; whoever has the link may. An address is kept no longer than needed.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import Round, Subscription

CONFIRM_WITHIN = timedelta(days=7)


@transaction.atomic
def subscribe(code: str, email: str, *, at: datetime) -> Subscription:
    """The wish for mails about pools of this code; one that is there already is given back."""
    wish = Subscription(code=code, email=email, created_at=at)
    Subscription.objects.bulk_create([wish], ignore_conflicts=True)  # two at once are one
    return Subscription.objects.get(code=code, email__iexact=email, ended_at=None)


@transaction.atomic
def confirm_subscription(pk: int, *, at: datetime) -> Subscription:
    """The owner of the address says yes; again is harmless.

    Raises RuleBroken when it is ended or was forgotten because nobody confirmed it in a week.
    """
    wish = Subscription.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if wish is None:
        raise RuleBroken(_("Linket gælder ikke længere. Bed om en mail igen fra puljens side."))
    if wish.confirmed_at is None:
        wish.confirmed_at = at
        wish.save(update_fields=["confirmed_at"])
    return wish


def end_subscription(pk: int, *, at: datetime) -> None:
    """No more mails; again, or of one that is forgotten, is harmless."""
    Subscription.objects.filter(pk=pk, ended_at=None).update(ended_at=at)


def forget_subscriptions(*, at: datetime) -> int:
    """Delete the addresses of those never confirmed and of those ended, after a week."""
    limit = at - CONFIRM_WITHIN
    old = Q(confirmed_at=None, created_at__lt=limit) | Q(ended_at__lt=limit)
    deleted, _models = Subscription.objects.filter(old).delete()
    return deleted


def mark_announced(round: Round, *, at: datetime) -> None:
    """The opening has been told, or need not be: no second mail."""
    Round.objects.filter(pk=round.pk, announced_at=None).update(announced_at=at)
