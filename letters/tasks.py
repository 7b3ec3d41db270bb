"""The muscle: workers take due letters and mails, one action a row. Safe to repeat or kill."""

import logging
import resource
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_init, worker_process_init
from django.core.cache import cache
from django.utils import timezone

from letters import actions, bounces, receipts
from letters.archive import actions as archiving
from letters.available import arrive_by_post
from letters.delivery.email import one_line
from letters.mails import actions as mailing
from letters.models import (
    CaseExport,
    CaseExportQuerySet,
    Letter,
    LetterQuerySet,
    Mail,
    MailQuerySet,
)
from letters.packets import actions as packets
from letters.previews import making
from pulje.actions.applicant.person_number import remove_unneeded
from pulje.models import PoolVersion

logger = logging.getLogger(__name__)

QUEUE = "letters"
BATCH = 50
LETTERS, SECONDS = 15, 0.6  # made, then sent, in one go: somebody may wait for a preview
MANY, NEXT = "letters:many", "letters:next"
MOST = 1000  # of what costs little
A_MOMENT = 1.0  # while another has the rows
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
    """In each child, after the fork: a bound on its memory, and its own fonts.

    Its seconds are bounded a letter (rendering/limits.py), a task's by CELERY_TASK_TIME_LIMIT.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    actions.warm_renderer()


@shared_task
def deliver_due() -> int:
    """Make the letters that are due, then send what may leave. Gives how many got out."""
    cache.touch(NEXT, 0)  # it is its turn now
    unmade = Letter.objects.to_render(timezone.now())
    if unmade[LETTERS:].exists() and cache.add(MANY, True, timeout=2):
        _go_on()  # a whole meeting's: another process need not wait for this one's
    made, is_more = _some(unmade, actions.render, LETTERS, SECONDS)
    with one_line():
        due = Letter.objects.to_deliver(timezone.now())
        sent, is_more_to_send = _some(due, actions.deliver, LETTERS, SECONDS)
    if is_more or is_more_to_send:
        _go_on(A_MOMENT * (not made and not sent))
    return sent


def _go_on(wait: float = 0) -> None:
    """Once more, behind those who wait for a preview; never two of us in the queue."""
    if cache.add(NEXT, True, timeout=60):
        current_app.send_task(actions.WORK, retry=False, expires=60, countdown=wait)


@shared_task
def send_mails() -> int:
    """Send the mails that are due; gives how many got out. In the other workers' queue: somebody
    waits for a link, and must not wait for a whole meeting's letters."""
    with one_line():
        return _each(Mail.objects.due(timezone.now()), mailing.deliver, mailing.WORK)


@shared_task
def note_arrivals() -> int:
    """The letters that the post has brought by now; gives how many."""
    now = timezone.now()
    due = Letter.objects.arrives(now).order_by("available_at", "pk")
    return sum(arrive_by_post(pk, now) for pk in list(due.values_list("pk", flat=True)[:MOST]))


@shared_task
def take_bounces() -> int:
    """Read the mails that came back; gives how many."""
    return bounces.take_all(timezone.now())


@shared_task
def forget_mails() -> int:
    """Every night: addresses and facts of mails sent long ago; gives how many were emptied."""
    done = mailing.forget(timezone.now())
    if done == mailing.BATCH:
        forget_mails.delay()
    return done


@shared_task
def file_cases() -> int:
    """Hand closed cases to the ESDH; gives how many it took."""
    return _each(CaseExport.objects.due(timezone.now()), archiving.file_case, archiving.WORK)


@shared_task
def fetch_receipts() -> int:
    """Ask the carriers what became of the letters; gives how many receipts were taken in."""
    return receipts.fetch()


@shared_task
def forget_person_numbers() -> int:
    """Delete the CPR numbers that no case needs any more; gives how many."""
    return remove_unneeded(timezone.now())


@shared_task
def make_packets() -> bool:
    """Make one file of a meeting's packet and ask for the next: letters get their turn between."""
    is_made = packets.make_next()
    if is_made:
        mailing.nudge(packets.WORK)
    return is_made


@shared_task
def make_questions(version_id: int) -> None:
    """Somebody waits for a pool's questions on paper."""
    version = PoolVersion.objects.select_related("pool").get(pk=version_id)
    actions.make_questions(version, timezone.now())


@shared_task
def make_preview(key: str) -> bool:
    """Somebody writes a text and waits to see the letter."""
    return making.make(key)


def _each(
    due: LetterQuerySet | MailQuerySet | CaseExportQuerySet,
    action: Callable[[int], bool],
    work: str,
) -> int:
    """As ``_some``, and once more when there is more; gives how many were done."""
    done, is_more = _some(due, action, BATCH)
    if is_more:
        current_app.send_task(work, retry=False, expires=60, countdown=A_MOMENT * (not done))
    return done


def _some(
    due: LetterQuerySet | MailQuerySet | CaseExportQuerySet,
    action: Callable[[int], bool],
    most: int,
    seconds: float = inf,
) -> tuple[int, bool]:
    """Do the action to due rows; one that breaks is logged, left, and stops no other.

    Gives how many were done, and whether any is still due: there were more, the time was up, or
    somebody held the row just then, who need not be one of us that goes on with it.
    """
    done, end = 0, monotonic() + seconds
    broken: list[int] = []
    for pk in due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:most]:
        if monotonic() > end:
            break
        try:
            done += action(pk)
        except Exception:  # one row must not keep back the others; it is still due
            logger.exception("%s %s: %s failed", due.model.__name__, pk, action.__name__)
            broken.append(pk)
    return done, due.exclude(pk__in=broken).exists()
