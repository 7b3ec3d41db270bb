from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.grant import report as actions
from pulje.actions.grant.report import AccountLine
from pulje.enums import LineKind, PaymentPlan
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Report
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, ledger, payments, refuses

S = CaseState
KR = Decimal
STORY = {"story": "Alle var mætte."}


def spent(kr, income=0) -> list[AccountLine]:
    lines = [AccountLine(LineKind.EXPENSE, "Råvarer", KR(8_000), KR(kr))]
    if income:
        lines.append(AccountLine(LineKind.OTHER_FUNDING, "Entré", KR(0), KR(income)))
    return lines


# --- save, submit -----------------------------------------------------------------------------


def test_save_report_keeps_what_is_typed():
    case = case_in(S.PAID)

    actions.save_report(case, by=people.asta(), fields={"story": "Vi …"}, lines=spent(100))
    report = actions.save_report(case, by=people.asta(), fields={}, lines=[])

    assert (report.state, Report.objects.get().story) == ("DRAFT", "Vi …")
    assert report.lines.count() == 0
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.save_report(case, by=people.karl(), fields={}, lines=[])


def test_submit_report(now):
    case = case_in(S.PAID)

    entry = actions.submit_report(case, by=people.asta(), at=now, fields=STORY, lines=spent(8_000))

    report = Report.objects.get(application=case)
    assert (report.state, report.submitted_at, report.submitted_by) == (
        "SUBMITTED",
        now,
        people.asta(),
    )
    assert (entry.event, again(case).state) == ("submit_report", S.REPORT_SUBMITTED)
    assert (again(case).due_on, again(case).clock_on) == (
        timezone.localdate(now) + timedelta(days=14),
        None,
    )


@pytest.mark.parametrize(
    ("steps", "fields", "lines", "sentence"),
    [
        ([[None, "ACCOUNT"]], {"story": " "}, spent(8_000), "Fortæl kort, hvad der skete."),
        ([[None, "ACCOUNT"]], STORY, [], "Udfyld regnskabet ved siden af budgettet."),
        ([[None, "ACCOUNT"]], STORY, spent(0), "Udfyld regnskabet ved siden af budgettet."),
        ([[5_000, "STORY"], [None, "AUDITED"]], STORY, [], "Udfyld regnskabet"),
    ],
    ids=["no story", "no account", "empty account", "above the light step"],
)
def test_submit_report_meets_the_demands_of_the_amount(now, steps, fields, lines, sentence):
    case = case_in(S.PAID, pool=a_pool(report_steps=steps))

    with refuses(RuleBroken, sentence):
        actions.submit_report(case, by=people.asta(), at=now, fields=fields, lines=lines)

    assert not Report.objects.exists()


@pytest.mark.parametrize("steps", [[[8_000, "STORY"], [None, "AUDITED"]], []])
def test_small_grants_only_tell_the_story(now, steps):
    case = case_in(S.PAID, pool=a_pool(report_steps=steps))

    actions.submit_report(case, by=people.asta(), at=now, fields=STORY, lines=[])
    actions.approve_report(case, by=people.karl(), at=now)

    assert (again(case).state, case.report.accepted_kr) == (S.REPORTED, KR(8_000))


# --- return, waive ----------------------------------------------------------------------------


def test_return_report_asks_again(now):
    case, due_on = case_in(S.REPORT_SUBMITTED), timezone.localdate(now) + timedelta(days=30)

    entry = actions.return_report(case, by=people.karl(), at=now, missing="Bilag 3.", due_on=due_on)

    report, case = Report.objects.get(), again(case)
    assert (report.state, report.missing) == ("RETURNED", "Bilag 3.")
    assert (case.state, case.due_on) == (S.REPORT_RETURNED, due_on)
    assert case.clock_on == due_on - timedelta(days=14)
    assert entry.data == {"due_on": due_on.isoformat(), "missing": "Bilag 3."}


@pytest.mark.parametrize(
    ("missing", "days", "sentence"),
    [(" ", 14, "Skriv, hvad der mangler."), ("Bilag 3.", 0, "Fristen skal ligge efter i dag.")],
)
def test_return_report_refuses(now, missing, days, sentence):
    due_on = timezone.localdate(now) + timedelta(days=days)

    with refuses(RuleBroken, sentence):
        actions.return_report(
            case_in(S.REPORT_SUBMITTED), by=people.karl(), at=now, missing=missing, due_on=due_on
        )


def test_waive_report_says_why(now):
    case = case_in(S.PAID)

    with refuses(RuleBroken, "Skriv, hvorfor der ikke kræves rapport."):
        actions.waive_report(case, by=people.karl(), at=now, reason="")
    entry = actions.waive_report(case, by=people.karl(), at=now, reason="Foreningen er nedlagt.")

    assert (entry.data, again(case).state) == ({"reason": "Foreningen er nedlagt."}, S.REPORTED)
    assert again(case).clock_on == timezone.localdate(now) + timedelta(days=28)


# --- approve ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "actual", "income", "accepted", "released", "left"),
    [
        (PaymentPlan.UPFRONT, 8_000, 0, 8_000, 0, []),
        (PaymentPlan.UPFRONT, 5_000, 0, 5_000, 0, []),  # paid already: claimed, not released
        (PaymentPlan.REIMBURSEMENT, 5_000, 0, 5_000, 3_000, [("PLANNED", KR(5_000))]),
        (PaymentPlan.REIMBURSEMENT, 9_000, 0, 9_000, 0, [("PLANNED", KR(8_000))]),
        (PaymentPlan.INSTALMENTS, 7_000, 0, 7_000, 1_000, [("PLANNED", KR(1_000))]),
        (PaymentPlan.INSTALMENTS, 5_000, 0, 5_000, 2_000, [("CANCELLED", KR(2_000))]),
        (PaymentPlan.DEFICIT_GUARANTEE, 9_000, 3_000, 6_000, 2_000, [("PLANNED", KR(2_000))]),
        (PaymentPlan.DEFICIT_GUARANTEE, 3_000, 5_000, 0, 4_000, [("CANCELLED", KR(4_000))]),
    ],
)
def test_unused_money_returns_to_the_frame(now, plan, actual, income, accepted, released, left):
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=plan))
    walk.pay()
    case, before = walk.case, len(ledger(walk.case))
    actions.submit_report(case, by=people.asta(), at=now, fields=STORY, lines=spent(actual, income))

    entry = actions.approve_report(case, by=people.karl(), at=now)

    assert ledger(case)[before:] == ([("RELEASE", KR(released))] if released else [])
    assert [row for row in payments(case) if row[0] != "CONFIRMED"] == left
    assert case.report.accepted_kr == accepted
    told = {"accepted_kr": KR(accepted), "shown_kr": KR(accepted), "cut_kr": KR(released)}
    assert {name: KR(said) for name, said in entry.data.items()} == told
    is_over = not [row for row in left if row[0] == "PLANNED"]
    closes_on = timezone.localdate(now) + timedelta(days=28) if is_over else None
    assert again(case).clock_on == closes_on


def test_accepted_spending_is_never_more_than_shown(now):
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.REIMBURSEMENT))
    walk.submit_report(KR(6_000))

    less = {"by": people.karl(), "at": now, "accepted_kr": KR(4_000)}
    with refuses(RuleBroken, "Skriv, hvorfor ikke alle udgifter godkendes."):
        actions.approve_report(walk.case, **less, reason="Mad.")
    entry = actions.approve_report(walk.case, **less, reason="Maden er ikke med i budgettet.")

    assert entry.data["reason"] == "Maden er ikke med i budgettet."
    assert payments(walk.case) == [("PLANNED", KR(4_000))]
    assert walk.case.report.accepted_kr == KR(4_000)


@pytest.mark.parametrize("told", [KR(9_999), KR(-1)])
def test_spending_beyond_the_accounts_is_refused(now, told):
    walk = walk_to(S.PAID)
    walk.submit_report(KR(6_000))

    with pytest.raises(RuleBroken, match="Regnskabet viser 6.000"):
        actions.approve_report(walk.case, by=people.karl(), at=now, accepted_kr=told)

    assert again(walk.case).state == S.REPORT_SUBMITTED


def test_instalment_not_yet_paid_is_cut_as_well(now):
    walk = walk_to(S.ACCEPTED)
    walk.submit_report(KR(5_000))

    walk.approve_report()

    assert payments(walk.case) == [("PLANNED", KR(5_000))]
    assert ledger(walk.case)[-1] == ("RELEASE", KR(3_000))


def test_approve_report_twice_says_so(now):
    case = case_in(S.REPORTED)

    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.approve_report(case, by=people.karl(), at=now)
