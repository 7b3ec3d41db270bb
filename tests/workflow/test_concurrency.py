"""Real threads, real transactions: what two people do at the same moment."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone
from viewflow.workflow.models import Task

from letters.models import Letter
from pulje.actions.application import application
from pulje.actions.casework import assessment
from pulje.actions.decision import decision
from pulje.actions.ledger import remaining_kr
from pulje.errors import PuljeError, RuleBroken, WrongState
from pulje.models import Application, JournalEntry
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, case_in
from workflow import hands
from workflow.contradictions import contradictions
from workflow.hands import carry_out
from workflow.models import CaseLink

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[PuljeError]:
    """Start all jobs at the same moment, each on its own connection; give the refusals."""
    ready, refusals, crashes = Barrier(len(jobs)), [], []

    def run(job: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=60)
            job()
        except PuljeError as refusal:
            refusals.append(refusal)
        except Exception as crash:  # a thread's crash would go unseen
            crashes.append(crash)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert crashes == []
    return refusals


def test_two_grants_at_once_never_exceed_the_frame() -> None:
    pool = a_pool(frame_kr=Decimal("10000.00"))
    cases = [case_in(CaseState.RECOMMENDED, pool=pool) for _ in range(2)]
    leader = people.dora()

    def grant(case: Application) -> Callable[[], object]:
        return lambda: carry_out(decision.decide, case, by=leader, amount_kr=Decimal("8000.00"))

    refusals = at_once(*(grant(case) for case in cases))

    assert [type(refusal) for refusal in refusals] == [RuleBroken]
    assert remaining_kr(pool) == Decimal("2000.00")
    states = Application.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == [CaseState.APPROVED, CaseState.RECOMMENDED]
    assert contradictions() == []


def test_three_reviewers_finishing_at_once_make_one_reviewed_case() -> None:
    case = case_in(CaseState.IN_REVIEW, pool=a_pool(reviewers=3))
    criteria = case.version.criteria.order_by("pk").values_list("pk", flat=True)
    points = dict.fromkeys(criteria, 3)
    reviewers = [row.reviewer for row in case.assessments.order_by("pk")]

    refusals = at_once(
        *(
            lambda reviewer=reviewer: carry_out(
                assessment.record_assessment,
                case,
                by=reviewer,
                points=points,
                is_impartial=True,
            )
            for reviewer in reviewers
        )
    )

    assert refusals == []
    case.refresh_from_db()
    assert case.state == CaseState.REVIEWED
    reviewed = JournalEntry.objects.filter(application=case, to_state=CaseState.REVIEWED)
    assert reviewed.count() == 1
    joins = Task.objects.filter(process__link__application=case, flow_task_type="JOIN")
    assert [join.status for join in joins.order_by("pk")] == ["DONE"]
    assert contradictions() == []


def test_a_double_click_submits_once() -> None:
    draft = a_draft()
    asta, now = people.asta(), timezone.now()

    def submit() -> object:
        return carry_out(application.submit, draft, by=asta, at=now)

    refusals = at_once(submit, submit)

    assert [type(refusal) for refusal in refusals] == [WrongState]
    assert "allerede sendt" in refusals[0].sentence
    assert CaseLink.objects.count() == 1
    assert Letter.objects.filter(kind="RECEIPT").count() == 1
    assert JournalEntry.objects.filter(event="submit").count() == 1


def test_two_people_deciding_the_same_case_decide_it_once() -> None:
    case = case_in(CaseState.RECOMMENDED)
    leader = people.dora()

    def decide() -> object:
        return carry_out(decision.decide, case, by=leader, amount_kr=case.requested_kr)

    refusals = at_once(decide, decide, decide)

    assert [type(refusal) for refusal in refusals] == [WrongState, WrongState]
    assert case.decisions.count() == 1
    assert contradictions() == []


def test_who_waits_too_long_for_a_case_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_in(CaseState.RECOMMENDED)
    monkeypatch.setattr(hands, "LOCK_TIMEOUT", "100ms")
    leader = people.dora()
    refusals: list[PuljeError] = []

    def decide() -> object:
        return carry_out(decision.decide, case, by=leader, amount_kr=case.requested_kr)

    with transaction.atomic():
        hands.lock_process(case)
        refusals = at_once(decide)

    assert "behandlet af en anden" in refusals[0].sentence
    case.refresh_from_db()
    assert case.state == CaseState.RECOMMENDED
