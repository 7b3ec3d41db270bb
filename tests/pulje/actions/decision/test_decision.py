from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.casework.tie import disqualify
from pulje.actions.decision import decision as actions
from pulje.actions.decision.deciding import Ruling
from pulje.actions.ledger import remaining_kr
from pulje.enums import MemberRole
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Decision
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.pulje.actions.telling import again, last_line, ledger, refuses

S = CaseState
KR = Decimal
LARGE = KR(40_000)


# --- decide -----------------------------------------------------------------------------------


def test_leader_grants_within_the_delegation(now):
    case = case_in(S.RECOMMENDED, requested_kr=KR(8_000))
    answer_by = timezone.localdate(now) + timedelta(days=21)

    entry = actions.decide(case, by=people.dora(), at=now, amount_kr=KR(8_000))

    case, decided = again(case), case.decisions.get()
    assert (case.state, case.granted_kr, case.due_on) == (S.APPROVED, KR(8_000), answer_by)
    assert case.clock_on == answer_by - timedelta(days=7)
    assert (decided.outcome, decided.body, decided.decided_by, decided.recommended_by) == (
        "GRANTED",
        "DELEGATION",
        people.dora(),
        people.karl(),
    )
    assert (decided.reasons, decided.sections) == ("Godt for kvarteret.", "§ 1")
    assert ledger(case) == [("COMMIT", KR(8_000))]
    assert entry.data == {
        "decision": decided.pk,
        "outcome": "GRANTED",
        "amount_kr": "8000",
        "due_on": answer_by.isoformat(),
    }


@pytest.mark.parametrize(
    ("amount_kr", "state", "outcome"),
    [(KR(3_000), S.APPROVED, "PARTIALLY_GRANTED"), (KR(0), S.REJECTED, "REJECTED")],
)
def test_leader_may_differ_with_reasons(now, amount_kr, state, outcome):
    case = case_in(S.RECOMMENDED, requested_kr=KR(8_000))

    actions.decide(case, by=people.dora(), at=now, amount_kr=amount_kr, reasons="Kun råvarer.")

    case, decided = again(case), case.decisions.get()
    assert (case.state, decided.outcome, decided.reasons) == (state, outcome, "Kun råvarer.")
    assert ledger(case) == ([("COMMIT", amount_kr)] if amount_kr else [])
    if state == S.REJECTED:
        assert (case.granted_kr, case.due_on) == (None, None)
        assert case.clock_on == timezone.localdate(now) + timedelta(days=28)


@pytest.mark.parametrize(
    ("amount_kr", "reasons", "sentence"),
    [
        (KR(-1), "Sur", "beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(8_001), "Gavmild", "beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(5_000), " ", "skriv en begrundelse, når indstillingen ikke følges."),
        (KR(5_000), "x", "begrundelsen er for kort til, at ansøger kan læse hvorfor. Brug mindst"),
    ],
)
def test_decide_refuses_an_amount(now, amount_kr, reasons, sentence):
    case = case_in(S.RECOMMENDED, requested_kr=KR(8_000))

    with refuses(RuleBroken, f"{case.number}: {sentence}"):
        actions.decide(case, by=people.dora(), at=now, amount_kr=amount_kr, reasons=reasons)


def test_decide_keeps_within_the_frame(now):
    pool = a_pool(frame_kr=KR(10_000))
    first, second = (case_in(S.RECOMMENDED, pool=pool, requested_kr=KR(8_000)) for _n in range(2))

    with refuses(RuleBroken, "Der er 10.000 kr. tilbage i puljen, og det rækker ikke til 16.000"):
        actions.decide_many(
            [Ruling(first, KR(8_000)), Ruling(second, KR(8_000))], by=people.dora(), at=now
        )

    assert (again(first).state, Decision.objects.count()) == (S.RECOMMENDED, 0)
    assert remaining_kr(pool) == KR(10_000)


def test_decide_refuses_the_wrong_body(now):
    small, large = case_in(S.RECOMMENDED), case_in(S.RECOMMENDED, requested_kr=LARGE)
    on_agenda = case_in(S.RECOMMENDED)
    a_meeting([on_agenda])

    def decide(case, by):
        actions.decide(case, by=by(), at=now, amount_kr=case.requested_kr)

    with refuses(RuleBroken, f"Udvalget skal afgøre {large.number}"):
        decide(large, people.dora)
    with refuses(NotAllowed, "Uden for et møde er det kun lederen, der kan afgøre en sag."):
        decide(small, people.sanne)
    with refuses(RuleBroken, f"{on_agenda.number} er på et mødes dagsorden."):
        decide(on_agenda, people.dora)
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: formand eller sekretær, leder."):
        decide(small, people.karl)


def test_the_recommender_does_not_decide(now):
    case = case_in(S.RECOMMENDED)
    case.recommendations.update(recommended_by=people.dora())

    with refuses(RuleBroken, f"{case.number}: den, der har indstillet, kan ikke også afgøre."):
        actions.decide(case, by=people.dora(), at=now, amount_kr=KR(8_000))


def test_decide_needs_a_recommendation_that_holds(now):
    case = case_in(S.RECOMMENDED)
    case.recommendations.update(is_current=False)

    with refuses(RuleBroken, f"Der er ingen gældende indstilling i {case.number}"):
        actions.decide(case, by=people.dora(), at=now, amount_kr=KR(8_000))


def test_decide_names_the_cases_that_have_moved(now):
    ready, gone = case_in(S.RECOMMENDED), case_in(S.APPROVED)

    with refuses(WrongState, f"Sagerne er allerede behandlet eller ikke klar: {gone.number}"):
        actions.decide_many(
            [Ruling(ready, KR(8_000)), Ruling(gone, KR(8_000))], by=people.dora(), at=now
        )

    assert again(ready).state == S.RECOMMENDED


def test_the_disqualified_do_not_decide(now):
    case, theirs = case_in(S.RECOMMENDED), case_in(S.RECOMMENDED)
    disqualify(case, by=people.dora(), at=now, person=people.dora(), reason="Nabo")
    join(theirs, people.dora())

    for barred in (case, theirs):
        with refuses(NotAllowed, f"Du er inhabil i {barred.number}"):
            actions.decide(barred, by=people.dora(), at=now, amount_kr=KR(8_000))


def join(case, user):
    people.seat(case.applicant, user, role=MemberRole.BOARD)


# --- reject formally --------------------------------------------------------------------------


def test_reject_formally_gives_reasons_and_section(now):
    case = case_in(S.SUBMITTED)

    actions.reject_formally(
        case, by=people.karl(), at=now, reasons="Puljen støtter ikke løn.", section="§ 4"
    )

    decided = case.decisions.get()
    assert (again(case).state, last_line(case).event) == (S.REJECTED, "reject_formally")
    assert (decided.outcome, decided.body, decided.reasons, decided.sections) == (
        "REJECTED",
        "DELEGATION",
        "Puljen støtter ikke løn.",
        "§ 4",
    )


def test_reject_formally_refuses(now):
    case = case_in(S.SUBMITTED)

    for reasons, section in ((" ", "§ 4"), ("Løn", "")):
        with refuses(RuleBroken, "Skriv begrundelsen, og hvilket afsnit i reglerne den står i."):
            actions.reject_formally(
                case, by=people.karl(), at=now, reasons=reasons, section=section
            )
    with refuses(RuleBroken, "Skriv begrundelsen. Brug mindst 10 bogstaver."):
        actions.reject_formally(case, by=people.karl(), at=now, reasons="Løn.", section="§ 4")
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.reject_formally(case, by=people.dora(), at=now, reasons="Løn", section="§ 4")
