"""A meeting is closed by two at once, while somebody records, and by a process that is killed."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from letters.models import Letter
from pulje.actions.meeting.ruling import record_ruling
from pulje.enums import ItemOutcome
from pulje.errors import WrongState
from pulje.models import Application, Decision, LedgerEntry, Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.meetings import follow
from tests.workflow.test_concurrency import at_once
from workflow.bulk import close_meeting
from workflow.contradictions import contradictions

pytestmark = pytest.mark.django_db(transaction=True)
S = CaseState
KR = Decimal(40_000)
# in a process of its own: says when everything is written, then waits before the commit
CLOSES = """
import sys, time
import django
django.setup()
from django.db import transaction
from pulje.models import Meeting, User
from workflow.bulk import close_meeting
meeting = Meeting.objects.get(pk=int(sys.argv[1]))
with transaction.atomic():
    close_meeting(meeting, by=User.objects.get(pk=int(sys.argv[2])))
    print("written", flush=True)
    time.sleep(60)
"""


def a_ruled_meeting(cases: int) -> Meeting:
    pool = a_pool()
    meeting = a_meeting(
        [case_in(S.RECOMMENDED, pool=pool, requested_kr=KR) for _case in range(cases)]
    )
    follow(meeting, at=timezone.now())
    return meeting


def test_two_close_at_once_and_one_records_meanwhile() -> None:
    meeting = a_ruled_meeting(2)
    item = meeting.items.order_by("position")[0]
    sanne, karen = people.sanne(), people.karen()

    refusals = at_once(
        lambda: close_meeting(meeting, by=sanne),
        lambda: close_meeting(meeting, by=karen),
        lambda: record_ruling(
            item,
            by=karen,
            at=timezone.now(),
            outcome=ItemOutcome.DECIDED,
            amount_kr=Decimal(30_000),
            reasons="Mindre end søgt",
        ),
    )

    assert {type(refusal) for refusal in refusals} == {WrongState}
    assert len(refusals) in (1, 2)  # who records is first, or too late
    decided = Decision.objects.get(application=item.application)
    ruling = item.rulings.get(is_current=True)
    assert (decided.amount_kr, decided.decided_by) == (ruling.amount_kr, ruling.recorded_by)
    assert Decision.objects.count() == 2
    assert contradictions() == []


def test_a_process_killed_in_the_middle_of_closing_leaves_nothing() -> None:
    meeting = a_ruled_meeting(3)
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.letters.worker_settings",
        "TEST_WORKER_DATABASE": connection.settings_dict["NAME"],
        "TEST_WORKER_BROKER": "memory://",
        "TEST_WORKER_PREFIX": "none-",
        "TEST_WORKER_MAIL_PORT": "1",
    }
    command = [sys.executable, "-c", CLOSES, str(meeting.pk), str(people.sanne().pk)]
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "written\n"
        running.send_signal(signal.SIGKILL)

    end = time.monotonic() + 60
    while meeting_is_locked(meeting):
        assert time.monotonic() < end, "the killed one's lock has not fallen"
        time.sleep(0.05)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.packets.count()) == ("PLANNED", 0)
    assert set(Application.objects.values_list("state", flat=True)) == {S.RECOMMENDED}
    assert not Decision.objects.exists()
    assert not LedgerEntry.objects.exclude(kind="FRAME").exists()
    assert not Letter.objects.filter(kind="AWARD").exists()
    assert contradictions() == []

    close_meeting(meeting, by=people.sanne())
    assert Decision.objects.count() == 3
    assert contradictions() == []


def meeting_is_locked(meeting: Meeting) -> bool:
    with transaction.atomic():
        free = Meeting.objects.select_for_update(skip_locked=True).filter(pk=meeting.pk)
        return not list(free)
