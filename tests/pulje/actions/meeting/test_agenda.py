"""An agenda is put together, worded, locked and opened again; each story over one database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from pulje.actions.casework.recommendation import send_back
from pulje.actions.casework.tie import disqualify
from pulje.actions.meeting import agenda, agenda_lock, agenda_points
from pulje.actions.meeting.agenda import Line
from pulje.actions.meeting.meeting import plan_meeting, put_on_agenda
from pulje.actions.meeting.reported import report_decisions
from pulje.enums import PacketKind
from pulje.errors import NotAllowed, PuljeError, RowsRefused, RuleBroken, WrongState
from pulje.models import Application, Committee, ImportedRow, MemberQuestion, Recommendation
from pulje.permissions import check_may
from pulje.queries.meeting.reported import unreported
from pulje.states import CaseState, Verb
from tests import people
from tests.factories import a_committee, a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, last_line, refuses
from workflow.tasks import lock_agendas

S = CaseState
LARGE = Decimal(40_000)


def a_plan(now, *cases, days=10, by=people.karl):
    meeting = plan_meeting(
        a_committee(), by=people.sanne(), held_at=now + timedelta(days=days), place="Rådhuset"
    )
    if cases:
        put_on_agenda(meeting, cases, by=by())
    return meeting


def standing(meeting):
    """Number, case and kr. of each case on the agenda, as the database has it."""
    items = meeting.items.filter(outcome="PENDING").order_by("position")
    return list(items.values_list("position", "application", "amount_kr"))


def sentence(act, **facts):
    """What an action says when it refuses, or an empty text."""
    try:
        act(**facts)
    except PuljeError as refusal:
        return refusal.sentence
    return ""


def big(pool=None, **fields):
    return case_in(S.RECOMMENDED, requested_kr=LARGE, **({"pool": pool} if pool else {}), **fields)


def test_the_whole_page_is_saved_in_order_and_all_or_nothing(now):
    pool, other = a_pool(frame_kr=Decimal(130_000)), a_pool(frame_kr=Decimal(100_000))
    one, two, three, foreign = big(pool), big(pool), big(pool), big(other)
    meeting = a_plan(now, one, two)
    karl = people.karl()

    lines = [Line(foreign, True, LARGE, "Ny"), Line(two, True), Line(one, True, note="Se bilag 2")]
    agenda.save_agenda(meeting, lines, by=karl, at=now, pools=[other.pk, pool.pk])
    assert standing(meeting) == [(1, foreign.pk, LARGE), (2, two.pk, LARGE), (3, one.pk, LARGE)]
    assert list(meeting.items.order_by("position").values_list("note", flat=True)) == [
        "Ny",
        "",
        "Se bilag 2",
    ]
    assert [point.pool for point in meeting.points.order_by("position")] == [other, pool]

    # the row that takes the sum over the frame is named, and nothing else is kept
    wrong = [Line(foreign, False), Line(one, True, note="X"), Line(two, True), Line(three, True)]
    with pytest.raises(RowsRefused) as refused:
        agenda.save_agenda(
            meeting, [*wrong, Line(big(pool), True)], by=karl, at=now, pools=[pool.pk]
        )
    assert f"I {pool.name} er der kun 130.000 kr. tilbage" in refused.value.sentence.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert len(refused.value.rows) == 1
    assert standing(meeting)[0] == (1, foreign.pk, LARGE)

    # 130.000 of 130.000 is within; a point without cases is no point
    exact = [*wrong[:3], Line(three, True)]
    agenda.save_agenda(meeting, exact, by=karl, at=now, seen=changes(meeting))
    assert [row[1] for row in standing(meeting)] == [one.pk, two.pk, three.pk]
    assert [point.pool for point in meeting.points.all()] == [pool]

    with refuses(WrongState, "Dagsordenen er ændret, siden du åbnede siden."):
        agenda.save_agenda(meeting, exact, by=karl, at=now, seen=changes(meeting) - 1)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        agenda.save_agenda(meeting, [], by=people.mads(), at=now)
    agenda.save_agenda(meeting, [], by=people.sanne(), at=now)
    assert len(standing(meeting)) == 3


def changes(meeting):
    meeting.refresh_from_db()
    return meeting.changes


def test_another_amount_is_a_new_recommendation_with_the_old_ones_reasons(now):
    case = big()
    meeting = a_plan(now, case)
    item, karl = meeting.items.get(), people.karl()
    old = case.recommendations.get(is_current=True)
    ground = case.version.grounds.exclude(recommendations=old).get()

    def adjust(kr, note="Lys lånes", grounds=(ground,), by=karl):
        facts = {"note": note, "grounds": grounds, "by": by, "at": now}
        return sentence(agenda.adjust, item=item, amount_kr=Decimal(kr), **facts)

    # every border: nothing asked for, one øre under, the whole, one øre over, below zero
    assert adjust("40000.01").startswith("Der kan højst indstilles det, der er søgt om.")
    assert adjust("-0.01").startswith("Beløbet kan ikke være negativt.")
    assert adjust("39999.99", note=" \N{ZERO WIDTH SPACE}").startswith("Skriv i bemærkningen")
    assert adjust("39999.99", grounds=()).startswith("Når der ikke indstilles det hele")
    for other in (people.sanne(), people.karen(), people.dora(), people.mads()):
        assert adjust(1, by=other).startswith("Det kan du ikke gøre.")
    assert case.recommendations.get(is_current=True) == old

    for kr in ("39999.99", "0", "25000"):
        assert adjust(kr) == ""
    new, item = case.recommendations.get(is_current=True), meeting.items.get()
    assert (new.amount_kr, item.amount_kr, item.note) == (25_000, 25_000, "Lys lånes")
    assert (new.reasons, list(new.grounds.all())) == (ground.text, [ground])
    assert new.recommended_by == karl
    line = last_line(case)
    assert (line.event, line.data["was_kr"], line.data["reason"]) == (
        "adjusted",
        "0.00",
        "Lys lånes",
    )

    # in full again: the reasons for the cut do not follow; the same twice is one
    assert adjust("40000", grounds=None) == adjust("40000", grounds=None) == ""
    full = case.recommendations.get(is_current=True)
    assert "opfylder" in full.reasons
    assert not full.grounds.exists()
    assert Recommendation.objects.filter(application=case).count() == 5

    disqualify(case, by=karl, at=now, person=karl, reason="Nabo")
    assert adjust("30000").startswith("Du er inhabil")
    assert sentence(agenda.write_note, item=item, by=karl, note="?").startswith("Du er inhabil")
    assert sentence(agenda.take_off, meeting=meeting, items=[item], by=karl).startswith("Du er")


def test_alternatives_are_at_most_three_within_what_is_asked_for(now):
    meeting = a_plan(now, big())
    item, karl = meeting.items.get(), people.karl()

    def alternatives(*rows, by=karl):
        kr = [(Decimal(amount), text) for amount, text in rows]
        return sentence(agenda.set_alternatives, item=item, rows=kr, by=by)

    assert alternatives(("40000", "Alt"), ("0", "Afslag"), ("0.01", "Én øre")) == ""
    for row, said in {
        ("40000.01", "For meget"): "Alternativ a skal være mellem 0 kr. og det søgte",
        ("-0.01", "For lidt"): "Alternativ a skal være mellem",
        ("5", "\N{ZERO WIDTH SPACE}"): "Skriv, hvad alternativ a betyder.",
    }.items():
        assert alternatives(row).startswith(said)
    assert alternatives(*[("1", "x")] * 4) == "Der kan højst være tre alternativer."
    assert alternatives(("1", "x"), by=people.mads()).startswith("Det kan du ikke gøre.")
    rows = item.alternatives.values_list("letter", "amount_kr", "text")
    assert list(rows) == [("a", LARGE, "Alt"), ("b", 0, "Afslag"), ("c", Decimal("0.01"), "Én øre")]
    assert alternatives(("10000", "En fjerdedel")) == ""
    assert item.alternatives.get().letter == "a"


def test_points_have_their_order_and_words(now):
    cases = [big() for _number in range(3)]
    meeting = a_plan(now, *cases)
    first, second, third = (case.pool_id for case in cases)
    karl = people.karl()

    lines = [Line(case, True) for case in cases]
    agenda.save_agenda(meeting, lines, by=karl, at=now, pools=[third, first, 10**17])
    assert [row[:2] for row in standing(meeting)] == [
        (1, cases[2].pk),
        (2, cases[0].pk),
        (3, cases[1].pk),
    ]
    point = meeting.points.get(pool=second)
    texts = {"SUMMARY": "Kort.", "PROPOSAL": "  "}
    facts = {"title": "Årets fordeling", "is_closed": True, "texts": texts}
    agenda_points.write_texts(point, by=karl, **facts)
    point.refresh_from_db()
    said = (point.title, point.is_closed, point.texts)
    assert said == ("Årets fordeling", True, {"SUMMARY": "Kort."})
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        agenda_points.write_texts(point, by=people.fie(), **facts)


def test_what_leaves_the_agenda_may_come_again(now):
    sent, asked = big(), big()
    meeting = a_plan(now, sent, asked)
    item = meeting.items.get(application=asked)
    MemberQuestion.objects.create(item=item, text="Hvem?", asked_at=now, asked_by=people.mads())

    agenda.take_off(meeting, [item], by=people.karl())
    send_back(sent, by=people.sanne(), at=now, reason="Se på budgettet")
    assert standing(meeting) == []
    assert meeting.items.get(application=asked).outcome == "POSTPONED"

    walk = walk_to(S.RECOMMENDED, requested_kr=LARGE)
    Recommendation.objects.filter(application=sent).update(is_current=False)
    Application.objects.filter(pk=sent.pk).update(state=S.RECOMMENDED)
    walk.case.recommendations.update(application=sent)
    put_on_agenda(meeting, [again(sent)], by=people.karl())
    assert [row[1] for row in standing(meeting)] == [sent.pk]
    put_on_agenda(a_plan(now, days=11), [asked], by=people.karl())


def test_locked_it_takes_only_what_is_late_until_it_is_opened(now):
    case, late = big(), big()
    meeting = a_plan(now, case)
    karl, sanne = people.karl(), people.sanne()
    item = meeting.items.get()
    empty = a_plan(now, days=12)

    assert sentence(agenda_lock.lock_agenda, meeting=empty, by=karl, at=now).startswith("Der er in")
    assert sentence(agenda_lock.lock_agenda, meeting=meeting, by=people.dora(), at=now)
    agenda_lock.lock_agenda(meeting, by=karl, at=now)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.locked_at, meeting.locked_by) == ("LOCKED", now, karl)
    assert meeting.packets.filter(kind=PacketKind.AGENDA).count() == 1
    twice = sentence(agenda_lock.lock_agenda, meeting=meeting, by=karl, at=now)
    assert twice == "Dagsordenen er allerede låst."

    for act, facts in (
        (agenda.adjust, {"item": item, "at": now, "amount_kr": Decimal(1), "note": "x"}),
        (agenda.write_note, {"item": item, "note": "x"}),
        (agenda.set_alternatives, {"item": item, "rows": []}),
        (agenda.take_off, {"meeting": meeting, "items": [item]}),
        (
            agenda_points.write_texts,
            {"point": meeting.points.get(), "title": "", "is_closed": False, "texts": {}},
        ),
    ):
        assert sentence(act, by=karl, **facts).startswith("Dagsordenen er låst"), act

    lines = [Line(late, True, note="Kom i går"), Line(case, True)]
    agenda.save_agenda(meeting, lines, by=karl, at=now)
    added = meeting.items.get(application=late)
    assert (added.position, added.is_late, added.note) == (2, True, "Kom i går")
    assert not meeting.items.get(application=case).is_late
    assert meeting.packets.filter(kind=PacketKind.AGENDA).count() == 2
    agenda.write_note(added, by=karl, note="Rettet")

    def unlock(by=sanne, at=now, reason="Et beløb er forkert"):
        return sentence(agenda_lock.unlock_agenda, meeting=meeting, by=by, at=at, reason=reason)

    assert unlock(by=karl).startswith("Det kan du ikke gøre.")
    assert unlock(reason=" ") == "Skriv, hvorfor dagsordenen låses op."
    assert unlock(at=meeting.held_at).startswith("Mødet er begyndt")
    assert unlock(at=meeting.held_at - timedelta(seconds=1)) == ""
    assert unlock() == "Dagsordenen er ikke låst."
    assert last_line(case).data["reason"] == "Et beløb er forkert"
    assert last_line(late).event == "agenda_unlocked"
    agenda.write_note(item, by=karl, note="Nu")
    agenda_lock.lock_agenda(meeting, by=sanne, at=now)


def test_more_than_is_left_is_not_sent_by_hand_but_the_clock_keeps_its_day(now):
    pool = a_pool(frame_kr=Decimal(79_999))
    meeting, hollow = a_plan(now, big(pool), big(pool)), a_plan(now, days=9)
    opened, past = a_plan(now, big(), days=8), a_plan(now, big(), days=11)
    agenda_lock.lock_agenda(opened, by=people.karl(), at=now)
    agenda_lock.unlock_agenda(opened, by=people.sanne(), at=now, reason="Fejl")
    due_at = meeting.held_at - timedelta(days=a_committee().agenda_days)

    by_hand = sentence(agenda_lock.lock_agenda, meeting=meeting, by=people.karl(), at=now)
    assert by_hand.startswith("Der er indstillet mere, end der er tilbage i")
    assert lock_agendas(due_at - timedelta(days=1)) == 0
    assert [lock_agendas(due_at), lock_agendas(due_at)] == [1, 0]
    assert lock_agendas(past.held_at) == 0
    for each, state in ((meeting, "LOCKED"), (hollow, "PLANNED"), (opened, "PLANNED")):
        each.refresh_from_db()
        assert each.state == state
    assert meeting.locked_by is None


def test_what_was_decided_between_meetings_is_told_once(now):
    case = case_in(S.APPROVED)
    meeting, following = a_plan(now), a_plan(now, days=30)
    decision = case.decisions.get()

    def told(**change):
        rows = unreported(meeting, change.pop("at", now))
        with transaction.atomic():
            where = case.pool if change.keys() & {"is_test", "committee"} else decision
            if change:
                type(where).objects.filter(pk=where.pk).update(**change)
            found = list(rows)
            transaction.set_rollback(True)
        return found

    assert told() == told(at=decision.decided_at) == [decision]
    assert told(at=decision.decided_at - timedelta(seconds=1)) == []
    assert told(body="CHAIR", urgency="Stævnet er i morgen") == [decision]
    assert told(body="COMMITTEE", meeting=meeting) == []
    assert told(is_current=False) == told(is_test=True) == told(reported_to=following) == []
    other = Committee.objects.create(name="Andet", short_name="A", slug="andet", quorum=1)
    assert told(committee=other) == []

    put_on_agenda(meeting, [big()], by=people.karl())
    agenda_lock.lock_agenda(meeting, by=people.karl(), at=now)
    assert list(meeting.reported.all()) == [decision]
    assert report_decisions(following, now) == 0
    decision.reported_to = None
    decision.save(update_fields=["reported_to"])
    ImportedRow.objects.create(source="a.csv", identity="1", application=case)
    assert told() == []


def test_who_adjusts_has_recommended(now):
    case = big()
    item = a_plan(now, case).items.get()
    grounds = list(case.version.grounds.all())
    agenda.adjust(
        item, by=people.karl(), at=now, amount_kr=Decimal(1), note="Kun én krone", grounds=grounds
    )

    check_may(people.sanne(), Verb.DECIDE, again(case))
    with refuses(RuleBroken, "Skriv i bemærkningen"):
        agenda.adjust(item, by=people.karl(), at=now, amount_kr=Decimal(2), note="")
