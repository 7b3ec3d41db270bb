"""A version of the agenda or the minutes is written once, and again only when something is new."""

from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.meeting.minutes import approve_minutes
from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import MeetingState, PacketKind
from pulje.errors import NotAllowed, WrongState
from pulje.models import Meeting
from pulje.queries.meeting.paper import DRAFT
from pulje.states import CaseState
from pulje.templatetags.words import dato_aar
from tests import people
from tests.factories import a_meeting, case_in
from tests.meetings import follow
from workflow.bulk import close_meeting

pytestmark = pytest.mark.django_db


def asked(meeting, kind=PacketKind.AGENDA, by=None):
    return ask_for_packet(meeting, kind=kind, by=by, at=timezone.now())


def test_a_version_is_made_when_something_is_new():
    meeting = a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))])

    first = asked(meeting, by=people.sanne())
    again = asked(meeting)
    Meeting.objects.filter(pk=meeting.pk).update(announcements="Borgmesteren kommer.")
    second = asked(meeting)

    assert (first.number, first.changes, first.asked_by) == (1, [], people.sanne())
    assert again == first
    assert second.number == 2
    assert second.changes


def test_who_may_and_when():
    meeting = a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))])

    with pytest.raises(NotAllowed):
        asked(meeting, by=people.mads())
    with pytest.raises(WrongState, match="afsluttet"):
        asked(meeting, PacketKind.MINUTES)

    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED)
    with pytest.raises(WrongState, match="Mødet er holdt. Dagsordenen"):
        asked(meeting)
    with pytest.raises(WrongState, match="før referater blev skrevet her"):
        asked(meeting, PacketKind.MINUTES)


def test_what_is_approved_is_what_was_read_and_stands():
    meeting = a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))])
    at = timezone.now()
    follow(meeting, at=at)
    close_meeting(meeting, by=people.sanne(), at=at)
    read = meeting.packets.get(kind=PacketKind.MINUTES)
    meeting.refresh_from_db()
    seen = meeting.changes
    Meeting.objects.filter(pk=meeting.pk).update(announcements="Borgmesteren kommer.")
    newer = asked(meeting, PacketKind.MINUTES)

    with pytest.raises(WrongState, match="siden du læste det"):
        approve_minutes(meeting, by=people.karen(), at=at, seen=seen)
    Meeting.objects.filter(pk=meeting.pk).update(announcements="Og går igen.")
    approve_minutes(meeting, by=people.karen(), at=at)

    approved = meeting.packets.order_by("-number").filter(kind=PacketKind.MINUTES).first()
    assert (read.number, newer.number, approved.number) == (1, 2, 3)
    for key in ("open", "closed"):
        paper, draft = approved.facts[key], newer.facts[key]
        assert paper["items"] == draft["items"]
        assert (draft["mark"], paper["mark"]) == (DRAFT, "")
        assert dict(draft["header"])["Status"] == DRAFT
        assert paper["header"][-1] == ["Godkendt", f"{dato_aar(at)} af Karen"]
        assert DRAFT not in str(paper)
    assert approved.changes == [f"Referatet er godkendt {dato_aar(at)} af Karen."]
    with pytest.raises(WrongState, match="Der laves ikke en ny version"):
        asked(meeting, PacketKind.MINUTES, by=people.sanne())
