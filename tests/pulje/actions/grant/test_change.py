from datetime import timedelta
from decimal import Decimal

import pytest

from pulje.actions.grant import change as actions
from pulje.actions.grant.change import NewLine
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, Membership
from pulje.rules.deadlines import add_months
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState
KR = Decimal
LATER = {"reason": "Salen er optaget."}


def ask(case, now, **facts):
    return actions.request_change(case, by=people.asta(), at=now, **LATER | facts)


def test_yes_applies_the_new_and_keeps_the_old(now):
    case = case_in(S.PAID)
    ends_on, was = case.ends_on + timedelta(days=30), str(case.ends_on)
    lines = [NewLine("EXPENSE", "Mad", KR(9_000)), NewLine("OTHER_FUNDING", "Entré", KR(1_000))]
    ask(case, now, ends_on=ends_on, purpose="Vi laver mad udenfor.", lines=lines)

    entry = actions.answer_change(case, by=people.karl(), at=now, is_approved=True)

    case = again(case)
    due_on = add_months(ends_on, 2)
    assert (case.ends_on, case.description, case.due_on, case.clock_on) == (
        ends_on,
        "Vi laver mad udenfor.",
        due_on,
        due_on - timedelta(days=14),
    )
    rows = case.budget_lines.order_by("position").values_list("text", "amount_kr")
    assert list(rows) == [("Mad", KR(9_000)), ("Entré", KR(1_000))]
    assert entry.data["due_on"] == due_on.isoformat()
    assert entry.data["old"] == {
        "ends_on": was,
        "description": "Vi laver mad sammen hver tirsdag.",
        "lines": [["EXPENSE", "Råvarer", "8000.00"]],
    }


def test_no_needs_a_reason_and_changes_nothing(now):
    case = case_in(S.ACCEPTED)
    change = ask(case, now, ends_on=case.ends_on + timedelta(days=30))

    with refuses(RuleBroken, "Skriv, hvorfor ændringen ikke kan godkendes."):
        actions.answer_change(case, by=people.karl(), at=now, is_approved=False, answer="Nej.")
    told = {"is_approved": False, "answer": "Det er for sent."}
    actions.answer_change(case, by=people.karl(), at=now, **told)

    change.refresh_from_db()
    assert (change.state, change.answer, again(case).ends_on) == (
        "REFUSED",
        "Det er for sent.",
        case.ends_on,
    )
    assert last_line(case).event == "change_refused"
    with refuses(WrongState, "Der er ingen ændring at svare på."):
        actions.answer_change(case, by=people.karl(), at=now, is_approved=True)


def test_one_at_a_time(now):
    case = case_in(S.APPROVED)
    ask(case, now, purpose="Noget andet")

    with refuses(WrongState, "Der er allerede bedt om en ændring."):
        ask(case, now, purpose="Noget tredje")


def test_request_refuses(now):
    case = case_in(S.PAID)

    with refuses(RuleBroken, "Skriv, hvorfor"):
        ask(case, now, reason=" ", purpose="Andet")
    with refuses(RuleBroken, "Skriv en ny dato"):
        ask(case, now)
    with refuses(RuleBroken, "Projektet kan ikke slutte"):
        ask(case, now, ends_on=case.starts_on - timedelta(days=1))
    with refuses(RuleBroken, "Det nye budget mangler kun 7.000"):
        ask(case, now, lines=[NewLine("EXPENSE", "Mad", KR(7_000))])
    with refuses(NotAllowed, "Det kan kun den, der må binde"):
        actions.request_change(case, by=people.ulla(), at=now, reason="x", purpose="y")
    Membership.objects.update(may_sign=False)
    with refuses(NotAllowed, "Det kan kun den, der må binde"):
        ask(case, now, purpose="Andet")


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.REPORTED])
def test_only_a_grant_not_yet_reported_changes(now, state):
    with refuses(WrongState, "Projektet kan ikke ændres nu."):
        ask(case_in(state), now, purpose="Andet")


def test_applicant_does_not_answer_the_own_wish(now):
    case = case_in(S.PAID)
    ask(case, now, purpose="Andet")

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.answer_change(case, by=people.asta(), at=now, is_approved=True)


def test_yes_is_refused_when_the_report_is_approved_meanwhile(now):
    case = case_in(S.REPORT_SUBMITTED)
    ask(case, now, purpose="Andet")
    Application.objects.filter(pk=case.pk).update(state=S.REPORTED)

    with refuses(WrongState, "Projektet kan ikke ændres nu, som sagen står."):
        actions.answer_change(case, by=people.karl(), at=now, is_approved=True)
