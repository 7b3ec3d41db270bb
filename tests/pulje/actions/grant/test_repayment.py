from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.grant import repayment as actions
from pulje.actions.journal import note_down
from pulje.actions.ledger import remaining_kr
from pulje.actions.reminder import remind
from pulje.enums import AppealState, PaymentPlan, ReminderKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Appeal, Application
from pulje.queries.told import EXTENDED, LETTER_AVAILABLE, LETTER_RETURNED
from pulje.states import CaseState
from tests import people
from tests.factories import Walk, a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, last_line, ledger, payments, refuses

S = CaseState
KR = Decimal
SOME, MORE = KR(1_000), KR(3_000)


def heard(state: CaseState = S.PAID, **draft) -> Walk:
    walk = walk_to(state, **draft)
    walk.open_hearing()
    walk.answer_hearing()
    return walk


def propose(walk: Walk, amount_kr=SOME, by=people.karl, **facts):
    told = {"reasons": "Pengene er ikke brugt.", "due_on": walk.soon} | facts
    return actions.propose_claim(walk.case, by=by(), at=walk.at, amount_kr=amount_kr, **told)


# --- claim ------------------------------------------------------------------------------------


def test_claim_is_made_by_two_people(now):
    walk = heard()

    entry = propose(walk)
    claim = walk.case.claims.get()
    assert (entry.event, claim.state, claim.hearing) == (
        "claim_proposed",
        "PROPOSED",
        walk.case.hearings.get(),
    )
    assert again(walk.case).state == S.PAID

    entry = actions.claim_repayment(walk.case, by=people.rie(), at=now)
    claim.refresh_from_db()
    assert (claim.state, claim.proposed_by, claim.claimed_by) == (
        "CLAIMED",
        people.karl(),
        people.rie(),
    )
    assert (again(walk.case).state, again(walk.case).due_on) == (S.IN_RECOVERY, claim.due_on)
    assert entry.data == {"claim": claim.pk, "amount_kr": "1000.00"}


@pytest.mark.parametrize(
    "state", [S.PAID, S.REPORT_SUBMITTED, S.REPORT_RETURNED, S.REPORTED], ids=str
)
def test_claim_begins_wherever_money_is_out(now, state):
    walk = heard(state)

    propose(walk)
    actions.claim_repayment(walk.case, by=people.rie(), at=now)

    assert again(walk.case).state == S.IN_RECOVERY


def test_claim_after_a_first_instalment_stops_the_others(now):
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.INSTALMENTS))
    walk.pay_one()
    walk.open_hearing()
    walk.answer_hearing()
    propose(walk, KR(3_000))

    actions.claim_repayment(walk.case, by=people.rie(), at=now)

    assert [state for state, _kr in payments(walk.case)] == ["CONFIRMED", "CANCELLED", "CANCELLED"]


def test_claim_after_the_last_reminder_needs_no_other_hearing():
    """Only one that could be read counts, from the day it could, with all its days."""
    walk, about = walk_to(S.PAID), timezone.localdate()
    told, written_at = {"kind": ReminderKind.REPORT, "number": 4, "about": about}, walk.at
    given_on = timezone.localdate(written_at) + timedelta(days=14)
    entry = remind(walk.case, at=written_at, new_due_on=given_on, clock_on=None, **told)

    def refused(days: int) -> None:
        walk.at = written_at + timedelta(days=days)
        with refuses(RuleBroken, "Ansøgeren skal høres, før pengene kan kræves tilbage"):
            propose(walk)

    def fared(event: str, days: int, **about: object) -> None:
        at = written_at + timedelta(days=days)
        note_down(walk.case, event, by=None, at=at, data={"entry": entry.number} | about)

    refused(40)  # nobody has got it
    fared(LETTER_AVAILABLE, 10)
    refused(24)  # the fourteenth day after it came is the applicant's own
    fared(LETTER_RETURNED, 26)
    refused(40)
    fared(LETTER_AVAILABLE, 20)
    fared(EXTENDED, 21, due_on=(given_on + timedelta(days=30)).isoformat())
    refused(44)
    walk.at = written_at + timedelta(days=45)
    propose(walk)
    fared(LETTER_RETURNED, 46)
    with refuses(RuleBroken, "Ansøgeren skal høres, før pengene kan kræves tilbage"):
        actions.claim_repayment(walk.case, by=people.rie(), at=walk.at)
    fared(LETTER_AVAILABLE, 1)
    actions.claim_repayment(walk.case, by=people.rie(), at=walk.at)

    assert walk.case.claims.get().hearing is None
    assert again(walk.case).state == S.IN_RECOVERY


@pytest.mark.parametrize(
    ("amount_kr", "facts", "sentence"),
    [
        (KR(0), {}, "Kravet skal være større end 0 kr. og højst det, der er udbetalt."),
        (KR(8_001), {}, "Kravet skal være større end 0 kr. og højst det, der er udbetalt."),
        (KR(1), {"reasons": "Nå."}, "Skriv begrundelsen. Brug mindst 10 bogstaver."),
        (KR(1), {"due_on": "today"}, "Fristen skal ligge efter i dag."),
    ],
)
def test_propose_claim_refuses(amount_kr, facts, sentence):
    walk = heard()
    if "due_on" in facts:
        facts = {"due_on": timezone.localdate(walk.at)}

    with refuses(RuleBroken, sentence):
        propose(walk, amount_kr, **facts)


def test_claim_needs_a_hearing_held_after_the_decision(now):
    heard_before = walk_to(S.REVIEWED)
    for step in ("open_hearing", "answer_hearing", "recommend", "decide", "accept", "pay"):
        getattr(heard_before, step)()
    never_heard = walk_to(S.PAID)

    for walk in (heard_before, never_heard):
        with refuses(RuleBroken, "Ansøgeren skal høres, før pengene kan kræves tilbage"):
            propose(walk)


def test_claim_refuses_the_wrong_hands(now):
    walk = heard()

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        propose(walk, by=people.fie)
    with refuses(WrongState, "Der er ikke foreslået et krav i sagen."):
        actions.claim_repayment(walk.case, by=people.rie(), at=now)
    propose(walk)
    with refuses(WrongState, "Der er allerede et krav i sagen."):
        propose(walk)
    with refuses(RuleBroken, "Du har selv foreslået kravet. En anden skal godkende det."):
        actions.claim_repayment(walk.case, by=people.karl(), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.claim_repayment(walk.case, by=people.fie(), at=now)


def test_claim_begins_in_no_closed_case(now):
    walk = walk_to(S.CLOSED)

    with refuses(WrongState, "Det kan ikke gøres nu. Sagen står som ”Afsluttet”."):
        propose(walk)


# --- settle -----------------------------------------------------------------------------------


def claimed(state=S.REPORTED, amount_kr=MORE, **draft) -> Walk:
    walk = heard(state, **draft)
    walk.claim(amount_kr)
    return walk


def test_settle_puts_the_money_in_the_ledger():
    walk = claimed(pool=a_pool(frame_kr=KR(10_000)))

    walk.settle(KR(3_000))

    claim = walk.case.claims.get()
    assert (claim.state, claim.received_kr) == ("SETTLED", KR(3_000))
    assert ledger(walk.case)[-1] == ("RECOVER", KR(3_000))
    assert remaining_kr(walk.case.pool) == KR(5_000)
    assert walk.case.state == S.REPORTED
    assert walk.case.clock_on == timezone.localdate(walk.at) + timedelta(days=28)


@pytest.mark.parametrize("state", [S.PAID, S.REPORT_SUBMITTED])
def test_settled_without_an_approved_report_is_closed(state):
    walk = claimed(state)

    walk.settle(KR(3_000))

    assert (walk.case.state, walk.case.clock_on) == (S.CLOSED, None)


def test_rest_of_a_claim_is_written_off(now):
    walk = claimed()

    actions.settle_repayment(
        walk.case, by=people.fie(), at=now, received_kr=KR(500), write_off=True
    )

    assert ledger(walk.case)[-2:] == [("RECOVER", KR(500)), ("WRITE_OFF", KR(2_500))]


def test_settle_releases_what_was_never_paid(now):
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.INSTALMENTS))
    walk.pay_one()
    walk.open_hearing()
    walk.answer_hearing()
    walk.claim(KR(3_000))

    walk.settle(KR(3_000))

    assert ledger(walk.case)[-2:] == [("RECOVER", KR(3_000)), ("RELEASE", KR(5_000))]
    assert walk.case.state == S.CLOSED


@pytest.mark.parametrize("received_kr", [KR(2_999), KR(3_001), KR(-1)])
def test_settle_refuses_another_amount(now, received_kr):
    walk = claimed()

    with refuses(RuleBroken, "Beløbet svarer ikke til kravet."):
        actions.settle_repayment(
            walk.case, by=people.fie(), at=now, received_kr=received_kr, write_off=False
        )


def test_settle_is_finance_s_and_once(now):
    walk = claimed()
    told = {"at": now, "received_kr": KR(3_000), "write_off": False}

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.settle_repayment(walk.case, by=people.karl(), **told)
    actions.settle_repayment(walk.case, by=people.fie(), **told)
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.settle_repayment(walk.case, by=people.fie(), **told)


def test_no_krone_is_claimed_twice():
    walk = claimed(amount_kr=KR(3_000))
    walk.settle(KR(3_000))

    with refuses(RuleBroken, "Kravet skal være større end 0 kr. og højst det, der er udbetalt."):
        propose(walk, KR(5_001))
    propose(walk, KR(5_000))


# --- close ------------------------------------------------------------------------------------


def test_close_ends_the_case(now):
    case = case_in(S.REPORTED)

    entry = actions.close(case, at=now)

    assert (again(case).state, again(case).closed_on) == (S.CLOSED, timezone.localdate(now))
    assert (entry.event, entry.by, last_line(case)) == ("close", None, entry)


def test_close_releases_the_rest(now):
    case = case_in(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.REIMBURSEMENT))
    case.payments.update(state="CANCELLED")
    walk = Walk(case, now)
    walk.submit_report()
    walk.approve_report()

    walk.close()

    assert ledger(walk.case) == [("COMMIT", KR(8_000)), ("RELEASE", KR(8_000))]


def test_close_waits_for_payment_claim_and_appeal(now):
    unpaid = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.REIMBURSEMENT))
    unpaid.submit_report()
    unpaid.approve_report()
    owing = heard(S.REPORTED)
    propose(owing)
    appealed = case_in(S.REJECTED)
    Appeal.objects.create(
        decision=appealed.decisions.get(),
        text="Uenig.",
        received_at=now,
        state=AppealState.RECEIVED,
    )

    for case, sentence in (
        (unpaid.case, "Der er en udbetaling, som ikke er afsluttet."),
        (owing.case, "Der er et tilbagebetalingskrav, som ikke er afsluttet."),
        (appealed, "Der er en klage, som ikke er besvaret."),
    ):
        with refuses(RuleBroken, sentence):
            actions.close(case, at=now)
    Appeal.objects.update(state=AppealState.UPHELD, answered_at=now, answer="Vi fastholder.")
    actions.close(appealed, at=now)


def test_close_is_the_clock_s(now):
    draft = walk_to(S.DRAFT)
    draft.withdraw()

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.close(case_in(S.REJECTED), by=people.dora(), at=now)
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.close(case_in(S.SUBMITTED), at=now)
    with refuses(RuleBroken, "En kladde, der aldrig er sendt, er ikke en sag"):
        actions.close(draft.case, at=now)
    assert Application.objects.filter(state=S.CLOSED).count() == 0
