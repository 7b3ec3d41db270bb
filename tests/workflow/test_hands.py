"""A verb done through hands: state, journal, letter and task together, or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from viewflow.workflow.fields import (
    get_flow_ref,
    get_task_ref,
    import_flow_by_ref,
    import_task_by_ref,
)
from viewflow.workflow.models import Process, Task

from letters.models import Letter
from pulje.actions.casework import assessment, recommendation, tie
from pulje.actions.decision import decision
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, JournalEntry
from pulje.states import CaseState
from tests import people
from tests.factories import Walk, a_draft, a_pool, case_in, walk_to
from workflow.contradictions import contradictions, mend
from workflow.hands import carry_out, lock_process, reassign
from workflow.tasklist import open_tasks

pytestmark = pytest.mark.django_db
S = CaseState


def tasks_of(case: Application) -> list[Task]:
    return open_tasks(lock_process(case))


def names(case: Application) -> list[str]:
    return [task.flow_task.name for task in tasks_of(case)]


def test_a_task_is_finished_by_the_person_who_did_the_verb() -> None:
    case = case_in(S.RECOMMENDED)
    (before,) = tasks_of(case)

    entry = carry_out(decision.decide, case, by=people.dora(), amount_kr=case.requested_kr)

    before.refresh_from_db()
    assert (before.status, before.owner) == ("DONE", people.dora())
    assert before.finished is not None
    assert names(case) == ["accept"]
    assert Letter.objects.filter(entry=entry).count() == 1


def test_a_refused_verb_leaves_nothing() -> None:
    case = case_in(S.RECOMMENDED, pool=a_pool(frame_kr=Decimal("5000.00")))
    count = (JournalEntry.objects.count(), Letter.objects.count(), Task.objects.count())

    with pytest.raises(RuleBroken):
        carry_out(decision.decide, case, by=people.dora(), amount_kr=case.requested_kr)

    assert (JournalEntry.objects.count(), Letter.objects.count(), Task.objects.count()) == count
    assert names(case) == ["decide"]


def test_doing_it_again_changes_nothing_and_says_so() -> None:
    case = case_in(S.APPROVED)
    count = JournalEntry.objects.count()

    with pytest.raises(WrongState, match="Bevilget|allerede"):
        carry_out(decision.decide, case, by=people.dora(), amount_kr=case.requested_kr)

    assert JournalEntry.objects.count() == count


def test_withdraw_takes_every_open_task_away() -> None:
    walk = walk_to(S.IN_REVIEW, pool=a_pool(reviewers=3))
    reviews = tasks_of(walk.case)
    assert len(reviews) == 3

    walk.withdraw()

    assert set(
        Task.objects.filter(pk__in=[task.pk for task in reviews]).values_list("status", flat=True)
    ) == {"CANCELED"}
    assert names(walk.case) == ["await_close"]
    assert contradictions() == []


def test_a_question_during_review_keeps_the_assessments_made() -> None:
    walk = walk_to(S.IN_REVIEW, pool=a_pool(reviewers=3))
    first = walk.case.assessments.order_by("pk").first()
    criteria = walk.case.version.criteria.order_by("pk").values_list("pk", flat=True)
    points = dict.fromkeys(criteria, 3)
    walk.do(assessment.record_assessment, first.reviewer, points=points, is_impartial=True)

    walk.ask()
    assert names(walk.case) == ["answer_information"]
    walk.answer()

    assert names(walk.case) == ["review", "review"]
    walk.review()
    assert walk.case.state == S.REVIEWED
    assert contradictions() == []


def test_undo_opens_the_task_that_was_done() -> None:
    case = case_in(S.RECOMMENDED)

    carry_out(recommendation.undo, case, by=people.karl())

    case.refresh_from_db()
    assert case.state == S.REVIEWED
    assert names(case) == ["recommend"]
    assert contradictions() == []


def test_undo_is_refused_once_something_has_left_the_house() -> None:
    case = case_in(S.APPROVED)

    with pytest.raises(WrongState):
        carry_out(recommendation.undo, case, by=people.karl())


def test_a_review_given_to_another_is_theirs() -> None:
    case = case_in(S.IN_REVIEW)
    (task,) = tasks_of(case)

    reassign(task, to=people.karl(), by=people.dora())

    (task,) = tasks_of(case)
    assert (task.owner, task.data) == (people.karl(), {"reviewer": people.karl().pk})
    assert contradictions() == []
    criteria = case.version.criteria.order_by("pk").values_list("pk", flat=True)
    points = {"points": dict.fromkeys(criteria, 3), "is_impartial": True}
    with pytest.raises(NotAllowed):
        carry_out(assessment.record_assessment, case, by=people.rie(), **points)
    carry_out(assessment.record_assessment, case, by=people.karl(), **points)
    assert names(case) == ["recommend"]


def test_a_case_given_to_a_case_worker_gives_its_open_task_too() -> None:
    case = case_in(S.SUBMITTED)
    (task,) = tasks_of(case)

    reassign(task, to=people.rie(), by=people.karl())

    (task,) = tasks_of(case)
    assert (task.owner, task.status) == (people.rie(), "ASSIGNED")
    assert Application.objects.get(pk=case.pk).caseworker == people.rie()


def test_a_disqualified_case_worker_loses_the_open_task() -> None:
    case = case_in(S.SUBMITTED)
    (task,) = tasks_of(case)
    reassign(task, to=people.karl(), by=people.karl())

    carry_out(
        tie.disqualify,
        case,
        by=people.karl(),
        person=people.karl(),
        reason="Min søster er formand.",
    )

    (task,) = tasks_of(case)
    assert (task.owner, task.status) == (None, "NEW")


def test_a_stranger_may_not_give_tasks_away() -> None:
    case = case_in(S.SUBMITTED)
    (task,) = tasks_of(case)

    with pytest.raises(NotAllowed):
        reassign(task, to=people.karl(), by=people.ulla())


def test_a_draft_has_no_process_and_none_after_it_is_withdrawn() -> None:
    walk = Walk(a_draft(), a_draft().state_since)
    assert lock_process(walk.case) is None

    walk.withdraw()

    assert lock_process(walk.case) is None
    assert contradictions() == []


def test_a_closed_case_ends_its_process_and_a_reopened_one_wakes_it() -> None:
    walk = walk_to(S.CLOSED)
    process = Process.objects.get(link__application=walk.case)
    assert (process.status, names(walk.case)) == ("DONE", [])

    walk.do(decision.reopen, people.dora(), reason="Revisionen spurgte.")

    process.refresh_from_db()
    assert (process.status, process.finished) == ("NEW", None)
    assert names(walk.case) == ["await_close"]
    assert contradictions() == []


def test_cases_in_flight_go_on_after_a_deploy() -> None:
    """All that a case needs is in its rows: nothing of the flow lives in a process's memory."""
    walk = walk_to(S.IN_REVIEW, pool=a_pool(reviewers=3))
    for cache in (import_flow_by_ref, import_task_by_ref, get_flow_ref, get_task_ref):
        cache.cache_clear()
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0)

    walk.review()
    walk.recommend()
    walk.decide()

    assert walk.case.state == S.APPROVED
    assert contradictions() == []


def test_mend_brings_a_case_in_line_with_the_table() -> None:
    case = case_in(S.REVIEWED)
    Task.objects.filter(process__link__application=case, finished=None).update(
        finished=case.state_since, status="CANCELED"
    )
    assert len(contradictions()) == 1

    mend(case)

    assert contradictions() == []
    assert names(case) == ["recommend"]


def test_money_paid_after_the_report_comes_back_to_finance() -> None:
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan="REIMBURSEMENT"))
    assert names(walk.case) == ["write_report"]

    walk.submit_report()
    walk.approve_report()
    assert names(walk.case) == ["pay"]
    walk.pay()

    assert walk.case.state == S.REPORTED
    assert names(walk.case) == ["await_close"]


def test_send_back_from_the_committee_opens_the_recommendation() -> None:
    walk = walk_to(S.RECOMMENDED, requested_kr=Decimal("40000.00"))
    assert names(walk.case) == ["await_meeting"]

    walk.do(recommendation.send_back, people.sanne(), reason="Budgettet er for stort.")

    assert names(walk.case) == ["recommend"]
    assert walk.case.due_on > walk.case.state_since.date() + timedelta(days=1)
