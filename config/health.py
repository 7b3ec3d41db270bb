"""Is it alive, is it ready: for the machines that watch over an installation.

Own code and not django-health-check: its view is async and runs each check in a thread of its own,
which under WSGI means a new database connection per check; our checks are one line each.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import shared_task
from celery.signals import beat_init, before_task_publish, worker_ready
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from letters.models import Letter, Mail
from letters.packets.actions import unmade
from pulje.queries.grant.payments import unanswered

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=1)
TOLD_WITHIN = timedelta(days=1)  # Digital Post says within minutes what became of a letter
ANSWER_WITHIN = timedelta(days=5)  # a bank answers the next banking day; Easter takes five
PACKET_WITHIN = timedelta(minutes=30)
WORKER, BEAT = "health:worker", "health:beat"  # the time each last showed itself


class NotReady(Exception):
    """One part is not ready; the message says which and what is wrong with it, for an operator."""


@shared_task
def heartbeat() -> None:
    """A worker took a task: beat, broker and worker all live."""
    _show(WORKER)


@worker_ready.connect
def _worker_is_up(**_: object) -> None:
    _show(WORKER)


@beat_init.connect
def _beat_is_up(**_: object) -> None:
    _show(BEAT)


@before_task_publish.connect(sender="config.health.heartbeat")
def _beat_ticks(**_: object) -> None:
    _show(BEAT)


def _show(who: str) -> None:
    cache.set(who, timezone.now(), timeout=None)


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing: run manage.py migrate")


def redis() -> None:
    cache.get(WORKER)


def worker() -> None:
    _require_recent(WORKER, "no worker has answered")


def beat() -> None:
    _require_recent(BEAT, "beat has not ticked")


def _require_recent(who: str, otherwise: str) -> None:
    last: datetime | None = cache.get(who)
    if last is None or timezone.now() - last > SILENT_AFTER:
        raise NotReady(
            f"{otherwise} since {last:%Y-%m-%d %H:%M:%S}" if last else f"{otherwise} yet"
        )


def letters() -> None:
    if Letter.objects.stuck(timezone.now()).exists():
        raise NotReady("letters have been due for over half an hour")
    if Letter.objects.untold(timezone.now() - TOLD_WITHIN).exists():
        raise NotReady(f"Digital Post has told nothing of letters for over {TOLD_WITHIN.days} day")


def mails() -> None:
    if Mail.objects.stuck(timezone.now()).exists():
        raise NotReady("mails have been due for over half an hour")


def packets() -> None:
    if unmade().filter(asked_at__lt=timezone.now() - PACKET_WITHIN).exists():
        raise NotReady("a meeting's papers have waited over half an hour")


def payments() -> None:
    if unanswered(timezone.now() - ANSWER_WITHIN).exists():
        raise NotReady(f"payments have waited over {ANSWER_WITHIN.days} days for the bank's answer")


NEEDED: dict[str, Callable[[], None]] = {
    check.__name__: check for check in (database, migrations, redis, worker, beat)
}
# somebody must look, but the pages serve: turns ?all=1 red, for the monitor that wakes people
WANTED: dict[str, Callable[[], None]] = {
    check.__name__: check for check in (letters, mails, packets, payments)
}


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every needed part is ready, else 503; says about each part "ok" or what is wrong."""
    answers = {name: _answer(name, check) for name, check in (NEEDED | WANTED).items()}
    judged = answers if request.GET.get("all") else {name: answers[name] for name in NEEDED}
    status = 200 if set(judged.values()) == {"ok"} else 503
    return JsonResponse(answers, status=status)


def _answer(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except Exception:  # whatever a broken service raises, the others are still told about
        logger.exception("health: %s failed", name)
        return "does not answer"
    return "ok"
