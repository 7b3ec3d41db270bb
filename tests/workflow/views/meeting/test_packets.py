"""The agenda and the minutes as pages: who reads what, which version, what is new."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.tie import disqualify
from pulje.actions.meeting.closing import close_meeting
from pulje.actions.meeting.minutes import approve_minutes
from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import MeetingState, PacketKind
from pulje.models import Meeting
from pulje.queries.meeting.paper import DRAFT
from pulje.queries.meeting.shown import BLANK, LEFT_OUT, SHUT_OUT
from tests import people
from tests.factories import a_meeting, a_pool
from tests.meetings import follow
from tests.pulje.queries.crowd import recommended

pytestmark = pytest.mark.django_db


def a_meeting_of(number: int, code: str, days: int):
    pool = a_pool(code=code, frame_kr=Decimal(2_000_000))
    at = timezone.now() + timedelta(days=days)
    return a_meeting(recommended(number, pool), at=at)


def asked(meeting, kind=PacketKind.AGENDA):
    return ask_for_packet(meeting, kind=kind, by=people.sanne(), at=timezone.now())


def page(client, meeting, address: str) -> str:
    return client.get(f"/udvalg/moede/{meeting.pk}/{address}").content.decode()


def queries(client, meeting, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/udvalg/moede/{meeting.pk}/{address}").status_code == 200
    return len(found)


def test_agenda_is_read_whole_open_or_without_what_one_is_shut_out_of(client):
    few, many = a_meeting_of(2, "LIL", 10), a_meeting_of(9, "STO", 20)
    small, big = few.items.order_by("position"), many.items.order_by("position")
    out = {"by": people.sanne(), "person": people.mads(), "reason": "Bror"}
    for item in (small[1], big[1]):
        disqualify(item.application, at=timezone.now(), **out)
    asked(few), asked(many)
    client.force_login(people.rie())

    whole, open_one = page(client, many, "dagsorden/?lukket"), page(client, many, "dagsorden/1/")
    assert "Holte Kor 2 (enkeltperson)" in whole
    assert BLANK not in whole
    assert "Holte Kor 2 (" not in open_one
    assert 'href="#sag-' in open_one
    assert client.get(f"/udvalg/moede/{many.pk}/dagsorden/2/").status_code == 404

    client.force_login(people.mads())
    seen = page(client, many, "dagsorden/?lukket")
    assert (seen.count(SHUT_OUT), BLANK in seen, LEFT_OUT in seen) == (1, True, True)
    counts = [
        [queries(client, one, address) for one in (few, many)]
        for address in ("dagsorden/?lukket", "pakker/")
    ]
    assert all(few == many <= 15 for few, many in counts), counts


def test_versions_tell_what_is_new(client):
    meeting = a_meeting_of(3, "NYT", 10)
    client.force_login(people.sanne())
    new = f"/udvalg/moede/{meeting.pk}/pakker/ny/"

    assert client.get(f"/udvalg/moede/{meeting.pk}/dagsorden/").url.endswith("/pakker/")
    assert "Dagsordenen er ikke skrevet endnu." in page(client, meeting, "pakker/")
    first = client.post(new, follow=True).content.decode()
    again = client.post(new, follow=True).content.decode()
    item = meeting.items.order_by("position")[1]
    item.amount_kr = Decimal(500)
    item.save()
    second = client.post(new, follow=True).content.decode()

    assert "Dagsordenen er skrevet som version 1." in first
    assert "Der er ikke ændret noget siden version 1" in again
    told = "Nr. 2 Projekt 1: indstillet 500\xa0kr. i stedet for 1.000\xa0kr."
    assert told in second
    assert "Det her er ikke den nyeste." in page(client, meeting, "dagsorden/1/")

    disqualify(
        item.application,
        by=people.sanne(),
        person=people.mads(),
        reason="Bror",
        at=timezone.now(),
    )
    client.force_login(people.mads())
    listed = page(client, meeting, "pakker/")
    assert told not in listed
    assert "Ændringen handler om en sag, du ikke deltager i." in listed
    assert client.post(new).status_code == 403


def test_minutes_are_a_page_once_the_meeting_is_closed(client):
    meeting = a_meeting_of(2, "REF", 0)
    client.force_login(people.sanne())
    assert client.get(f"/udvalg/moede/{meeting.pk}/referat/").status_code == 302
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED)
    assert "Lav ny version" not in page(client, meeting, "pakker/")

    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.LOCKED)
    follow(meeting, at=timezone.now())
    close_meeting(meeting, by=people.sanne(), at=timezone.now())

    assert "Vedtagelse i Kulturudvalget den" in page(client, meeting, "referat/1/?lukket")
    assert DRAFT in page(client, meeting, "referat/1/")
    assert "Lav ny version af referatet" in page(client, meeting, "pakker/")

    case = meeting.items.get(position=1).application
    told = {"person": people.mads(), "reason": "Bror", "at": timezone.now()}
    disqualify(case, by=people.sanne(), **told)
    client.force_login(people.mads())
    assert BLANK in page(client, meeting, "referat/1/")

    approve_minutes(meeting, by=people.karen(), at=timezone.now())
    approved = page(client, meeting, "referat/")
    assert (BLANK in approved, DRAFT in approved) == (False, False)
    assert "Den åbne udgave er offentlig, så den vises hel." in approved
    draft = meeting.packets.get(kind=PacketKind.MINUTES, number=1)
    draft.files.create(is_open=True, format="PDF", sha256="0" * 64, content=b"%PDF")
    meeting.packets.filter(pk=draft.pk).update(state="READY")
    committee = meeting.committee.slug
    assert client.get(f"/moeder/{committee}/{meeting.address}/referat.pdf").status_code == 404
    meeting.packets.filter(pk=draft.pk).update(facts={"open": {"mark": ""}})  # had it been no draft
    assert client.get(f"/moeder/{committee}/{meeting.address}/referat.pdf").status_code == 200
    meeting.packets.filter(pk=draft.pk).update(facts=draft.facts)
    assert BLANK in page(client, meeting, "referat/?lukket")
    assert BLANK in page(client, meeting, "referat/1/")
    client.force_login(people.sanne())
    assert "Lav ny version" not in page(client, meeting, "pakker/")
    refused = client.post(f"/udvalg/moede/{meeting.pk}/pakker/ny/", follow=True)
    assert "Der laves ikke en ny version" in refused.content.decode()


def test_minutes_of_a_meeting_held_before_rulings_were_recorded_are_not_here(client):
    meeting = a_meeting_of(1, "GML", 10)
    held = {"state": MeetingState.CLOSED, "closed_at": timezone.now()}
    Meeting.objects.filter(pk=meeting.pk).update(**held)
    client.force_login(people.sanne())

    listed = page(client, meeting, "pakker/")

    assert ("Referatet findes ikke her." in listed, "Lav ny version" in listed) == (True, False)
