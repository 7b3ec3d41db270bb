"""A meeting in the calendar: planned, changed, cancelled."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

from django.apps import apps
from django.db import connection

from pulje.actions.meeting import meeting as actions
from pulje.actions.meeting.ruling import record_ruling
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, case_in
from tests.pulje.actions.telling import day, refuses

HELD_AT = day(2099, 1, 14, 16)


def planned(**facts):
    facts = {"by": people.sanne(), "held_at": HELD_AT, "place": ""} | facts
    return actions.plan_meeting(a_committee(), **facts)


def test_plan_meeting_locks_the_agenda_as_the_committee_usually_does():
    committee = a_committee()
    committee.agenda_days, committee.place = 8, "Byrådssalen"
    committee.save()

    meeting, other = planned(), planned(held_at=HELD_AT + timedelta(days=7), place="Her")

    assert (meeting.agenda_due_on, meeting.place) == (date(2099, 1, 6), "Byrådssalen")
    assert (other.agenda_due_on, other.place) == (date(2099, 1, 13), "Her")
    with refuses(RuleBroken, "Udvalget har allerede et møde på det tidspunkt."):
        planned()
    with refuses(RuleBroken, "Dagsordenen skal låses senest på mødedagen."):
        planned(held_at=HELD_AT + timedelta(days=1), agenda_due_on=date(2099, 1, 16))


def test_change_meeting():
    meeting, day_before = planned(), HELD_AT - timedelta(days=1)
    facts = {"held_at": day_before, "place": "Rådhuset", "agenda_due_on": date(2099, 1, 2)}

    actions.change_meeting(meeting, by=people.karl(), **facts)

    meeting.refresh_from_db()
    assert (meeting.held_at, meeting.place) == (day_before, "Rådhuset")
    assert (meeting.agenda_due_on, meeting.changes) == (date(2099, 1, 2), 1)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.change_meeting(meeting, by=people.mads(), **facts)


def test_cancel_meeting_frees_its_cases_and_is_final():
    case = case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))
    meeting, sanne = planned(), people.sanne()
    actions.put_on_agenda(meeting, [case], by=sanne)

    actions.cancel_meeting(meeting, by=sanne)
    actions.cancel_meeting(meeting, by=sanne)

    meeting.refresh_from_db()
    item = meeting.items.get()
    assert (meeting.state, meeting.changes) == ("CANCELLED", 2)
    assert (item.outcome, item.remark) == ("POSTPONED", "Mødet blev aflyst.")
    with refuses(WrongState, "Mødet er aflyst."):
        actions.change_meeting(meeting, by=sanne, held_at=HELD_AT, place="")
    with refuses(WrongState, "Mødet er aflyst."):
        actions.put_on_agenda(meeting, [], by=sanne)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.cancel_meeting(meeting, by=people.mads())


def test_a_meeting_that_has_begun_is_neither_moved_nor_cancelled(now):
    meeting = a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000))])
    facts = {"by": people.sanne(), "at": now, "outcome": "DECIDED", "amount_kr": Decimal(60_000)}
    record_ruling(meeting.items.get(), **facts)

    with refuses(WrongState, "Udvalget har taget stilling til sager, så mødet kan ikke flyttes."):
        actions.change_meeting(meeting, by=people.sanne(), held_at=HELD_AT, place="")
    with refuses(WrongState, "Udvalget har taget stilling til sager, så mødet kan ikke aflyses."):
        actions.cancel_meeting(meeting, by=people.sanne())


def test_a_meeting_keeps_its_address_and_nobody_else_gets_it():
    meeting, sanne = planned(), people.sanne()
    moved_to = {"held_at": HELD_AT + timedelta(days=1), "place": meeting.place}

    actions.change_meeting(meeting, by=sanne, **moved_to)
    second, next_day = planned(), planned(held_at=HELD_AT + timedelta(days=1, hours=1))
    actions.cancel_meeting(second, by=sanne)
    third = planned(held_at=HELD_AT + timedelta(hours=2))

    meeting.refresh_from_db()
    addresses = [one.address for one in (meeting, second, third, next_day)]
    assert addresses == ["2099-01-14", "2099-01-14-2", "2099-01-14-3", "2099-01-15"]


def test_calendars_are_told_of_time_place_and_cancelling_alone():
    meeting, sanne = planned(place="Salen"), people.sanne()
    as_it_was = {"by": sanne, "held_at": HELD_AT, "place": "Salen"}
    told = []

    for change in ({}, {"agenda_due_on": date(2099, 1, 2)}, {"place": "Her"}, {"place": "Her"}):
        actions.change_meeting(meeting, **as_it_was | change)
        meeting.refresh_from_db()
        told.append(meeting.revision)
    known_at = meeting.revised_at
    actions.cancel_meeting(meeting, by=sanne)
    meeting.refresh_from_db()

    assert [*told, meeting.revision] == [0, 0, 1, 1, 2]
    assert meeting.revised_at > known_at


def test_earlier_meetings_get_the_address_they_had():
    rows = [planned(held_at=HELD_AT + timedelta(hours=hours)) for hours in (2, 0, 24)]
    for number, row in enumerate(rows):
        row.address, row.changes = f"x{number}", 7
        row.save()

    with connection.schema_editor() as editor:
        import_module("pulje.migrations.0026_meeting_address").fill(apps, editor)

    found = Meeting.objects.order_by("pk").values_list("address", "revision")
    assert list(found) == [("2099-01-14", 7), ("2099-01-14-2", 7), ("2099-01-15", 7)]
