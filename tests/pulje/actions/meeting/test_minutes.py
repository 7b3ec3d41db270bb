"""What is corrected between closing and approval, and who approves."""

from decimal import Decimal

import pytest

from letters.actions import approve
from letters.models import Letter
from letters.tasks import deliver_due
from pulje.actions.ledger import remaining_kr
from pulje.actions.meeting import minutes as actions
from pulje.actions.meeting.minutes import Corrected
from pulje.actions.meeting.ruling import Votes
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import ItemRuling
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool
from tests.letters.reading import read
from tests.pulje.actions.meeting.test_closing import DECIDED, POSTPONED, cases_in, record
from tests.pulje.actions.telling import again, last_line, refuses
from workflow.bulk import close_meeting
from workflow.contradictions import contradictions
from workflow.minutes import correct_ruling

S = CaseState
KR = Decimal


def correct(meeting, case, amount_kr, correction="Hørt forkert", *, by=people.sanne, **said):
    item = meeting.items.get(application=case)
    return correct_ruling(item, by=by(), corrected=Corrected(KR(amount_kr), correction, **said))


def test_a_closed_meeting_is_corrected_openly(now):
    pool = a_pool(frame_kr=KR(120_000))
    cases = less, refused, later, back = cases_in(pool, 4)
    meeting = a_meeting(cases)
    for case, outcome in zip(cases, (DECIDED, DECIDED, POSTPONED, POSTPONED), strict=True):
        record(meeting, case, now, outcome, reasons="Efter drøftelse")
    with refuses(WrongState, "Mødet er ikke afsluttet endnu."):
        correct(meeting, less, 30_000)
    close_meeting(meeting, by=people.sanne(), at=now)

    correct(meeting, less, 30_000, reasons="Der blev sagt 30.000.")
    correct(meeting, refused, 0, reasons="Den fik afslag.")
    correct(meeting, later, 40_000, reasons="Den blev ikke udsat.")
    correct(meeting, less, 30_000, "Stemmetal mangler", votes=Votes(2, 1))

    assert [again(case).state for case in cases] == [
        S.APPROVED,
        S.REJECTED,
        S.APPROVED,
        S.RECOMMENDED,
    ]
    assert remaining_kr(pool) == KR(50_000)
    decision = less.decisions.get(is_current=True)
    assert (decision.amount_kr, decision.reasons) == (KR(30_000), "Der blev sagt 30.000.")
    assert (decision.replaces.amount_kr, decision.meeting) == (KR(40_000), meeting)
    assert last_line(less).data == {"reason": "Stemmetal mangler"}
    rows = ItemRuling.objects.filter(item__application=less).order_by("pk")
    assert [(row.amount_kr, row.correction, row.is_current) for row in rows] == [
        (KR(40_000), "", False),
        (KR(30_000), "Hørt forkert", False),
        (KR(30_000), "Stemmetal mangler", True),
    ]
    states = Letter.objects.filter(application__in=cases, entry__event__in=["decide", "redecide"])
    assert list(states.order_by("application", "pk").values_list("kind", "state")) == [
        ("AWARD", "SUPERSEDED"),
        ("PARTIAL_AWARD", "FAILED"),  # the guidance on appeal is not approved here
        ("AWARD", "SUPERSEDED"),
        ("REJECTION", "FAILED"),
        ("AWARD", "QUEUED"),
    ]
    assert contradictions() == []

    def refused_to(error, sentence, *args, **said):
        with refuses(error, sentence):
            correct(meeting, *args, **said)

    refused_to(WrongState, "Beslutningen står allerede", less, 30_000, votes=Votes(2, 1))
    refused_to(RuleBroken, "Skriv, hvorfor beslutningen rettes.", less, 1, " ", reasons="-")
    refused_to(RuleBroken, "Skriv begrundelsen, som den", less, 20_000)
    refused_to(RuleBroken, "Beløbet skal være mellem", less, 50_000, reasons="Mere")
    refused_to(RuleBroken, "Der er skrevet 4 stemmer", less, 30_000, votes=Votes(4))
    refused_to(NotAllowed, "Det kan du ikke gøre.", less, 20_000, by=people.mads)
    a_meeting([back])
    refused_to(WrongState, f"{back.number} er kommet videre siden mødet", back, 40_000)


@pytest.mark.usefixtures("texts")
def test_letters_wait_for_the_minutes_and_a_second_reader(now):
    (case,) = cases_in(a_pool(), 1)
    meeting = a_meeting([case])
    record(meeting, case, now)
    close_meeting(meeting, by=people.sanne(), at=now)
    deliver_due()
    letter = Letter.objects.get(application=case, kind="AWARD")

    assert (letter.state, letter.needs_second_reader) == ("RENDERED", True)
    with refuses(WrongState, "Referatet af mødet i Kulturudvalget den"):
        approve([letter], by=people.rie(), at=now, read=read([letter]))
    with refuses(NotAllowed, "Du har selv afsluttet mødet."):
        actions.approve_minutes(meeting, by=people.sanne(), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.approve_minutes(meeting, by=people.mads(), at=now)
    with refuses(WrongState, "Referatet er rettet, siden du læste det."):
        actions.approve_minutes(meeting, by=people.karen(), at=now, seen=0)
    actions.approve_minutes(meeting, by=people.karen(), at=now)
    with refuses(WrongState, "Referatet er allerede godkendt"):
        actions.approve_minutes(meeting, by=people.karen(), at=now)
    with refuses(WrongState, "Referatet er allerede godkendt"):
        correct(meeting, case, 30_000, reasons="For sent")
    approve([letter], by=people.rie(), at=now, read=read([letter]))
    deliver_due()
    letter.refresh_from_db()
    assert letter.is_sent
