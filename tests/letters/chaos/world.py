"""Letters over every channel, real workers, and a clock that is hastened."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone
from kombu import Connection

from config.celery import app
from letters import actions
from letters.archive import actions as archiving
from letters.models import (
    CaseExport,
    CaseExportQuerySet,
    Channel,
    ExportState,
    Letter,
    LetterQuerySet,
    LetterState,
)
from pulje.enums import ApplicantKind
from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import a_round, an_applicant, case_in
from tests.letters.chaos.receivers import Disk, MailServer, Office

PREFIX = f"chaos-{os.getpid()}-"
PLACE = {"street": "Kirkevej 1", "postcode": "2840", "town": "Holte"}
WAYS: list[dict[str, Any]] = [
    {},  # a CVR number: Digital Post
    {"kind": ApplicantKind.MUNICIPAL_INSTITUTION},  # a notice by e-mail
    {"is_exempt": True},  # on paper
]
DECIDED, DECIDED_BEFORE = len(WAYS), timedelta(days=8)  # cases; their first steps
TICKS = (*["letters.tasks.deliver_due"] * 2, "letters.tasks.fetch_receipts")
A_PAUSE, A_CLAIM = timedelta(seconds=2), timedelta(hours=1)


class World:
    """What is under way; ``kills`` and ``by_hand`` count what has happened to it."""

    def __init__(self, folder: Path) -> None:
        self.mail, self.office, self.disk = (
            MailServer(),
            Office(folder / "office"),
            Disk(folder / "disk"),
        )
        self.kills, self.by_hand = 0, 0
        self.turns = count(2)  # which way a server fails next
        self.line = Connection(_broker(), transport_options={"global_keyprefix": PREFIX})

    def people_it(self, wanted: int, cases_wanted: int) -> None:
        """So many letters, a third by each channel, and an export of every case.

        Receipts, and decisions by delegation, which pass the gate each time they are taken up.
        """
        self.clerk, self.leader, round = people.karl(), people.dora(), a_round()
        cases = [
            case_in(
                CaseState.APPROVED if number < DECIDED else CaseState.SUBMITTED,
                round=round,
                starts=timezone.now() - DECIDED_BEFORE,
                applicant=an_applicant(**(PLACE | WAYS[number % len(WAYS)])),
            )
            for number in range(cases_wanted)
        ]
        for decision in Letter.objects.filter(application__in=cases, kind="AWARD"):
            actions.remake(decision, by=self.clerk, at=timezone.now())  # the gate wants today's
        first = list(Letter.objects.filter(application__in=cases).order_by("pk"))
        Letter.objects.bulk_create(
            [_another(first[number % len(first)], number) for number in range(len(first), wanted)]
        )
        for case in cases:
            archiving.ask(Application.objects.get(pk=case.pk), by=self.clerk, at=timezone.now())
        self.letters: LetterQuerySet = Letter.objects.filter(application__in=cases)
        self.exports: CaseExportQuerySet = CaseExport.objects.filter(application__in=cases)
        self.steps = 2 * wanted + len(cases)

    # ---- workers ----

    def start(self) -> None:
        """A real Celery worker with two processes, at the head of a group of its own."""
        command = "-m celery --quiet --app config worker -Q letters,celery -c 2 --loglevel CRITICAL"
        self.started_at = timezone.now()
        self.worker = subprocess.Popen(
            [sys.executable, *command.split(), "--without-mingle", "--without-gossip"],
            env=os.environ | self._surroundings(),
            start_new_session=True,
        )

    def kill(self) -> None:
        """The whole group at once; nobody gets to say goodbye."""
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def bound_files(self, size: int) -> None:
        """No file of the worker's may be longer from here on, as on a disk that is full."""
        group = os.getpgid(self.worker.pid)
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            with suppress(ProcessLookupError):
                if os.getpgid(pid) == group:
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def _surroundings(self) -> dict[str, str]:
        post = {f"DIGITAL_POST_{k.upper()}": v for k, v in self.office.server.settings.items()}
        return post | {
            "DJANGO_SETTINGS_MODULE": "tests.letters.worker_settings",
            "PYTHONWARNINGS": "ignore",
            "REDIS_URL": settings.REDIS_URL,
            "TEST_WORKER_DATABASE": connection.settings_dict["NAME"],
            "TEST_WORKER_BROKER": _broker(),
            "TEST_WORKER_PREFIX": PREFIX,
            "TEST_WORKER_MAIL_PORT": str(self.mail.port),
            "TEST_WORKER_PRINT": str(self.disk.folder / "print"),
            "DIGITAL_POST_SENDER": "29188378",
            "DIGITAL_POST_SECONDS": "1",
            "ESDH_ADAPTER": settings.ESDH_ADAPTER,
            "ESDH_FOLDER": settings.ESDH_FOLDER,
            "TMPDIR": str(self.disk.folder / "tmp"),
        }

    # ---- what time and people do ----

    def tend(self) -> None:
        """What beat does each minute, the clock's waits, a person's look at the dead letters."""
        now = timezone.now()
        for rows in (self.letters.on_their_way(), self.exports.filter(state=ExportState.QUEUED)):
            _hasten(rows, now)
            # a claim from before this worker began is one of the dead
            rows.filter(claimed_at__lt=self.started_at).update(claimed_at=now - A_CLAIM)
        for letter in self.letters.failed():
            self.by_hand += 1
            actions.retry(letter, by=self.leader)
        for export in self.exports.failed():
            self.by_hand += 1
            archiving.retry(export, by=self.clerk)
        for task in (*TICKS, archiving.WORK):
            app.send_task(task, connection=self.line, expires=3)

    def forget_queue(self) -> int:
        """Every key of ours in Redis is gone: queues, messages under way, the cache."""
        client = redis.Redis.from_url(settings.REDIS_URL)
        keys = [*client.scan_iter(f"{PREFIX}*"), *client.scan_iter(f"_kombu*{PREFIX}*")]
        return int(client.delete(*keys)) if keys else 0

    # ---- how far it is ----

    def progress(self) -> int:
        """Steps done of ``steps``: letters made, letters sent, cases filed."""
        made = self.letters.exclude(sha256="").count()
        return made + self.letters.sent().count() + self._filed()

    def is_done(self) -> bool:
        by_post = self.letters.filter(channel=Channel.DIGITAL_POST)
        return (
            not self.letters.unsent().exists()
            and not by_post.filter(state=LetterState.SENT).exists()
            and self._filed() == self.exports.count()
            and self.office.is_empty()
        )

    def _filed(self) -> int:
        return self.exports.filter(state=ExportState.DONE).count()


@contextmanager
def a_world(wanted: int, cases: int) -> Iterator[World]:
    """A world of so many letters with its worker at work; nothing of it runs afterwards."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        world = World(Path(folder))
        sender = {"sender": "29188378", "seconds": 1}
        try:
            with override_settings(
                DIGITAL_POST=settings.DIGITAL_POST | world.office.server.settings | sender,
                ESDH_ADAPTER="letters.archive.folder.FolderArchive",
                ESDH_FOLDER=str(world.disk.folder / "esdh"),
            ):
                world.people_it(wanted, cases)
                world.start()
                yield world
        finally:
            if hasattr(world, "worker"):
                world.kill()
            world.forget_queue()
            world.line.release()
            world.mail.close()
            world.office.close()
            world.disk.unmount()


def _hasten(rows: QuerySet[Letter] | QuerySet[CaseExport], now: datetime) -> None:
    """A wait after a failed try is over; the moment that a worker has taken a row for is not."""
    rows.filter(next_attempt_at__gt=now + A_PAUSE).update(next_attempt_at=now)


def _another(letter: Letter, number: int) -> Letter:
    """One more letter like this on the same case, for a cause of its own; nothing enclosed."""
    names = [field.attname for field in Letter._meta.concrete_fields if field.attname != "id"]
    kept = {name: getattr(letter, name) for name in names}
    facts = {name: fact for name, fact in letter.facts.items() if name != "enclosure"}
    cause = f"chaos:{letter.pk}:{number}"
    return Letter(**(kept | {"uuid": uuid4(), "cause": cause, "facts": facts}))


def _broker() -> str:
    """Redis as Celery writes it."""
    plain: str = settings.REDIS_URL
    return plain.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
