"""The invented municipality is built by the real verbs: what always holds, holds there."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum

from pulje.actions.journal import broken_entries
from pulje.actions.ledger import case_totals, remaining_kr, totals
from pulje.enums import LedgerKind, PaymentState, Role
from pulje.models import Applicant, Application, LedgerEntry, Payment, Pool, User
from pulje.rules.budget import outstanding, paid
from pulje.states import CaseState
from workflow.contradictions import contradictions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_demo_agrees_with_itself(capsys):
    call_command("demo")

    cases = Application.objects.order_by("pk").prefetch_related("journal")
    assert set(cases.values_list("state", flat=True)) == set(CaseState)
    assert len(cases) == 180
    assert "180  sager i alt" in capsys.readouterr().out
    assert broken_entries(cases) == []
    assert contradictions() == []
    for pool in Pool.objects.order_by("pk"):
        assert remaining_kr(pool) >= 0, pool
        assert totals(pool)[LedgerKind.FRAME] > 0, pool
    for case in cases.exclude(ledger=None).distinct():
        sums = case_totals(case).items()
        assert outstanding(sums) >= 0, case
        assert 0 <= paid(sums) <= (case.granted_kr or 0), case
    confirmed = Payment.objects.filter(state=PaymentState.CONFIRMED).aggregate(Sum("amount_kr"))
    in_ledger = LedgerEntry.objects.filter(kind=LedgerKind.PAY).aggregate(Sum("amount_kr"))
    assert confirmed == in_ledger
    assert confirmed["amount_kr__sum"] > Decimal(100_000)
    assert not User.objects.exclude(email__endswith=".example").exists()
    held = {role for roles in User.objects.values_list("roles", flat=True) for role in roles}
    assert held == set(Role) - {Role.APPLICANT, Role.SYSTEM}
    assert not Applicant.objects.exclude(email="").exclude(email__contains=".example").exists()


def test_demo_leaves_a_database_with_people_alone(capsys):
    User.objects.create_user("karl@puljer.example", name="Karl")

    call_command("demo")

    assert capsys.readouterr().out == "Der er allerede data. Demoen er ikke lagt ind.\n"
    assert not Application.objects.exists()
