"""A committee set up: its facts, its seats, its headings."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pulje.actions.meeting import committee as actions
from pulje.enums import AgendaSection, CommitteeRole, MeetingState, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Committee, Meeting, User
from pulje.queries.meeting.attendance import attendance_of
from pulje.queries.meeting.setup import headings_of, page_of
from tests import people
from tests.factories import a_committee
from tests.pulje.actions.telling import day, refuses

R = CommitteeRole
FACTS = {
    "short_name": "SU",
    "quorum": 3,
    "agenda_days": 10,
    "proposer": "Kommunaldirektøren",
    "at": timezone.now(),
}
FIRST = date(2026, 1, 1)


def give(user: User, role: R, started_on: date = FIRST, **facts: object):
    given = {"by": people.sanne(), "at": timezone.now(), "user": user, "role": role} | facts
    return actions.give_seat(a_committee(), started_on=started_on, **given)


def end(seat, ended_on: date | None):
    return actions.end_seat(seat, by=people.sanne(), at=timezone.now(), ended_on=ended_on)


def seats_of(user: User) -> list[tuple[str, date, date | None]]:
    rows = user.seats.order_by("started_on", "pk")
    return list(rows.values_list("role", "started_on", "ended_on"))


def test_save_committee():
    made = actions.save_committee(None, by=people.dora(), name="Ældre- og Børneudvalget", **FACTS)
    again = actions.save_committee(None, by=people.dora(), name="Nyt", **FACTS)

    assert (made.slug, again.slug) == ("aeldre-og-boerneudvalget", "nyt-2")
    actions.save_committee(made, by=people.sanne(), name="Socialudvalget", **FACTS)
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Socialudvalget", "aeldre-og-boerneudvalget")
    with refuses(RuleBroken, "Der er allerede et udvalg, der hedder det."):
        actions.save_committee(None, by=people.sanne(), name="socialUDVALGET", **FACTS)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.save_committee(None, by=people.karl(), name="Andet", **FACTS)
    with refuses(NotAllowed, "Forvaltningen sætter udvalget op."):
        actions.save_committee(None, by=people.karen(), name="Andet", **FACTS)


def test_quorum_is_half_of_the_members_or_more_and_not_over_them():
    committee = a_committee()  # three vote
    for quorum, is_right in ((1, False), (2, True), (3, True), (4, False)):
        facts = FACTS | {"quorum": quorum, "name": committee.name, "by": people.sanne()}
        if is_right:
            assert actions.save_committee(committee, **facts).quorum == quorum
        else:
            with refuses(RuleBroken, "Udvalget har 3 medlemmer, så .* fra 2 til 3."):
                actions.save_committee(committee, **facts)
    Committee.objects.update(quorum=1)  # as when seats are given later: the meeting knows
    committee.refresh_from_db()
    meeting = Meeting(committee=committee, address="da", held_at=timezone.now())
    meeting.save()
    assert attendance_of(meeting, []).quorum == 2


def test_save_headings():
    committee = a_committee()
    usual = [str(section.label) for section in AgendaSection]
    own = [(AgendaSection.SUMMARY, "Sammendrag"), (AgendaSection.PROPOSAL, "Forslag")]

    assert [title for _section, title in headings_of(committee)] == usual
    actions.save_headings(committee, by=people.sanne(), titles=own)

    assert headings_of(committee) == own
    with refuses(RuleBroken, "Indstillingen skal med"):
        actions.save_headings(committee, by=people.sanne(), titles=own[:1])
    with refuses(RuleBroken, "To afsnit har den samme overskrift."):
        same = [(section, "Sag") for section, _title in own]
        actions.save_headings(committee, by=people.sanne(), titles=same)


def test_another_seat_ends_the_one_before_and_carries_its_rights():
    nora = people.person("Nora", Role.COMMITTEE_MEMBER)
    give(nora, R.MEMBER)
    end(people.karen().seats.get(), date(2026, 5, 31))

    give(nora, R.CHAIR, date(2026, 6, 1))

    assert seats_of(nora) == [
        ("MEMBER", FIRST, date(2026, 5, 31)),
        ("CHAIR", date(2026, 6, 1), None),
    ]
    nora.refresh_from_db()
    assert nora.roles == [Role.COMMITTEE_MEMBER, Role.SECRETARY]
    assert people.karen().roles == []
    end(nora.seats.get(ended_on=None), date(2026, 6, 30))
    nora.refresh_from_db()
    assert nora.roles == []


def test_a_seat_that_ends_later_takes_its_roles_along_that_night():
    a_committee()
    now, mads, karen = timezone.now(), people.mads(), people.karen()
    end(mads.seats.get(), timezone.localdate(now))
    end(karen.seats.get(), timezone.localdate(now) + timedelta(days=1))
    assert people.mads().roles == mads.roles

    settled = [actions.settle_ended_seats(now + timedelta(days=days)) for days in (0, 1, 1, 2)]

    assert settled == [0, 1, 0, 1]
    assert (people.mads().roles, people.karen().roles) == ([], [])


@pytest.mark.parametrize(
    ("who", "role", "facts", "sentence"),
    [
        (
            people.mads,
            R.CHAIR,
            {},
            "Karen er formand fra den 1. januar 2020. Slut den plads først.",
        ),
        (people.mads, R.VICE_CHAIR, {}, "Mads er allerede næstformand fra den 1. januar 2020."),
        (
            people.mads,
            R.MEMBER,
            {"started_on": date(2019, 1, 1)},
            "Mads er næstformand fra den 1. januar 2020. Slut den plads først.",
        ),
        (people.karl, R.MEMBER, {}, "Karl arbejder i forvaltningen og kan kun være sekretær."),
        (
            people.ulla,
            R.MEMBER,
            {"ended_on": date(2025, 1, 1)},
            "Pladsen kan ikke slutte, før den begynder.",
        ),
    ],
)
def test_give_seat_refuses(who, role, facts, sentence):
    a_committee()

    with refuses(RuleBroken, sentence):
        give(who(), role, **facts)


def test_end_seat():
    committee, ulla = a_committee(), people.ulla()
    seat = give(ulla, R.MEMBER)
    meeting = Meeting.objects.create(
        committee=committee, address="da", held_at=day(2026, 3, 5), state=MeetingState.CLOSED
    )
    meeting.present.add(ulla)

    with refuses(RuleBroken, "Ulla var til stede på mødet den 5. marts 2026."):
        end(seat, date(2026, 3, 4))
    with refuses(RuleBroken, "Pladsen begynder den 1. januar 2026 og kan ikke slutte før."):
        end(seat, FIRST - timedelta(days=2))
    end(seat, date(2026, 3, 5))
    substitute = give(ulla, R.SUBSTITUTE, date(2026, 4, 1))
    with refuses(RuleBroken, "Ulla er stedfortræder fra den 1. april 2026. Slut den plads først."):
        end(seat, None)

    end(substitute, date(2026, 3, 31))  # a slip of the pen: it never began

    assert end(seat, None).ended_on is None
    page = page_of(committee, date(2026, 5, 1))
    assert [row.user.name for row in page.seats] == ["Karen", "Mads", "Muhammed", "Ulla", "Sanne"]
    assert page.former == []


def test_page_says_what_does_not_hold():
    committee = Committee.objects.create(name="A", short_name="A", slug="a", quorum=1)

    assert page_of(committee, FIRST).warnings == [
        "Udvalget har ingen formand.",
        "Udvalget har ingen sekretær.",
        "Udvalget har 0 medlemmer, men skal være 1 for at kunne beslutte.",
    ]
    assert page_of(a_committee(), FIRST).warnings == []
    a_committee_with_less = a_committee()
    a_committee_with_less.quorum = 1
    assert page_of(a_committee_with_less, FIRST).warnings == [
        "Der står 1, men mindst halvdelen af medlemmerne skal være til stede, så møderne kræver 2"
        " (kommunestyrelsesloven § 20)."
    ]
