"""Workers are killed while they render and while they send; every letter still arrives once."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from kombu import Connection

from config.celery import app
from letters.models import Letter, LetterState
from pulje.models import JournalEntry
from pulje.states import CaseState
from tests.factories import a_round, case_in

COUNT = 50
PREFIX = f"sigkill-{os.getpid()}-"


class Catcher:
    """A mail server that remembers the Message-ID of every mail it took."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 OK"


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        caught = Catcher(free.getsockname()[1])
    server = Controller(caught, hostname="127.0.0.1", port=caught.port)
    server.start()
    yield caught
    server.stop()


def broker() -> str:
    """The test's Redis, as Celery writes it."""
    return settings.REDIS_URL.replace("unix://", "redis+socket://").replace(
        "?db=", "?virtual_host="
    )


@contextmanager
def worker(mail_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker with two processes; the whole group is gone at the end."""
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.letters.worker_settings",
        "TEST_WORKER_DATABASE": connection.settings_dict["NAME"],
        "TEST_WORKER_BROKER": broker(),
        "TEST_WORKER_PREFIX": PREFIX,
        "TEST_WORKER_MAIL_PORT": str(mail_port),
    }
    command = "-m celery --app config worker -Q letters -c 2 --without-mingle --without-gossip"
    running = subprocess.Popen(
        [sys.executable, *command.split(), "--loglevel", "ERROR"],
        env=surroundings,
        start_new_session=True,
    )
    try:
        nudge()
        yield running
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def nudge() -> None:
    """What beat does each minute, for both processes."""
    options = {"global_keyprefix": PREFIX}
    with Connection(broker(), transport_options=options) as line:
        for _process in range(2):
            app.send_task("letters.tasks.deliver_due", connection=line, queue="letters")


def until(what: Callable[[], bool], seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_letters_arrive_once_each_though_workers_are_killed(catcher: Catcher) -> None:
    round = a_round()
    for _case in range(COUNT):
        case_in(CaseState.SUBMITTED, round=round)
    letters = Letter.objects.filter(kind="RECEIPT")

    with worker(catcher.port):  # killed while it renders
        until(lambda: letters.filter(state=LetterState.APPROVED).count() >= 10)
    assert letters.filter(state=LetterState.QUEUED).exists()
    with worker(catcher.port):  # killed while it sends
        until(lambda: len(catcher.taken) >= 10)
    assert letters.unsent().exists()
    cut_short = set(letters.filter(claimed_at__isnull=False).values_list("pk", flat=True))
    letters.filter(pk__in=cut_short).update(claimed_at=timezone.now() - timedelta(hours=1))
    with worker(catcher.port):
        until(lambda: not letters.unsent().exists())

    assert letters.sent().filter(paper__isnull=False).count() == COUNT
    assert set(catcher.taken) == {letter.message_id for letter in letters}
    told = JournalEntry.objects.filter(event="letter_sent").values("application")
    assert [row["n"] for row in told.annotate(n=Count("pk"))] == [1] * COUNT
    # dying between the server's OK and our commit, a process cannot know: same id, twice
    doubles = [key for key, times in Counter(catcher.taken).items() if times > 1]
    assert set(doubles) <= {letter.message_id for letter in letters.filter(pk__in=cut_short)}
    assert len(catcher.taken) <= COUNT + len(cut_short) <= COUNT + 2
