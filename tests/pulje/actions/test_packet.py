"""A version of the agenda or the minutes is written once, and again only when something is new."""

from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.packet import ask_for_packet
from pulje.enums import MeetingState, PacketKind
from pulje.errors import NotAllowed, WrongState
from pulje.models import Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in

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
    with pytest.raises(WrongState, match="Mødet er holdt"):
        asked(meeting)
    assert asked(meeting, PacketKind.MINUTES).number == 1
