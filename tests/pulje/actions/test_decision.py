from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions import decision as actions
from pulje.actions.application import disqualify
from pulje.actions.deciding import Ruling
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


def test_committee_decides_nothing_before_the_day_of_its_meeting(now):
    case = case_in(S.RECOMMENDED, requested_kr=LARGE)
    meeting = a_meeting([case], at=now + timedelta(days=1))

    with refuses(RuleBroken, f"Mødet er den {timezone.localtime(meeting.held_at):%d-%m-%Y}."):
        actions.decide(case, by=people.sanne(), at=now, amount_kr=LARGE, meeting=meeting)

    assert again(case).state == S.RECOMMENDED


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


def test_committee_decides_a_meeting(now):
    first, second = (case_in(S.RECOMMENDED, requested_kr=LARGE) for _n in range(2))
    meeting = a_meeting([first, second])

    entries = actions.decide_many(
        [Ruling(second, KR(0), "Råd til én."), Ruling(first, LARGE)],
        by=people.sanne(),
        at=now,
        meeting=meeting,
    )

    assert [(e.application, e.to_state) for e in entries] == [
        (first, S.APPROVED),
        (second, S.REJECTED),
    ]
    assert set(meeting.items.values_list("outcome", flat=True)) == {"DECIDED"}
    assert set(Decision.objects.values_list("body", "meeting")) == {("COMMITTEE", meeting.pk)}


@pytest.mark.parametrize(
    ("amount_kr", "reasons", "sentence"),
    [
        (KR(-1), "Sur", "beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(8_001), "Gavmild", "beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(5_000), " ", "skriv en begrundelse, når indstillingen ikke følges."),
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
    meeting = a_meeting([on_agenda])

    def decide(case, by, **where):
        actions.decide(case, by=by(), at=now, amount_kr=case.requested_kr, **where)

    with refuses(RuleBroken, f"Udvalget skal afgøre {large.number}"):
        decide(large, people.dora)
    with refuses(NotAllowed, "Uden for et møde er det kun lederen, der kan afgøre en sag."):
        decide(small, people.sanne)
    with refuses(NotAllowed, "Kun formand eller sekretær fører udvalgets beslutninger"):
        decide(on_agenda, people.dora, meeting=meeting)
    with refuses(RuleBroken, f"{on_agenda.number} er på et mødes dagsorden."):
        decide(on_agenda, people.dora)
    with refuses(RuleBroken, f"Ikke på dagsordenen: {large.number}"):
        decide(large, people.sanne, meeting=meeting)
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


def test_quorum_counts_neither_the_disqualified_nor_the_applicant_s_own(now):
    case, sister, whole = (case_in(S.RECOMMENDED, requested_kr=LARGE) for _n in range(3))
    meeting = a_meeting([case, sister, whole])
    meeting.present.remove(people.person("Muhammed"))  # Mads and Karen are left, quorum is 2
    disqualify(case, by=people.mads(), at=now, person=people.mads(), reason="Bror")
    join(sister, people.karen())

    def decide(*cases):
        rulings = [Ruling(each, LARGE) for each in cases]
        actions.decide_many(rulings, by=people.sanne(), at=now, meeting=meeting)

    with refuses(
        RuleBroken, f"Udvalget er ikke beslutningsdygtigt i {case.number}, {sister.number}"
    ):
        decide(case, sister, whole)
    decide(whole)
    assert again(whole).state == S.APPROVED


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
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.reject_formally(case, by=people.dora(), at=now, reasons="Løn", section="§ 4")
