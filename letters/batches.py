"""Letters that one person lets go together: made, paused, resumed, taken back.

Writes LetterBatch, and of Letter only that it is let go or is not.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.actions import WORK, approve
from letters.mails.actions import nudge
from letters.models import Letter, LetterBatch, LetterState
from pulje.errors import WrongState
from pulje.models import User
from pulje.permissions import check_other


@transaction.atomic
def make_batch(
    letters: Iterable[Letter], *, by: User, at: datetime, name: str, read: Mapping[int, str]
) -> LetterBatch:
    """Let all these letters go, as one batch; the same letters again give the batch they are in.

    ``read``: the sha256 of each as it was shown. Raises what ``approve`` raises; then none goes.
    """
    if known := _made_already({letter.pk for letter in letters}):
        return known
    found = approve(letters, by=by, at=at, read=read)
    batch = LetterBatch.objects.create(name=name, made_by=by, made_at=at)
    Letter.objects.filter(pk__in=[letter.pk for letter in found]).update(batch=batch)
    return batch


def _made_already(pks: set[int]) -> LetterBatch | None:
    """The batch that all of these were let go in. Holds their rows: who comes at once waits."""
    if not pks:
        raise WrongState(_("Vælg de breve, der skal sendes."))
    rows = Letter.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    batches = set(rows.values_list("batch", flat=True))
    return LetterBatch.objects.filter(pk__in=batches).first() if len(batches) == 1 else None


@transaction.atomic
def pause(batch: LetterBatch, *, by: User, at: datetime) -> None:
    """Keep back those of the batch's letters that no worker has taken; harmless to repeat.

    Raises WrongState when all have left.
    """
    batch = _locked(batch, by)
    if not batch.letters.filter(state=LetterState.APPROVED).exists():
        raise WrongState(_("Alle breve i forsendelsen er sendt. Der er ingen at holde tilbage."))
    if batch.paused_at is None:
        batch.paused_by, batch.paused_at = by, at
        batch.save(update_fields=["paused_by", "paused_at"])


@transaction.atomic
def resume(batch: LetterBatch, *, by: User) -> None:
    """Send the rest of a paused batch; harmless to repeat."""
    batch = _locked(batch, by)
    batch.paused_by = batch.paused_at = None
    batch.save(update_fields=["paused_by", "paused_at"])
    nudge(WORK)


@transaction.atomic
def take_back(batch: LetterBatch, *, by: User) -> int:
    """The letters of the batch that no worker has taken wait for a reader again; gives how many.

    Raises WrongState when all have left.
    """
    batch = _locked(batch, by)
    waiting = Letter.objects.filter(batch=batch, state=LetterState.APPROVED, claimed_at=None)
    free = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    pks = list(free.values_list("pk", flat=True))
    if not pks:
        raise WrongState(_("Alle breve i forsendelsen er sendt. Der er ingen at tage tilbage."))
    Letter.objects.filter(pk__in=pks).update(
        state=LetterState.RENDERED, approved_by=None, approved_at=None, batch=None
    )
    return len(pks)


def _locked(batch: LetterBatch, by: User) -> LetterBatch:
    check_other(by, "approve_letter")
    return LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
