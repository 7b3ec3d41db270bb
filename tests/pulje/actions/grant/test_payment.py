from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.casework.tie import disqualify
from pulje.actions.grant import payment as actions
from pulje.enums import PaymentPlan
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Payment
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, last_line, ledger, payments, refuses

S = CaseState
KR = Decimal
SHA = "0" * 64


def sent(rows: list[Payment], at):
    """A batch that has gone to the bank."""
    batch = actions.propose(rows, by=people.fie(), at=at)
    actions.approve(batch, by=people.dora(), at=at)
    return actions.export(batch, by=people.fie(), at=at, sha256=SHA)


# --- the plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "planned"),
    [
        (PaymentPlan.UPFRONT, [(KR(8_000), False)]),
        (PaymentPlan.INSTALMENTS, [(KR(3_000), False), (KR(3_000), False), (KR(2_000), True)]),
        (PaymentPlan.REIMBURSEMENT, [(KR(8_000), True)]),
        (PaymentPlan.DEFICIT_GUARANTEE, [(KR(4_000), False), (KR(4_000), True)]),
    ],
)
def test_plan_follows_the_pool(plan, planned):
    case = case_in(S.ACCEPTED, pool=a_pool(payment_plan=plan))

    rows = case.payments.order_by("number")
    assert list(rows.values_list("amount_kr", "after_report")) == planned


# --- propose, approve, export -----------------------------------------------------------------


def test_payment_goes_through_two_hands_to_the_bank(now):
    case = case_in(S.ACCEPTED)

    batch = actions.propose(list(case.payments.order_by("pk")), by=people.fie(), at=now)
    assert (payments(case), batch.collected_by) == ([("PROPOSED", KR(8_000))], people.fie())

    batch = actions.approve(batch, by=people.dora(), at=now)
    assert (payments(case)[0][0], batch.approved_by) == ("APPROVED", people.dora())

    batch = actions.export(batch, by=people.fie(), at=now, sha256=SHA)
    assert (payments(case)[0][0], batch.file_sha256) == ("EXPORTED", SHA)
    assert actions.export(batch, by=people.fie(), at=now, sha256="1" * 64).file_sha256 == SHA


def test_propose_refuses(now):
    reimbursed = case_in(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.REIMBURSEMENT))
    case = case_in(S.ACCEPTED)
    own = list(case.payments.order_by("pk"))

    with refuses(RuleBroken, f"Ikke klar til udbetaling: {reimbursed.number}"):
        actions.propose(list(reimbursed.payments.order_by("pk")), by=people.fie(), at=now)
    with refuses(RuleBroken, "Ikke klar til udbetaling: vælg mindst én"):
        actions.propose([], by=people.fie(), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.propose(own, by=people.dora(), at=now)
    actions.propose(own, by=people.fie(), at=now)
    with refuses(RuleBroken, f"Ikke klar til udbetaling: {case.number}"):
        actions.propose(own, by=people.fie(), at=now)


def test_approve_refuses(now):
    case = case_in(S.ACCEPTED)
    batch = actions.propose(list(case.payments.order_by("pk")), by=people.fie(), at=now)

    with refuses(WrongState, "Kørslen skal godkendes, før den kan sendes."):
        actions.export(batch, by=people.fie(), at=now, sha256=SHA)
    with refuses(RuleBroken, "Du har selv samlet kørslen. En anden skal godkende den."):
        actions.approve(batch, by=people.fie(), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.approve(batch, by=people.karl(), at=now)
    actions.approve(batch, by=people.dora(), at=now)
    with refuses(WrongState, "Kørslen er allerede godkendt."):
        actions.approve(batch, by=people.dora(), at=now)


def test_the_disqualified_touch_no_payment(now):
    case = case_in(S.ACCEPTED)
    rows = list(case.payments.order_by("pk"))
    for person in (people.fie(), people.dora()):
        disqualify(case, by=person, at=now, person=person, reason="Medlem")
    frank = people.person("Frank", *people.fie().roles)
    batch = actions.propose(rows, by=frank, at=now)

    with refuses(NotAllowed, f"Du er inhabil i {case.number}"):
        actions.approve(batch, by=people.dora(), at=now)
    actions.approve(batch, by=people.person("Dan", *people.dora().roles), at=now)
    with refuses(NotAllowed, f"Du er inhabil i {case.number}"):
        actions.export(batch, by=people.fie(), at=now, sha256=SHA)
    actions.export(batch, by=frank, at=now, sha256=SHA)
    for deed in (actions.confirm, actions.reject):
        facts = {"reason": "Ukendt konto"} if deed == actions.reject else {}
        with refuses(NotAllowed, "Du er inhabil i sagen"):
            deed(case, by=people.fie(), at=now, payment=rows[0], **facts)


def test_the_disqualified_propose_no_payment(now):
    case = case_in(S.ACCEPTED)
    disqualify(case, by=people.fie(), at=now, person=people.fie(), reason="Medlem")

    with refuses(NotAllowed, f"Du er inhabil i {case.number}"):
        actions.propose(list(case.payments.order_by("pk")), by=people.fie(), at=now)


# --- confirm, reject --------------------------------------------------------------------------


def test_confirm_pays_and_moves_the_case(now):
    case = case_in(S.ACCEPTED)
    due_on, clock_on = case.due_on, case.clock_on
    (payment,) = case.payments.order_by("pk")
    sent([payment], now)

    entry = actions.confirm(case, by=people.fie(), at=now, payment=payment)

    case = again(case)
    assert (case.state, case.due_on, case.clock_on) == (S.PAID, due_on, clock_on)
    assert ledger(case) == [("COMMIT", KR(8_000)), ("PAY", KR(8_000))]
    assert (entry.event, entry.data) == (
        "mark_paid",
        {"payment": payment.pk, "amount_kr": "8000.00"},
    )


def test_second_click_pays_nothing_twice(now):
    case = case_in(S.ACCEPTED)
    (payment,) = case.payments.order_by("pk")

    with refuses(WrongState, "Udbetalingen er ikke sendt til banken, eller den er allerede"):
        actions.confirm(case, by=people.fie(), at=now, payment=payment)
    sent([payment], now)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.confirm(case, by=people.karl(), at=now, payment=payment)
    actions.confirm(case, by=people.fie(), at=now, payment=payment)
    with refuses(WrongState, "Udbetalingen er ikke sendt til banken, eller den er allerede"):
        actions.confirm(case, by=people.fie(), at=now, payment=payment)

    assert ledger(case) == [("COMMIT", KR(8_000)), ("PAY", KR(8_000))]


def test_first_of_several_instalments_moves_nothing():
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.INSTALMENTS))

    walk.pay_one()

    assert (walk.case.state, last_line(walk.case).event) == (S.ACCEPTED, "payment_confirmed")
    assert ledger(walk.case)[-1] == ("PAY", KR(3_000))


def test_report_before_the_bank_s_answer_keeps_its_state(now):
    walk = walk_to(S.ACCEPTED)
    (payment,) = walk.case.payments.order_by("pk")
    sent([payment], walk.at)
    walk.submit_report()

    walk.do(actions.confirm, people.fie(), payment=payment)

    assert walk.case.state == S.REPORT_SUBMITTED


def test_last_payment_after_the_report_starts_the_waiting_time():
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.REIMBURSEMENT))
    walk.submit_report()
    walk.approve_report()
    assert walk.case.clock_on is None

    walk.pay()

    assert (walk.case.state, last_line(walk.case).event) == (S.REPORTED, "mark_paid")
    assert (walk.case.clock_on - timezone.localdate(walk.at)).days == walk.case.version.closing_days


def test_rejected_payment_can_be_proposed_again(now):
    case = case_in(S.ACCEPTED)
    (payment,) = case.payments.order_by("pk")
    sent([payment], now)

    entry = actions.reject(case, by=people.fie(), at=now, payment=payment, reason="Ingen NemKonto")

    payment.refresh_from_db()
    assert (payment.state, payment.failure, payment.batch) == ("REJECTED", "Ingen NemKonto", None)
    assert (entry.event, entry.data) == ("payment_rejected", {"payment": payment.pk})
    actions.propose([payment], by=people.fie(), at=now)
    payment.refresh_from_db()
    assert (payment.state, payment.failure) == ("PROPOSED", "")


def test_reject_refuses_what_is_not_on_its_way(now):
    case, other = case_in(S.ACCEPTED), case_in(S.ACCEPTED)
    (payment,) = other.payments.order_by("pk")

    for its_own in (other, case):
        with refuses(WrongState, "Udbetalingen er ikke på vej."):
            actions.reject(its_own, by=people.fie(), at=now, payment=payment, reason="?")
        sent([payment], now) if its_own == other else None

    assert payments(other) == [("EXPORTED", KR(8_000))]


def test_cancel_open_refuses_while_money_is_on_its_way(now):
    case = case_in(S.ACCEPTED)
    sent(list(case.payments.order_by("pk")), now)

    with refuses(RuleBroken, "En udbetaling er på vej. Vent, til banken har svaret."):
        actions.cancel_open(case)
