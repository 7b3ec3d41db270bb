from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.decision import decision as actions
from pulje.actions.ledger import outstanding_kr
from pulje.errors import NotAllowed, RuleBroken
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, last_line, ledger, payments, refuses

S = CaseState
KR = Decimal
LARGE = KR(40_000)


# --- redecide ---------------------------------------------------------------------------------


def partly_granted():
    """A case that asked for 8.000 and got 5.000."""
    walk = walk_to(S.REVIEWED, requested_kr=KR(8_000))
    walk.recommend(KR(5_000))
    walk.decide()
    return walk


def test_redecide_gives_more_and_keeps_both(now):
    walk = partly_granted()
    walk.accept()

    walk.do(actions.redecide, people.dora(), amount_kr=KR(6_000), reasons="Lejen er steget.")

    new, case = walk.case.decisions.get(is_current=True), walk.case
    assert (case.state, case.granted_kr) == (S.APPROVED, KR(6_000))
    assert (new.replaces.amount_kr, new.replaces.is_current, new.body) == (
        KR(5_000),
        False,
        "DELEGATION",
    )
    assert (new.replaces.sections, new.sections) == ("§ 1", "")  # the old reasons' is not its own
    assert ledger(case) == [("COMMIT", KR(5_000)), ("COMMIT", KR(1_000))]
    assert payments(case) == [("CANCELLED", KR(5_000))]

    walk.accept()
    assert payments(walk.case) == [("CANCELLED", KR(5_000)), ("PLANNED", KR(6_000))]


def test_redecide_after_payment_plans_the_rest():
    walk = partly_granted()
    walk.accept()
    walk.pay()

    walk.do(actions.redecide, people.dora(), amount_kr=KR(8_000), reasons="Lejen er steget.")
    walk.accept()
    walk.pay()

    assert payments(walk.case) == [("CONFIRMED", KR(5_000)), ("CONFIRMED", KR(3_000))]
    assert ledger(walk.case) == [
        ("COMMIT", KR(5_000)),
        ("PAY", KR(5_000)),
        ("COMMIT", KR(3_000)),
        ("PAY", KR(3_000)),
    ]
    assert walk.case.state == S.PAID


def test_redecide_to_less_after_a_hearing():
    walk = partly_granted()
    walk.open_hearing()
    walk.answer_hearing()

    walk.do(actions.redecide, people.dora(), amount_kr=KR(2_000), reasons="Lokalet er gratis.")

    assert ledger(walk.case) == [("COMMIT", KR(5_000)), ("RELEASE", KR(3_000))]
    assert walk.case.granted_kr == KR(2_000)


def test_redecide_a_rejection(now):
    walk = walk_to(S.REJECTED, requested_kr=KR(8_000))

    walk.do(actions.redecide, people.dora(), amount_kr=KR(8_000), reasons="Vi tog fejl.")

    assert (walk.case.state, ledger(walk.case)) == (S.APPROVED, [("COMMIT", KR(8_000))])


def test_redecide_the_same_amount_moves_no_money(now):
    case = case_in(S.APPROVED)

    actions.redecide(case, by=people.dora(), at=now, amount_kr=KR(8_000), reasons="Nye vilkår.")

    assert ledger(case) == [("COMMIT", KR(8_000))]


@pytest.mark.parametrize(
    ("amount_kr", "reasons", "sentence"),
    [
        (KR(5_000), " ", "Skriv, hvorfor sagen afgøres på ny."),
        (KR(9_000), "Mere", "Beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(-1), "Mindre", "Beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR(6_000), "x", "Skriv begrundelsen. Brug mindst 10 bogstaver."),
        (KR(4_999), "Mindre", "Ansøgeren skal høres først, når der gives mindre"),
    ],
)
def test_redecide_refuses(now, amount_kr, reasons, sentence):
    case = partly_granted().case

    with refuses(RuleBroken, sentence):
        actions.redecide(case, by=people.dora(), at=now, amount_kr=amount_kr, reasons=reasons)


def test_redecide_refuses_less_than_is_paid(now):
    case = case_in(S.PAID)

    with refuses(RuleBroken, "Der er udbetalt mere end det. Brug et tilbagebetalingskrav."):
        actions.redecide(case, by=people.dora(), at=now, amount_kr=KR(7_999), reasons="Mindre")


def test_redecide_refuses_beyond_the_frame(now):
    walk = walk_to(S.REVIEWED, pool=a_pool(frame_kr=KR(6_000)), requested_kr=KR(8_000))
    walk.recommend(KR(5_000))
    walk.decide()

    with refuses(RuleBroken, "Der er 1.000 kr. tilbage i puljen"):
        walk.do(actions.redecide, people.dora(), amount_kr=KR(8_000), reasons="Mere")


def test_redecide_is_for_the_body_that_decided(now):
    leader_s = case_in(S.APPROVED)
    committee_s = case_in(S.APPROVED, requested_kr=LARGE)
    told = {"at": now, "reasons": "På ny"}

    with refuses(NotAllowed, "Forvaltningen har afgjort sagen, så lederen skal gøre det."):
        actions.redecide(leader_s, by=people.sanne(), amount_kr=KR(8_000), **told)
    with refuses(NotAllowed, "Udvalget har afgjort sagen, så formand eller sekretær skal"):
        actions.redecide(committee_s, by=people.dora(), amount_kr=LARGE, **told)
    actions.redecide(committee_s, by=people.sanne(), amount_kr=LARGE, **told)
    assert committee_s.decisions.get(is_current=True).body == "COMMITTEE"


# --- annul ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [S.APPROVED, S.REJECTED])
def test_annul_takes_the_decision_back(now, state):
    case = case_in(state)

    entry = actions.annul(case, by=people.dora(), at=now, reason="Forkert ansøger.")

    case = again(case)
    assert (case.state, case.granted_kr) == (S.REVIEWED, None)
    assert case.due_on == timezone.localdate(now) + timedelta(days=14)
    assert not case.decisions.filter(is_current=True).exists()
    assert not case.recommendations.filter(is_current=True).exists()
    money = [("COMMIT", KR(8_000)), ("RELEASE", KR(8_000))]
    assert ledger(case) == (money if state == S.APPROVED else [])
    assert entry.data == {"reason": "Forkert ansøger."}


def test_annulled_case_is_decided_again():
    walk = walk_to(S.APPROVED)
    walk.do(actions.annul, people.dora(), reason="Forkert beløb.")

    walk.recommend(KR(7_000))
    walk.decide()

    assert ledger(walk.case)[-1] == ("COMMIT", KR(7_000))


def test_annul_refuses(now):
    walk = walk_to(S.PAID)
    walk.do(actions.redecide, people.dora(), amount_kr=KR(8_000), reasons="Nye vilkår.")
    sentence = "Skriv hvorfor. Når der er udbetalt, kan afgørelsen ikke annulleres."

    with refuses(RuleBroken, sentence):
        actions.annul(walk.case, by=people.dora(), at=now, reason="Fejl")
    with refuses(RuleBroken, sentence):
        actions.annul(case_in(S.APPROVED), by=people.dora(), at=now, reason=" ")
    with refuses(RuleBroken, "Skriv hvorfor. Ansøger læser det i brevet. Brug mindst 10"):
        actions.annul(case_in(S.APPROVED), by=people.dora(), at=now, reason="Fejl.")


# --- reopen -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "days"),
    [
        (S.SUBMITTED, 14),
        (S.RETURNED, 14),
        (S.IN_REVIEW, 14),
        (S.IN_HEARING, 14),
        (S.REVIEWED, 14),
        (S.RECOMMENDED, 14),
        (S.APPROVED, 21),
    ],
)
def test_reopened_case_has_all_its_days_again(state, days):
    walk = walk_to(state)
    walk.withdraw()

    walk.do(actions.reopen, people.dora(), reason="Trukket ved en fejl.")

    case, due_on = walk.case, timezone.localdate(walk.at) + timedelta(days=days)
    assert (case.state, case.due_on) == (state, due_on)
    open_rows = [
        *case.information_requests.filter(answered_at=None),
        *case.hearings.filter(ended_at=None),
    ]
    assert [row.due_on for row in open_rows] == (
        [due_on] if state in (S.RETURNED, S.IN_HEARING) else []
    )
    told = {"due_on": due_on.isoformat()} if case.clock_on else {}
    assert last_line(case).data == {"reason": "Trukket ved en fejl."} | told


def test_reopened_draft_waits_for_its_writer():
    walk = walk_to(S.DRAFT)
    walk.withdraw()

    walk.do(actions.reopen, people.dora(), reason="Trukket ved en fejl.")

    assert (walk.case.state, walk.case.due_on) == (S.DRAFT, None)
    # it lives for sixty days, and its writer is warned a week before
    assert walk.case.clock_on == timezone.localdate(walk.at) + timedelta(days=60 - 7)


def test_reopened_grant_is_committed_and_planned_anew():
    walk = walk_to(S.ACCEPTED, pool=a_pool(frame_kr=KR(10_000)))
    walk.withdraw()

    walk.do(actions.reopen, people.dora(), reason="Trukket ved en fejl.")

    assert ledger(walk.case) == [
        ("COMMIT", KR(8_000)),
        ("RELEASE", KR(8_000)),
        ("COMMIT", KR(8_000)),
    ]
    assert payments(walk.case) == [("PLANNED", KR(8_000))]
    walk.pay()
    assert walk.case.state == S.PAID


def test_reopened_grant_with_an_instalment_paid_is_not_committed_twice():
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan="INSTALMENTS"))
    walk.pay_one()
    walk.lapse()

    walk.do(actions.reopen, people.dora(), reason="Rapporten lå i spam.")

    assert ledger(walk.case) == [
        ("COMMIT", KR(8_000)),
        ("PAY", KR(3_000)),
        ("RELEASE", KR(5_000)),
        ("COMMIT", KR(5_000)),
    ]
    assert payments(walk.case) == [
        ("CONFIRMED", KR(3_000)),
        ("PLANNED", KR(3_000)),
        ("PLANNED", KR(2_000)),
    ]


def test_grant_withdrawn_during_a_hearing_is_committed_anew():
    walk = walk_to(S.APPROVED)
    walk.open_hearing()
    walk.withdraw()

    walk.do(actions.reopen, people.dora(), reason="Trukket ved en fejl.")
    walk.answer_hearing()

    assert (walk.case.state, outstanding_kr(walk.case)) == (S.APPROVED, KR(8_000))


def test_closed_case_reopens_where_it_was_closed_from():
    walk = walk_to(S.CLOSED)

    walk.do(actions.reopen, people.dora(), reason="Et bilag dukkede op.")

    assert (walk.case.state, walk.case.closed_on) == (S.REPORTED, None)
    assert walk.case.clock_on == timezone.localdate(walk.at) + timedelta(days=28)
    walk.close()
    assert walk.case.state == S.CLOSED


def test_reopen_refuses(now):
    spent = walk_to(S.APPROVED, pool=a_pool(frame_kr=KR(8_000)))
    spent.withdraw()
    pool = spent.case.pool
    case_in(S.APPROVED, pool=pool)
    settled = walk_to(S.IN_RECOVERY)
    settled.settle()
    withdrawn = case_in(S.WITHDRAWN)

    with refuses(RuleBroken, "Skriv, hvorfor sagen genåbnes."):
        actions.reopen(withdrawn, by=people.dora(), at=now, reason=" ")
    with refuses(RuleBroken, "Der er 0 kr. tilbage i puljen"):
        actions.reopen(spent.case, by=people.dora(), at=now, reason="Fejl")
    with refuses(RuleBroken, "Tilbagebetalingen er gjort op, så sagen kan ikke genåbnes."):
        actions.reopen(settled.case, by=people.dora(), at=now, reason="Fejl")
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: leder."):
        actions.reopen(withdrawn, by=people.karl(), at=now, reason="Fejl")
    assert again(spent.case).state == S.WITHDRAWN
