"""The making of a packet's files: one at a time, once each, whoever is killed meanwhile."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from config import health
from letters import render
from letters.packets import actions
from letters.tasks import make_packets
from pulje.enums import PacketKind, PacketState
from pulje.errors import NotAllowed
from pulje.models import Packet, PacketFile
from tests import people
from tests.factories import a_meeting
from tests.letters.papers import a_paper

pytestmark = pytest.mark.django_db
FACTS = {"open": dict(a_paper(1, is_open=True)), "closed": dict(a_paper(1))}


def a_packet(number: int = 1) -> Packet:
    held = a_meeting([]) if number == 1 else Packet.objects.latest("pk").meeting
    facts = {"kind": PacketKind.AGENDA, "number": number, "facts": FACTS}
    return Packet.objects.create(meeting=held, asked_at=timezone.now(), **facts)


def test_a_worker_makes_four_files_one_at_a_time_and_then_nothing() -> None:
    packet = a_packet()
    steps = []

    while actions.make_next():
        packet.refresh_from_db()
        steps.append((packet.state, packet.steps_done, packet.steps, packet.claimed_at))

    making = [("MAKING", done, 4, None) for done in (1, 2, 3)]
    assert steps == [*making, ("READY", 4, 4, None)]
    assert packet.ready_at
    files = list(PacketFile.objects.order_by("pk"))
    assert [(file.format, file.is_open) for file in files] == actions.FILES
    assert [file.pages > 1 for file in files] == [True, True, False, False]
    assert [bytes(file.content)[:2] for file in files] == [b"%P", b"%P", b"PK", b"PK"]
    assert all(hashlib.sha256(file.content).hexdigest() == file.sha256 for file in files)
    assert list(PdfReader(BytesIO(files[0].content)).attachments) == ["dagsorden.json"]
    assert not make_packets()


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_makes_it_and_a_killed_one_s_work_is_taken_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "FILES", actions.FILES[2:])  # Word alone: it is quick
    packet = a_packet()
    a_packet(2)
    worker = connection.copy()
    worker.set_autocommit(False)
    with worker.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pulje_packet WHERE id = %s FOR UPDATE", [packet.pk])

    assert not make_packets()  # neither this packet nor the other: one at a time
    assert Packet.objects.get(pk=packet.pk).attempts == 0
    worker.rollback()  # as the database does when a killed worker's connection falls
    worker.close()
    while actions.make_next():
        pass

    states = Packet.objects.values_list("state", "steps_done").order_by("pk")
    assert list(states) == [("READY", 2), ("READY", 2)]
    assert PacketFile.objects.count() == 4


def test_a_packet_that_kills_its_workers_is_given_up_and_may_be_tried_again() -> None:
    packet = a_packet()
    for _worker in range(actions.MAX_ATTEMPTS):
        assert actions._begin(timezone.now()) == packet.pk

    assert not make_packets()
    packet.refresh_from_db()
    assert packet.state == PacketState.FAILED
    assert packet.failure == (
        "Filerne kunne ikke laves i 3 forsøg. Prøv igen, eller sig det til driften."
    )
    with pytest.raises(NotAllowed):
        actions.retry(packet, by=people.mads())
    assert actions.retry(packet, by=people.karl())
    assert not actions.retry(packet, by=people.karl())
    packet.refresh_from_db()
    assert (packet.state, packet.attempts, packet.failure) == (PacketState.QUEUED, 0, "")
    assert actions._begin(timezone.now())

    health.packets()
    Packet.objects.update(asked_at=timezone.now() - health.PACKET_WITHIN)
    with pytest.raises(health.NotReady):
        health.packets()


def test_one_that_is_too_long_fails_at_once_and_one_that_is_wrong_after_three_tries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(render, "MEETING", replace(render.MEETING, html_bytes=10))
    long, wrong = a_packet(), a_packet(2)
    Packet.objects.filter(pk=wrong.pk).update(facts={})

    while actions.make_next():
        pass

    long.refresh_from_db()
    wrong.refresh_from_db()
    assert long.failure == (
        "Pakken har for meget tekst. Fordel sagerne på flere møder, og prøv igen."
    )
    assert (wrong.state, wrong.attempts) == (PacketState.FAILED, 3)
    assert caplog.text.count(f"packet {wrong.pk}: a file failed") == 3
