"""The muscle: rows are the queue, a task takes what is due, safe to run twice and to be killed."""

import logging
from collections.abc import Callable

from celery import shared_task
from celery.signals import worker_process_init
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from letters import actions, render
from letters.delivery import CannotDeliver, channel_for
from letters.models import Letter, Paper

log = logging.getLogger(__name__)
BATCH = 200


@worker_process_init.connect
def load_engine(**_kwargs: object) -> None:
    """Warm a letters worker after the fork, once per process."""
    render.warm()


@shared_task
def deliver_due() -> int:
    """Render and send what is due, at most 200 of each; returns how many letters left."""
    now = timezone.now()
    _each(lambda: Letter.objects.due_for_rendering(now), _render)
    return _each(lambda: Letter.objects.due_for_sending(now), _send)


def _each(due: Callable[[], QuerySet[Letter]], act: Callable[[int], bool]) -> int:
    """Do ``act`` to each due letter, oldest first; a failing one does not stop the others."""
    numbers = list(due().order_by("queued_at", "pk").values_list("pk", flat=True)[:BATCH])
    done = 0
    for pk in numbers:
        try:
            done += act(pk)
        except Exception:
            # kept as it was and tried at the next tick; the log names the letter, nobody in it
            log.exception("letter %s", pk)
    if len(numbers) == BATCH and done:
        deliver_due.delay()
    return done


def _render(pk: int) -> bool:
    with transaction.atomic():
        letter = (
            Letter.objects.due_for_rendering(timezone.now())
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk)
            .first()
        )
        if letter is None:
            return False
        actions.render_letter(letter)
    return True


def _send(pk: int) -> bool:
    """Claim in one short transaction, send with nothing locked, confirm in another.

    Killed between sending and confirming, the claim expires and the letter goes out once more
    under the same Message-ID; SMTP cannot promise more.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.due_for_sending(timezone.now())
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk)
            .first()
        )
        if letter is None:
            return False
        attempt = actions.claim(letter)
    try:
        channel_for(letter).send(letter, bytes(Paper.objects.get(letter=letter).pdf))
    except CannotDeliver as refusal:
        actions.record_refusal(letter, attempt, str(refusal))
        return False
    actions.confirm_sent(letter, attempt)
    return True
