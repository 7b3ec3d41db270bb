"""A meeting of 60 cases with 30 readers whose screens ask every three seconds what is new.

``same`` is a screen that shows the meeting as it stands, ``new`` one that is given the table anew
after a ruling. ``all_seconds`` is all 30 in a row in one process; ``load_percent`` is what 30 idle
screens take of one core.
"""

import time
from collections.abc import Sequence
from datetime import date
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks import database, places
from benchmarks.rows import FIRST, Cases, fill
from pulje.actions.meeting.ruling import record_ruling
from pulje.enums import CommitteeRole, ItemOutcome, Role
from pulje.models import AgendaItem, Application, CommitteeMember, Meeting
from tests import people
from tests.factories import a_meeting

CASES, READERS, EVERY_SECONDS, ROUNDS = 60, 30, 3, 5
HTMX = {"HX-Request": "true"}
Asked = list[tuple[float, float, int]]  # CPU seconds, seconds by the clock, bytes


def measure() -> dict[str, dict[str, float]]:
    """Medians over all readers and five rounds."""
    fill(places.build(), Cases(FIRST, CASES, {"RECOMMENDED": 1}))
    database.settle()
    meeting = a_meeting(list(Application.objects.filter(pk__gte=FIRST).select_related("pool")))
    readers = [_reader(meeting, number) for number in range(READERS)]
    same: Asked = []
    new: Asked = []
    for item in meeting.items.order_by("position")[: ROUNDS + 1]:
        old = Meeting.objects.get(pk=meeting.pk).changes
        _rule(item)
        new += _ask(readers, meeting, old)
        same += _ask(readers, meeting, Meeting.objects.get(pk=meeting.pk).changes)
    now = Meeting.objects.get(pk=meeting.pk).changes
    polls = READERS / EVERY_SECONDS
    idle = _figures(same, readers[0], meeting, now)
    return {
        "same": idle | {"load_percent": round(idle["cpu_ms"] * polls / 10, 1)},
        "new": _figures(new, readers[0], meeting, -1),
    }


def _reader(meeting: Meeting, number: int) -> Client:
    person = people.person(f"Medlem{number}", Role.COMMITTEE_MEMBER)
    CommitteeMember.objects.create(
        committee=meeting.committee,
        user=person,
        role=CommitteeRole.SUBSTITUTE,
        started_on=date(2020, 1, 1),
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _rule(item: AgendaItem) -> None:
    record_ruling(
        item,
        by=people.sanne(),
        at=timezone.now(),
        outcome=ItemOutcome.DECIDED,
        amount_kr=item.amount_kr,
    )


def _ask(readers: Sequence[Client], meeting: Meeting, changes: int) -> Asked:
    asked = []
    for client in readers:
        cpu, clock = time.process_time(), time.perf_counter()
        page = client.get(f"/udvalg/moede/{meeting.pk}/tavle/?set={changes}", headers=HTMX)
        assert page.status_code in (200, 204), page.status_code
        took = time.process_time() - cpu, time.perf_counter() - clock
        asked.append((*took, len(page.content)))
    return asked


def _figures(asked: Asked, reader: Client, meeting: Meeting, changes: int) -> dict[str, float]:
    warm = asked[READERS:]
    with CaptureQueriesContext(connection) as queries:
        _ask([reader], meeting, changes)
    return {
        "queries": len(queries),
        "cpu_ms": round(median(cpu for cpu, _clock, _size in warm) * 1000, 1),
        "all_seconds": round(sum(clock for _cpu, clock, _size in warm) / ROUNDS, 2),
        "bytes": warm[0][2],
    }
