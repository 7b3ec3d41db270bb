from datetime import date
from decimal import Decimal

import pytest

from pulje.actions.meeting.attendance import call_substitute, come_back, leave_room, send_home
from pulje.actions.meeting.conflict import declare_disqualified
from pulje.enums import CommitteeRole
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import CommitteeMember
from pulje.queries.meeting.attendance import (
    attendance_of,
    numbers,
    taking_part,
    voters,
)
from pulje.queries.meeting.attendance_told import sentences, stood_in
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, case_in
from tests.pulje.actions.telling import refuses


def substitute(name):
    user = people.person(name, *people.mads().roles)
    CommitteeMember.objects.create(
        committee=a_committee(),
        user=user,
        role=CommitteeRole.SUBSTITUTE,
        started_on=date(2020, 1, 1),
    )
    return user


@pytest.fixture
def held(now):
    """Three cases; Karen (chair), Mads (vice chair) and Muhammed are there, quorum is 2."""
    return a_meeting(
        [case_in(CaseState.RECOMMENDED, requested_kr=Decimal(40_000)) for _n in range(3)]
    )


def names(users):
    return [user.name for user in users]


def test_who_takes_part_who_leads_and_what_the_minutes_say(held, now, django_assert_num_queries):
    karen, mads, muhammed = people.karen(), people.mads(), people.person("Muhammed")
    first, second, third = held.items.select_related("application").order_by("position")
    ove, by = substitute("Ove"), people.sanne()
    assert attendance_of(held, []).quorum_told == (
        "3 af 3 er til stede. Udvalget er beslutningsdygtigt med 2."
    )

    declare_disqualified(first.application, by=karen, at=now, meeting=held, reason="Min søster")
    leave_room(held, by=by, user=mads, items=[third], reason="Ringer")
    call_substitute(held, by=by, user=ove, stands_in_for=karen, items=[first])

    with django_assert_num_queries(5):
        one = taking_part(held, [first])
    with django_assert_num_queries(5):
        all_three = taking_part(held, [first, second, third])
    assert names(voters(held)) == ["Karen", "Mads", "Muhammed"]
    assert names(one[first.pk]) == names(all_three[first.pk]) == ["Mads", "Muhammed", "Ove"]
    assert names(all_three[second.pk]) == ["Karen", "Mads", "Muhammed"]
    assert names(all_three[third.pk]) == ["Karen", "Muhammed"]
    attendance = attendance_of(held, [first, second, third])
    assert [attendance.leader(item) for item in (first, second)] == [mads, karen]
    assert sentences(attendance, attendance.items) == [
        "Karen deltog ikke i behandlingen af nr. 1 på grund af inhabilitet.",
        "Mads var ikke til stede ved nr. 3.",
        "Ove deltog som stedfortræder for Karen ved nr. 1.",
        "Mads ledede behandlingen af nr. 1.",
    ]
    assert sentences(attendance, [second]) == []
    assert stood_in(attendance) == ["Ove for Karen i nr. 1"]

    held.present.remove(mads, muhammed)
    call_substitute(held, by=by, user=ove, stands_in_for=muhammed)

    attendance = attendance_of(held, [first, second, third])
    assert names(attendance.voters) == ["Karen", "Ove"]
    assert stood_in(attendance) == ["Ove for Muhammed", "Ove for Karen i nr. 1"]
    assert names(attendance.taking_part(first)) == ["Ove"]
    assert attendance.short_told == "nr. 1"
    assert attendance.leader(first) is None
    assert [part.item for part in attendance.parts] == [first]
    assert "Udvalget var ikke beslutningsdygtigt i nr. 1." in sentences(attendance, [first])
    assert numbers([first, second, third]) == "nr. 1, 2 og 3"
    held.present.clear()
    assert attendance_of(held, []).quorum_told.endswith("er først beslutningsdygtigt med 2.")


def test_called_sent_home_out_and_back_are_harmless_twice(held, now):
    mads, by = people.mads(), people.sanne()
    (item,) = held.items.filter(position=1).select_related("meeting")
    ove = substitute("Ove")

    for _time in range(2):
        (absence,) = leave_room(held, by=by, user=mads, items=[item])
        (called,) = call_substitute(held, by=by, user=ove, stands_in_for=mads, items=[item])
    assert names(taking_part(held, [item])[item.pk]) == ["Karen", "Muhammed", "Ove"]
    come_back(absence, by=by)
    come_back(absence, by=by)
    assert names(taking_part(held, [item])[item.pk]) == ["Karen", "Mads", "Muhammed"]
    send_home(called, by=by)
    send_home(called, by=by)
    assert not held.substitutions.exists()


def test_call_substitute_refuses(held, now):
    karen, mads, by = people.karen(), people.mads(), people.sanne()
    first, second, _third = held.items.select_related("application").order_by("position")
    ove, pia = substitute("Ove"), substitute("Pia")
    muhammed = people.person("Muhammed")

    def call(user, member, items=(), by=by):
        return call_substitute(held, by=by, user=user, stands_in_for=member, items=items)

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        call(ove, mads, by=mads)
    with refuses(NotAllowed, "Det kan kun udvalgets egne medlemmer og sekretær."):
        call(ove, mads, by=people.person("Søren", *by.roles))
    with refuses(RuleBroken, "Ulla er ikke stedfortræder i udvalget den dag."):
        call(people.ulla(), mads)
    with refuses(RuleBroken, "Pia er ikke medlem af udvalget."):
        call(ove, pia)
    with refuses(RuleBroken, "Mads er til stede."):
        call(ove, mads)
    with refuses(RuleBroken, "Mads deltager selv i nr. 1."):
        call(ove, mads, [first])

    declare_disqualified(first.application, by=ove, at=now, meeting=held, reason="Min søster")
    for member in (karen, mads):
        leave_room(held, by=by, user=member, items=[first, second])
    with refuses(RuleBroken, "Ove er inhabil i nr. 1, eller det er ikke afklaret."):
        call(ove, mads, [first])
    call(ove, mads, [second])
    with refuses(RuleBroken, "Ove stemmer allerede i nr. 2."):
        call(ove, karen, [second])
    with refuses(RuleBroken, "Ove er allerede kaldt ind til nr. 2."):
        call(pia, mads, [second])
    held.present.remove(muhammed)
    call(pia, muhammed)
    call(pia, muhammed)
    with refuses(RuleBroken, "Pia er allerede kaldt ind til hele mødet."):
        call(ove, muhammed)
    with refuses(RuleBroken, "Ulla er ikke ført til stede."):
        leave_room(held, by=by, user=people.ulla(), items=[first])
