from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.decision.decision import redecide
from pulje.actions.grant import award as actions
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import AwardAcceptance
from pulje.rules.deadlines import add_months
from pulje.states import CaseState
from tests import people
from tests.factories import case_in, walk_to
from tests.pulje.actions.telling import again, ledger, payments, refuses

S = CaseState
KR = Decimal


def test_accept_plans_payment_and_report(now):
    case = case_in(S.APPROVED)

    entry = actions.accept(case, by=people.asta(), at=now)

    case, answer = again(case), AwardAcceptance.objects.get(decision__application=case)
    due_on = add_months(case.ends_on, case.version.report_months)
    assert (case.state, case.due_on, case.clock_on) == (
        S.ACCEPTED,
        due_on,
        due_on - timedelta(days=14),
    )
    assert (answer.is_accepted, answer.terms_version, answer.answered_by) == (
        True,
        1,
        people.asta(),
    )
    assert payments(case) == [("PLANNED", KR(8_000))]
    assert entry.data == {
        "decision": answer.decision.pk,
        "terms": 1,
        "due_on": due_on.isoformat(),
    }


def test_report_is_due_after_today_also_when_the_project_is_over(now):
    case = case_in(S.APPROVED)
    late = now + timedelta(days=400)

    actions.accept(case, by=people.asta(), at=late)

    assert again(case).due_on == add_months(timezone.localdate(late), 2)


def test_accept_twice_changes_nothing(now):
    case = case_in(S.ACCEPTED)

    with refuses(WrongState, "Det kan ikke gøres nu. Sagen står som ”I har fået tilskud”."):
        actions.accept(case, by=people.asta(), at=now)

    assert payments(case) == [("PLANNED", KR(8_000))]


def test_decline_gives_the_money_back(now):
    case = case_in(S.APPROVED)

    actions.decline(case, by=people.asta(), at=now, reason="Vi fik fondspenge.")

    answer = AwardAcceptance.objects.get(decision__application=case)
    assert (again(case).state, answer.is_accepted, answer.reason) == (
        S.DECLINED,
        False,
        "Vi fik fondspenge.",
    )
    assert ledger(case) == [("COMMIT", KR(8_000)), ("RELEASE", KR(8_000))]


@pytest.mark.parametrize("verb", [actions.accept, actions.decline])
def test_answer_is_the_applicant_s_own(now, verb):
    case = case_in(S.APPROVED)

    with refuses(NotAllowed, "Det kan du ikke gøre. Ansøgeren kan selv logge ind"):
        verb(case, by=people.karl(), at=now)
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: ansøger"):
        verb(case, by=people.ulla(), at=now)


def test_new_terms_are_accepted_anew_and_nothing_is_paid_twice():
    walk = walk_to(S.PAID, requested_kr=KR(8_000))
    walk.do(redecide, people.dora(), amount_kr=KR(8_000), reasons="Samme beløb, nye vilkår.")

    walk.accept()

    assert payments(walk.case) == [("CONFIRMED", KR(8_000))]
    assert (walk.case.state, ledger(walk.case)) == (
        S.ACCEPTED,
        [("COMMIT", KR(8_000)), ("PAY", KR(8_000))],
    )


def test_paid_money_is_not_declined():
    walk = walk_to(S.PAID)
    walk.do(redecide, people.dora(), amount_kr=KR(8_000), reasons="Nye vilkår.")

    with refuses(RuleBroken, "Der er udbetalt penge. Skriv til os"):
        walk.decline()
