"""The muscle: workers take due letters, one action a row. Safe to repeat, safe to kill."""

import logging
import resource
from collections.abc import Callable
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_init, worker_process_init
from django.utils import timezone

from letters import actions
from letters.models import Letter, LetterQuerySet

logger = logging.getLogger(__name__)

QUEUE = "letters"
BATCH = 50
MEMORY_BYTES = 1_500_000_000


@worker_init.connect
def _refuse_or_load(sender: Any, **_signal: object) -> None:
    """Load the engine once, in the parent, and only in the workers that make letters."""
    if QUEUE not in sender.app.amqp.queues.consume_from:
        return
    try:
        actions.start_renderer()
    except Exception as reason:
        raise SystemExit(f"The letters' worker cannot start: {reason}") from reason
    worker_process_init.connect(_make_ready)


def _make_ready(**_signal: object) -> None:
    """In each child, after the fork: a bound on its memory, and its own fonts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    actions.warm_renderer()


@shared_task
def deliver_due() -> int:
    """Make the letters that are due, then send what may leave. Gives how many got out."""
    _each(Letter.objects.to_render(timezone.now()), actions.render)
    return _each(Letter.objects.to_deliver(timezone.now()), actions.deliver)


def _each(due: LetterQuerySet, action: Callable[[int], bool]) -> int:
    """Do the action to every due row; one that breaks is logged, left, and stops no other."""
    done = 0
    letters = list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH])
    for letter_id in letters:
        try:
            done += action(letter_id)
        except Exception:  # one letter must not keep back the others; its row is still due
            logger.exception("letter %s: %s failed", letter_id, action.__name__)
    if done and len(letters) == BATCH:
        current_app.send_task(actions.WORK, retry=False, expires=60)
    return done
