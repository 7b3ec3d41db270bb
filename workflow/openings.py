"""Tells those who asked that a pool has opened: one transaction a round, safe to kill."""

from datetime import datetime

from django.db import transaction

from letters.mails.actions import queue_mails
from pulje.actions.applicant.subscription import mark_announced
from pulje.queries.applicant.subscription import openings_due, subscribers


def announce(now: datetime) -> int:
    """Queue a mail to each confirmed subscriber of what has opened; returns how many.

    Costs what is due: nothing is read of rounds that are announced or not yet open.
    """
    return sum(_tell(pk, now) for pk in list(openings_due(now).values_list("pk", flat=True)))


@transaction.atomic
def _tell(pk: int, now: datetime) -> int:
    rows = openings_due(now).filter(pk=pk).select_related("pool")
    round = rows.select_for_update(of=("self",), skip_locked=True).first()
    if round is None:
        return 0
    mark_announced(round, at=now)
    if round.closes_at is not None and round.closes_at < now:
        return 0
    pool = round.pool
    about = {
        "pool": pool.name,
        "slug": pool.slug,
        "deadline": round.closes_at.isoformat() if round.closes_at else "",
    }
    return queue_mails(
        "POOL_OPENS",
        (
            (email, f"opens:{round.pk}:{pk}", {"subscription": pk, **about})
            for pk, email in subscribers(pool.code)
        ),
    )
