"""The chair decides alone what cannot wait."""

from decimal import Decimal

import pytest
from django.utils import timezone

from letters.models import Letter
from letters.texts.chosen import part_of
from pulje.actions.decision.decision import redecide
from pulje.actions.meeting.urgent import decide_urgently
from pulje.enums import Role
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import ConflictOfInterest
from pulje.queries.meeting.urgent import waiting_for
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.pulje.actions.telling import again, ledger, refuses
from workflow.hands import carry_out

LARGE = Decimal(60_000)
WHY = "Lejren begynder på lørdag."


@pytest.fixture
def case():
    return case_in(CaseState.RECOMMENDED, requested_kr=LARGE)


def decide(case, by, at, amount_kr=LARGE, **facts):
    facts = {"urgency": WHY} | facts
    return carry_out(decide_urgently, case, by=by, at=at, amount_kr=amount_kr, **facts)


def shut(person, case, now):
    ConflictOfInterest.objects.create(
        application=case, user=person, reason="x", declared_at=now, declared_by=person
    )


def test_the_chair_decides_and_the_letter_says_so(case, now):
    decide(case, people.karen(), now, Decimal(20_000), reasons="Der er til lejren.")

    decided = case.decisions.get()
    assert (decided.body, decided.meeting, decided.urgency) == ("CHAIR", None, WHY)
    assert (again(case).state, ledger(case)) == ("APPROVED", [("COMMIT", Decimal(20_000))])
    letter = Letter.objects.get(application=case, entry__event="decide")
    assert letter.needs_second_reader
    assert letter.facts["decider"] == "Formanden for Kulturudvalget"
    assert (letter.facts["is_urgent"], letter.facts["is_delegated"]) == (True, False)
    said = part_of(letter, "GRUNDLAG")
    assert "Formanden for Kulturudvalget har truffet afgørelsen den " in said
    assert "fordi den ikke kunne vente til udvalgets næste møde" in said
    with refuses(NotAllowed, "Udvalget har afgjort sagen"):
        redecide(case, by=people.dora(), at=now, amount_kr=LARGE, reasons="Mere.")


def test_the_vice_chair_decides_when_the_chair_is_shut_out(case, now):
    day, karen, mads = timezone.localdate(now), people.karen(), people.mads()
    other = case_in(CaseState.RECOMMENDED, pool=case.pool, requested_kr=LARGE)
    shut(karen, case, now)

    assert (waiting_for(karen, day), waiting_for(mads, day)) == ([other], [case])
    with refuses(NotAllowed, "Mellem møderne er det kun Karen, der kan afgøre sagen."):
        decide(other, mads, now)
    with refuses(NotAllowed, "Du er inhabil i"):
        decide(case, karen, now)

    decide(case, mads, now)

    assert again(case).state == "APPROVED"


def test_decide_urgently_refuses(case, now):
    karen = people.karen()

    for who in (people.sanne, people.dora, people.karl):
        with refuses(NotAllowed, "Det kan du ikke gøre."):
            decide(case, who(), now)
    with refuses(NotAllowed, "Mellem møderne er det kun Karen"):
        decide(case, people.person("Nora", Role.COMMITTEE_MEMBER), now)
    with refuses(RuleBroken, "Skriv, hvorfor sagen ikke kan vente"):
        decide(case, karen, now, urgency=" ")
    with refuses(RuleBroken, "Skriv, hvorfor sagen ikke kan vente .* Brug mindst 10 bogstaver."):
        decide(case, karen, now, urgency="haster!")
    for reasons in ("", ".", "ok"):
        with refuses(RuleBroken, "Skriv, hvorfor indstillingen ikke følges. Brug mindst 10"):
            decide(case, karen, now, Decimal(10_000), reasons=reasons)
    small = case_in(CaseState.RECOMMENDED)
    with refuses(RuleBroken, "Lederen kan afgøre sagen."):
        decide(small, karen, now, small.requested_kr)
    poor = case_in(CaseState.RECOMMENDED, pool=a_pool(frame_kr=Decimal(50)), requested_kr=LARGE)
    with refuses(RuleBroken, "Der er 50.kr. tilbage i"):
        decide(poor, karen, now)
    a_meeting([case])
    with refuses(RuleBroken, "Sagen er på dagsordenen til mødet"):
        decide(case, karen, now)
    with refuses(WrongState, "Sagerne er allerede behandlet eller ikke klar"):
        decide(case_in(CaseState.REVIEWED), karen, now)
    case.pool.committee.seats.filter(role__in=["CHAIR", "VICE_CHAIR"]).update(ended_on="2021-01-01")
    with refuses(NotAllowed, "Udvalget har ingen formand, der kan afgøre sagen."):
        decide(case, karen, now)
