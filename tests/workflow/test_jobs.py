"""Work on many cases: looked through first, done once, safe to kill, the same as one by one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from pulje.actions import job as rows
from pulje.enums import AssessmentState, JobState, LineState, Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import AgendaItem, Application, Job, JournalEntry, Message
from pulje.queries.job import progress_of, refusals_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_pool, case_in
from workflow import jobs
from workflow.contradictions import contradictions
from workflow.job_actions import ACTIONS, check_offered, offered_to

pytestmark = pytest.mark.django_db


def lines(*cases: Application) -> list[rows.Line]:
    return [(case, {}) for case in cases]


def told(case: Application) -> list[str]:
    return list(case.journal.order_by("number").values_list("event", flat=True))


def standing() -> list[object]:
    """Everything a pre-flight might have left behind."""
    cases = Application.objects.order_by("pk").values_list("state", "caseworker", "journal_length")
    return [*cases, Message.objects.count(), AgendaItem.objects.count(), Job.objects.count()]


def test_preflight_finds_what_each_action_refuses_and_leaves_nothing() -> None:
    """One table over one set of cases: what is ready, and the sentences without case numbers."""
    pool, _reviewer = a_pool(), people.rie()
    new = case_in(CaseState.SUBMITTED, pool=pool)
    tied = case_in(CaseState.SUBMITTED, pool=pool)
    tied.conflicts.create(
        user=people.karl(), reason="Søster", declared_at=timezone.now(), declared_by=people.karl()
    )
    asked = case_in(CaseState.RETURNED, pool=pool)
    big = case_in(CaseState.RECOMMENDED, pool=pool, requested_kr=Decimal(40_000))
    report = case_in(CaseState.REPORT_SUBMITTED, pool=pool)
    held = a_committee().meetings.create(
        held_at=timezone.now() + timedelta(days=9), place="Rådhuset", address="snart"
    )
    cases = [new, tied, asked, big, report]
    moved = "Det kan ikke gøres nu."
    table: list[tuple[str, dict[str, Any], list[Application], list[str]]] = [
        ("assign", {"to": people.rie().pk}, [new, asked, big, report], ["Du er inhabil"]),
        ("assign", {"to": people.karl().pk}, [new], ["Du er inhabil", "Sagen er allerede hos"]),
        ("claim", {}, [new], ["Du er inhabil", "Sagen er allerede din."]),
        (
            "accept_for_review",
            {"reviewers": [people.rie().pk], "rest_is_fine": True},
            [new],
            ["Du er inhabil", *[moved] * 3],
        ),
        ("remind", {"text": "Husk svaret."}, [asked], ["Sagen venter ikke på ansøger."]),
        ("message", {"text": "Vi har nye åbningstider."}, [new, asked, big, report], ["Du er inh"]),
        ("agenda", {"meeting": held.pk}, [big], ["Du er inhabil", "Sagen er ikke indstillet"]),
        ("approve_report", {}, [report], [moved] * 3),
    ]
    before = standing()

    for name, facts, ready, sentences in table:
        found = jobs.preflight(name, lines(*cases), facts=facts, by=people.karl())
        said = sorted(found.refused)
        assert found.ready == ready, (name, said)
        assert len(said) == len(sentences), (name, said)
        for sentence, start in zip(said, sorted(sentences), strict=True):
            assert sentence.startswith(start), name
            assert not any(case.number in sentence for case in cases)

    late = jobs.preflight("claim", lines(*cases), facts={}, by=people.karl(), seconds=-1)
    assert (late.ready, late.refused, late.unseen) == ([], {}, cases)
    assert standing() == before


def test_a_job_is_done_as_one_by_one_and_says_what_it_refused() -> None:
    pool = a_pool()
    ready = [case_in(CaseState.SUBMITTED, pool=pool) for _ in range(2)]
    late = case_in(CaseState.REJECTED, pool=pool)
    facts = {"reviewers": [people.rie().pk], "rest_is_fine": True}

    job = jobs.start(
        "accept_for_review", lines(*ready, late), facts=facts, by=people.karl(), key="set"
    )
    again = jobs.start("accept_for_review", lines(*ready), facts=facts, by=people.karl(), key="set")
    assert again == job
    assert jobs.work_off() == 3

    job.refresh_from_db()
    assert job.state == JobState.DONE
    progress = progress_of(job)
    assert (progress.done, progress.refused, progress.waiting, progress.percent) == (2, 1, 0, 100)
    ((sentence, refused),) = refusals_of(job)
    assert refused == [late]
    assert sentence.startswith("Det kan ikke gøres nu.")
    assert [told(case)[-1] for case in ready] == ["accept_for_review"] * 2
    assert contradictions() == []
    jobs.resume(job, by=people.karl())  # it has ended, so nothing happens
    assert jobs.work_off() == 0
    jobs.try_again(job, by=people.karl())
    assert jobs.work_off() == 1
    assert progress_of(job).refused == 1
    with pytest.raises(NotAllowed, match="en andens arbejde"):
        rows.stop(job, by=people.rie(), at=timezone.now())


def test_recommendations_carry_their_own_facts_and_handing_over_takes_the_assessment() -> None:
    pool = a_pool()
    judged = case_in(CaseState.REVIEWED, pool=pool)
    ground = judged.version.grounds.order_by("pk")[0]
    own = {"amount_kr": "5000.00", "reasons": "Puljen er lille.", "grounds": [ground.pk]}
    jobs.start("recommend", [(judged, own)], facts={}, by=people.karl(), key="one")
    in_review = case_in(CaseState.IN_REVIEW, pool=pool)
    reviewer = in_review.assessments.get().reviewer
    Application.objects.filter(pk=in_review.pk).update(caseworker=reviewer)
    to = people.person("Rolf", Role.CASE_WORKER)
    jobs.start(
        "assign",
        lines(in_review),
        facts={"to": to.pk, "with_assessment": True},
        by=people.karl(),
    )

    assert jobs.work_off() == 2

    proposal = judged.recommendations.get(is_current=True)
    assert (proposal.amount_kr, list(proposal.grounds.all())) == (Decimal(5000), [ground])
    assert told(in_review)[-2:] == ["assigned", "assessment_handed_over"]
    assert in_review.assessments.get(state=AssessmentState.OPEN).reviewer == to
    assert contradictions() == []


def test_a_worker_that_dies_between_its_lines_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed after the work and before its mark: both are rolled back, and done once later."""
    pool = a_pool()
    cases = [case_in(CaseState.SUBMITTED, pool=pool) for _ in range(3)]
    Application.objects.filter(pool=pool).update(caseworker=None)
    job = jobs.start("claim", lines(*cases), facts={}, by=people.karl())

    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle_line", dying_at(2, rows.settle_line))
        with pytest.raises(KeyboardInterrupt):
            jobs.work_off()
    states = job.lines.order_by("pk").values_list("state", flat=True)
    assert list(states) == [LineState.DONE, LineState.WAITING, LineState.WAITING]
    owned = Application.objects.filter(pool=pool).order_by("pk").values_list("caseworker")
    assert list(owned) == [(people.karl().pk,), (None,), (None,)]

    rows.stop(job, by=people.karl(), at=timezone.now())
    assert jobs.work_off() == 0
    jobs.resume(job, by=people.karl())
    assert jobs.work_off() == 2

    assert JournalEntry.objects.filter(event="assigned", application__pool=pool).count() == 3
    assert set(job.lines.values_list("state", flat=True)) == {LineState.DONE}


def dying_at(number: int, do: Callable[..., None]) -> Callable[..., None]:
    calls = iter(range(1, number + 1))

    def settle(*args: Any) -> None:
        if next(calls) == number:
            raise KeyboardInterrupt
        do(*args)

    return settle


def test_an_unexpected_error_refuses_its_own_case_only(caplog: pytest.LogCaptureFixture) -> None:
    pool = a_pool()
    cases = [case_in(CaseState.REVIEWED, pool=pool) for _ in range(2)]
    facts = {"reasons": "Godt.", "amount_kr": "8000.00"}
    wrong = [(cases[0], {"amount_kr": "mange"}), (cases[1], {})]
    job = jobs.start("recommend", wrong, facts=facts, by=people.karl())

    jobs.work_off()

    assert cases[0].number in caplog.text
    ((sentence, refused),) = refusals_of(job)
    assert (sentence[:14], refused) == ("Noget gik galt", [cases[0]])
    assert job.lines.get(application=cases[1]).state == LineState.DONE


def test_nothing_and_too_much_are_refused_and_roles_decide_what_is_offered() -> None:
    with pytest.raises(RuleBroken, match="mindst én"):
        jobs.start("claim", [], facts={}, by=people.karl())
    assert [name for name, _action in offered_to(people.karl())] == [
        name for name, action in ACTIONS.items() if action.form
    ]
    assert [name for name, _action in offered_to(people.fie())] == []
    for name in ("claim", "fly"):
        with pytest.raises(NotAllowed):
            check_offered(people.fie(), name)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_cases_and_do_each_once() -> None:
    pool = a_pool()
    cases = [case_in(CaseState.SUBMITTED, pool=pool) for _ in range(4)]
    Application.objects.filter(pool=pool).update(caseworker=None)
    job = jobs.start("claim", lines(*cases), facts={}, by=people.karl())

    with ThreadPoolExecutor(2) as workers:
        done = list(workers.map(lambda _number: in_a_worker(), range(2)))

    assert sum(done) == 4
    assert JournalEntry.objects.filter(event="assigned").count() == 4
    assert set(job.lines.values_list("state", flat=True)) == {LineState.DONE}
    job.refresh_from_db()
    assert job.state == JobState.DONE


def in_a_worker() -> int:
    try:
        return jobs.work_off()
    finally:
        connection.close()
