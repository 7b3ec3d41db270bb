"""A packet's files: real ones from a real agenda, who gets which, how far they are, tried again."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.packets import actions
from pulje.actions.casework.tie import disqualify
from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import MeetingState, PacketKind
from pulje.models import Meeting, Packet
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = ["aaben.pdf", "aaben.docx", "lukket.pdf", "lukket.docx"]


@pytest.fixture
def packet() -> Packet:
    """The agenda of a meeting with one case; nothing is made of it yet."""
    held = a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))])
    return ask_for_packet(held, kind=PacketKind.AGENDA, by=None, at=timezone.now())


def log_in(client, who):
    client.force_login(who(), backend=BACKEND)


def path(packet, rest=""):
    return f"/udvalg/moede/{packet.meeting_id}/pakke/{packet.pk}/{rest}"


def test_files_are_fetched_by_those_who_read_the_meeting(client, packet):
    assert client.get(path(packet, FILES[0])).status_code == 302
    log_in(client, people.mads)
    assert client.get(path(packet, FILES[0])).status_code == 404  # not made yet
    while actions.make_next():
        pass

    got = {name: client.get(path(packet, name)) for name in FILES}
    assert [answer.status_code for answer in got.values()] == [200] * 4
    assert [answer["Content-Type"] for answer in got.values()] == ["application/pdf", WORD] * 2
    assert {answer["Cache-Control"] for answer in got.values()} == {"private, no-store"}
    day = timezone.localdate(packet.meeting.held_at).isoformat()
    said = got["lukket.pdf"]["Content-Disposition"]
    assert said.startswith('attachment; filename="dagsorden-')
    assert said.endswith(f'-{day}-version-1-lukket.pdf"')
    assert client.get(path(packet, "hemmelig.pdf")).status_code == 404
    assert client.get(path(packet, "aaben.exe")).status_code == 404

    case = packet.meeting.items.get().application
    told = {"person": people.mads(), "reason": "Nabo", "at": timezone.now()}
    disqualify(case, by=people.mads(), **told)
    answers = [client.get(path(packet, name)) for name in FILES]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert "Resten læser du på siden." in answers[0].content.decode()
    page = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()
    assert ("aaben.pdf" in page, "ikke offentlige" in page) == (False, True)

    now = {"state": MeetingState.LOCKED, "locked_at": timezone.now()}  # everybody's from now on
    Meeting.objects.filter(pk=packet.meeting_id).update(**now)
    answers = [client.get(path(packet, name)) for name in FILES]
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]
    page = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()
    assert "aaben.pdf" in page
    assert "lukket.pdf" not in page
    log_in(client, people.asta)
    assert client.get(path(packet, FILES[0])).status_code == 403


def test_progress_polls_until_the_files_are_there_and_asks_little(client, packet):
    log_in(client, people.sanne)
    Packet.objects.filter(pk=packet.pk).update(state="MAKING", steps=4, steps_done=1)
    with CaptureQueriesContext(connection) as queries:
        making = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()
    Packet.objects.filter(pk=packet.pk).update(state="READY", steps_done=4)
    ready = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()

    assert "1 af 4 filer er lavet" in making
    assert "every 2s" in making
    assert len(queries) <= 8
    assert "every 2s" not in ready
    assert all(name in ready for name in FILES)
    assert client.get(path(packet)).url == f"/udvalg/moede/{packet.meeting_id}/pakker/"


def test_a_failed_packet_says_why_and_is_tried_again_by_who_may(client, packet):
    Packet.objects.filter(pk=packet.pk).update(state="FAILED", failure="Pakken er for lang.")
    again = path(packet, "igen/")
    log_in(client, people.mads)
    page = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()
    refused = client.post(again)
    log_in(client, people.karl)
    shown = client.get(path(packet), headers={"HX-Request": "true"}).content.decode()
    answers = [client.post(again, follow=True).content.decode() for _twice in range(2)]

    assert "Pakken er for lang." in page
    assert again not in page
    assert refused.status_code == 403
    assert again in shown
    assert ["Filerne bliver lavet nu." in answer for answer in answers] == [True, False]
    packet.refresh_from_db()
    assert packet.state == "QUEUED"
