"""Closing decides what was recorded, all or nothing; later corrections replace it openly."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.application.application import withdraw
from pulje.actions.casework.tie import disqualify
from pulje.actions.ledger import remaining_kr
from pulje.actions.meeting import closing as actions
from pulje.actions.meeting.frame_raise import raise_frame
from pulje.actions.meeting.ruling import record_ruling
from pulje.enums import ItemOutcome
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import ConflictQuestion, Decision, LedgerEntry
from pulje.queries.meeting.committee import agenda_of
from pulje.queries.meeting.minutes import minutes_papers
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState
KR = Decimal
LARGE = KR(40_000)
DECIDED, POSTPONED, SENT_BACK = ItemOutcome.DECIDED, ItemOutcome.POSTPONED, ItemOutcome.SENT_BACK


def cases_in(pool, number):
    return [case_in(S.RECOMMENDED, pool=pool, requested_kr=LARGE) for _n in range(number)]


def record(meeting, case, now, outcome=DECIDED, amount_kr=LARGE, *, by=people.sanne, **said):
    item = meeting.items.get(application=case)
    amount_kr = amount_kr if outcome == DECIDED else None
    return record_ruling(item, by=by(), at=now, outcome=outcome, amount_kr=amount_kr, **said)


def test_who_took_part_is_kept_when_the_meeting_is_closed(now):
    """Karen is out of nr. 1; afterwards she moves, Mads is disqualified, Sanne retires."""
    cases = cases_in(a_pool(frame_kr=KR(200_000)), 2)
    meeting = a_meeting(cases)
    disqualify(cases[0], by=people.sanne(), at=now, person=people.karen(), reason="Nabo")
    for case in cases:
        record(meeting, case, now)
    actions.close_meeting(meeting, by=people.sanne(), at=now)
    before = minutes_of(meeting, now)

    disqualify(cases[1], by=people.sanne(), at=now, person=people.mads(), reason="Bror")
    meeting.committee.seats.update(ended_on=timezone.localdate(now) - timedelta(days=1))
    type(people.karen()).objects.filter(pk=people.karen().pk).update(name="Karen Ny")
    meeting.present.clear()
    type(meeting.committee).objects.filter(pk=meeting.committee_id).update(quorum=9)

    assert minutes_of(meeting, now) == before
    assert "Karen, nr. 1: Nabo" in str(before)
    assert ("Fra forvaltningen", "Sanne") in before["closed"].header
    rows = {
        row.case: row
        for row in agenda_of(type(meeting).objects.get(pk=meeting.pk), people.mads()).rows
    }
    assert [rows[case].is_mine_conflict for case in cases] == [False, True]
    assert [rows[case].conflicts for case in cases] == [["Karen"], []]


def minutes_of(meeting, now):
    return minutes_papers(type(meeting).objects.get(pk=meeting.pk), 1, now)


def test_a_meeting_is_decided_in_one_go(now):
    pool, other = a_pool(frame_kr=KR(70_000)), a_pool(frame_kr=KR(100_000))
    whole, less, refused, later, back = cases = cases_in(pool, 5)
    meeting = a_meeting(cases)
    disqualify(whole, by=people.sanne(), at=now, person=people.sanne(), reason="Nabo")
    disqualify(less, by=people.karen(), at=now, person=people.karen(), reason="Søster")
    type(other).objects.filter(pk=other.pk).update(published_at=now)
    other.refresh_from_db()
    raise_frame(
        meeting,
        pool,
        by=people.sanne(),
        at=now,
        amount_kr=KR(20_000),
        reason="Det er vedtaget.",
        source=other,
    )

    with refuses(RuleBroken, "Der mangler en beslutning i nr. 1 "):
        actions.close_meeting(meeting, by=people.sanne(), at=now)
    record(meeting, whole, now, by=people.karen)
    record(meeting, less, now, amount_kr=KR(30_000), reasons="Flere skal have.")
    record(meeting, refused, now, amount_kr=KR(0), reasons="Rammen er brugt.")
    record(meeting, later, now, POSTPONED, reasons="Afvent svar")
    record(meeting, back, now, SENT_BACK, reasons="Se budgettet igen")
    entries = actions.close_meeting(meeting, by=people.sanne(), at=now)

    assert [again(case).state for case in cases] == [
        S.APPROVED,
        S.APPROVED,
        S.REJECTED,
        S.RECOMMENDED,
        S.REVIEWED,
    ]
    rows = meeting.items.order_by("position").values_list("outcome", "remark")
    assert list(rows) == [
        (DECIDED, ""),
        (DECIDED, ""),
        (DECIDED, ""),
        (POSTPONED, "Afvent svar"),
        (SENT_BACK, "Se budgettet igen"),
    ]
    made = Decision.objects.order_by("application_id")
    assert [(d.amount_kr, d.decided_by, d.reasons) for d in made] == [
        (LARGE, people.karen(), "Godt for kvarteret."),
        (KR(30_000), people.sanne(), "Flere skal have."),
        (KR(0), people.sanne(), "Rammen er brugt."),
    ]
    assert {(d.body, d.meeting) for d in made} == {("COMMITTEE", meeting)}
    assert {last_line(case).event for case in cases} == {"decide", "postponed", "send_back"}
    assert len(entries) == 5
    assert (remaining_kr(pool), remaining_kr(other)) == (KR(20_000), KR(80_000))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.closed_by, meeting.closed_at) == ("CLOSED", people.sanne(), now)
    assert meeting.packets.get().kind == "MINUTES"
    with refuses(WrongState, "Mødet er allerede afsluttet. Der er ikke ændret noget."):
        actions.close_meeting(meeting, by=people.karen(), at=now)


def test_what_stands_in_the_way_is_named_and_nothing_happens(now):
    pool = a_pool(frame_kr=KR(80_000))
    first, second = cases = cases_in(pool, 2)
    meeting = a_meeting(cases)
    for case in cases:
        record(meeting, case, now)

    def refused(error, sentence, by=people.sanne, at=now):
        with refuses(error, sentence):
            actions.close_meeting(meeting, by=by(), at=at)
        assert {again(case).state for case in cases} == {S.RECOMMENDED}
        assert not Decision.objects.exists()
        assert not LedgerEntry.objects.exclude(kind="FRAME").exists()

    refused(NotAllowed, "Det kan du ikke gøre.", by=people.mads)
    refused(RuleBroken, "Mødet er den", at=now - timedelta(days=1))
    asked = ConflictQuestion.objects.create(
        meeting=meeting,
        application=first,
        person=people.mads(),
        reason="Nabo",
        raised_at=now,
        raised_by=people.karen(),
    )
    refused(RuleBroken, f"Udvalget har ikke afgjort et spørgsmål om inhabilitet i {first.number}")
    asked.delete()
    meeting.present.remove(people.mads(), people.karen())
    refused(RuleBroken, f"Udvalget er ikke beslutningsdygtigt i {first.number}, {second.number}")
    meeting.present.add(people.mads(), people.karen())
    LedgerEntry.objects.create(
        pool=pool, kind="FRAME", amount_kr=KR(-10_000), cause="cut", at=now, by=None
    )
    refused(RuleBroken, "Der er 70.000 kr. tilbage i puljen, og det rækker ikke til 80.000")


def test_a_withdrawn_case_is_taken_off_and_the_meeting_closes(now):
    cases = gone, kept = cases_in(a_pool(), 2)
    meeting = a_meeting(cases)
    for case in cases:
        record(meeting, case, now)
    withdraw(gone, by=people.asta(), at=now)

    actions.close_meeting(meeting, by=people.sanne(), at=now)

    assert (again(gone).state, again(kept).state) == (S.WITHDRAWN, S.APPROVED)
    item = meeting.items.get(application=gone)
    assert (item.outcome, item.remark[:30]) == (POSTPONED, "Sagen er taget af dagsordenen:")
