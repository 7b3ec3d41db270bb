"""Random walks over the whole table: whatever people do, the sums and the tasks agree."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from pulje.actions.journal import broken_entries
from pulje.actions.ledger import case_totals, remaining_kr
from pulje.enums import PaymentPlan, Role
from pulje.errors import PuljeError
from pulje.models import Application, LedgerEntry, Payment, User
from pulje.rules.budget import outstanding, paid
from pulje.states import STEPS, CaseState, Verb, verbs_from
from tests import people
from tests.factories import a_draft, a_pool, a_round
from tests.workflow.doing import Try, attempt
from workflow.contradictions import contradictions

FRAME_KR = Decimal("15000.00")  # two small grants do not both fit
AMOUNTS = st.sampled_from([Decimal(0), Decimal("3000.00"), Decimal("8000.00")])
FORWARD = (
    Verb.SUBMIT,
    Verb.ACCEPT_FOR_REVIEW,
    Verb.RECORD_ASSESSMENT,
    Verb.RECOMMEND,
    Verb.DECIDE,
    Verb.ACCEPT,
    Verb.MARK_PAID,
    Verb.SUBMIT_REPORT,
    Verb.APPROVE_REPORT,
)


class TwoCasesInOnePool(RuleBasedStateMachine):
    """Two applicants compete for one frame; every verb of the table may be tried by anybody."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at: datetime = timezone.now() - timedelta(days=2000)
        self.pool = a_pool(frame_kr=FRAME_KR, payment_plan=PaymentPlan.INSTALMENTS)
        round = a_round(self.pool, opens_at=self.at - timedelta(days=1))
        self.cases = [a_draft(round=round, starts=self.at) for _ in range(2)]
        self.refused = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(case=st.integers(0, 1), amount_kr=AMOUNTS)
    def somebody_who_may_goes_on(self, case: int, amount_kr: Decimal) -> None:
        """The way most cases go, so that walks come far."""
        verb = next((v for v in FORWARD if v in verbs_from(self._state(case))), None)
        if verb is not None:
            self._do(case, verb, self._who_may(verb), amount_kr)

    @rule(case=st.integers(0, 1), amount_kr=AMOUNTS, data=st.data())
    def somebody_who_may_does_a_verb(
        self, case: int, amount_kr: Decimal, data: st.DataObject
    ) -> None:
        verb = data.draw(st.sampled_from(verbs_from(self._state(case)) or (Verb.REOPEN,)))
        self._do(case, verb, self._who_may(verb), amount_kr)

    @rule(
        case=st.integers(0, 1),
        verb=st.sampled_from(list(Verb)),
        who=st.sampled_from([*people.EVERYBODY, None]),
        amount_kr=AMOUNTS,
    )
    def anybody_tries_anything(
        self, case: int, verb: Verb, who: object, amount_kr: Decimal
    ) -> None:
        if who is not None or Role.SYSTEM in STEPS[verb].who - {Role.FINANCE}:
            self._do(case, verb, who and who(), amount_kr)

    @rule(days=st.integers(1, 90))
    def time_goes(self, days: int) -> None:
        self.at += timedelta(days=days)

    @invariant()
    def money_agrees(self) -> None:
        assert remaining_kr(self.pool) >= 0
        sums: dict[str, Decimal] = {}
        for case in self.cases:
            totals = case_totals(case)
            granted = totals.get("COMMIT", 0) - totals.get("RELEASE", 0)
            assert 0 <= paid(totals.items()) <= granted
            assert outstanding(totals.items()) >= 0
            confirmed = Payment.objects.filter(application=case, state="CONFIRMED")
            assert (confirmed.aggregate(kr=Sum("amount_kr"))["kr"] or 0) == paid(totals.items())
            for kind, amount in totals.items():
                sums[kind] = sums.get(kind, Decimal(0)) + amount
        ledger = LedgerEntry.objects.filter(pool=self.pool).exclude(kind="FRAME")
        rows = ledger.order_by("kind").values_list("kind").annotate(Sum("amount_kr"))
        assert dict(rows) == sums

    @invariant()
    def state_journal_and_tasks_agree(self) -> None:
        cases = Application.objects.filter(pool=self.pool).order_by("pk")
        assert contradictions(cases) == []
        assert broken_entries(cases) == []
        for case in cases:
            last = case.journal.order_by("-number").first()
            assert last is None or last.to_state == case.state

    def _state(self, case: int) -> CaseState:
        row = Application.objects.values_list("state", flat=True).get(pk=self.cases[case].pk)
        return CaseState(row)

    def _who_may(self, verb: Verb) -> User | None:
        who = STEPS[verb].who
        if Role.APPLICANT in who:
            return people.asta()
        if verb in (Verb.RECORD_ASSESSMENT, Verb.CLAIM_REPAYMENT):
            return people.rie()
        everybody = [person() for person in people.EVERYBODY]
        return next((user for user in everybody if user.has_role(*who)), None)

    def _do(self, case: int, verb: Verb, by: User | None, amount_kr: Decimal) -> None:
        """Try it; a refusal must leave everything as it was."""
        self.at += timedelta(days=1)
        application = Application.objects.get(pk=self.cases[case].pk)
        if verb == Verb.MARK_PAID and not application.payments.exists():
            return
        before = (application.state, application.journal_length, LedgerEntry.objects.count())
        note(f"{application} {application.state}: {by} {verb} {amount_kr}")
        try:
            with transaction.atomic():
                attempt(verb, Try(application, by, self.at, amount_kr))
        except PuljeError:
            self.refused += 1
            application.refresh_from_db()
            after = (application.state, application.journal_length, LedgerEntry.objects.count())
            assert after == before


@pytest.mark.django_db
@pytest.mark.slow
def test_two_cases_in_one_pool_under_every_order_of_verbs() -> None:
    run_state_machine_as_test(
        TwoCasesInOnePool,
        settings=settings(
            max_examples=9,
            stateful_step_count=40,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
