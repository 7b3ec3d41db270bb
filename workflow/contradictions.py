"""Where state and flow disagree. The table wins; ``mend`` brings the flow in line again."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from pulje.enums import AssessmentState
from pulje.models import Application, Assessment, Recommendation
from pulje.states import CaseState
from workflow import tasklist
from workflow.flows import GrantFlow
from workflow.hands import lock_process, one_at_a_time

DECIDING = {True: GrantFlow.decide.name, False: GrantFlow.await_meeting.name}


def contradictions(cases: QuerySet[Application] | None = None) -> list[str]:
    """One sentence for each case whose open tasks are not what its state asks for; one query.

    Run every night over all cases, and at the end of tests.
    """
    found = []
    for case in _with_hands(Application.objects.all() if cases is None else cases):
        wrong = _wrong_with(case)
        if wrong:
            found.append(f"{case.number or case.pk}: {wrong} ({case.state})")
    return found


def mend(application: Application) -> None:
    """Cancel what is open and let the hub open what the table asks for."""
    with one_at_a_time():
        process = lock_process(application)
        if process is not None:
            process.application = Application.objects.get(pk=application.pk)
            tasklist.start_over(process, tasklist.open_tasks(process))


def _with_hands(cases: QuerySet[Application]) -> QuerySet[Any]:
    mine = Task.objects.filter(process__link__application=OuterRef("pk"))
    open_rows = mine.filter(finished=None).exclude(flow_task=GrantFlow.all_reviewed)
    reviews = open_rows.filter(flow_task=GrantFlow.review).order_by("owner_id")
    waiting = Assessment.objects.filter(application=OuterRef("pk"), state=AssessmentState.OPEN)
    alone = Recommendation.objects.filter(
        application=OuterRef("pk"), is_current=True, is_delegated=True
    )
    return (
        cases.filter(~Q(state=CaseState.CLOSED) | Exists(open_rows))
        .exclude(submitted_at=None)
        .select_related("link__process")
        .annotate(
            nodes=ArraySubquery(open_rows.order_by("flow_task").values("flow_task")),
            owners=ArraySubquery(reviews.values("owner_id")),
            reviewers=ArraySubquery(waiting.order_by("reviewer_id").values("reviewer_id")),
            is_delegated=Exists(alone),
            has_error=Exists(mine.filter(status=STATUS.ERROR)),
        )
        .order_by("pk")
    )


def _wrong_with(case: Any) -> str:  # an Application as annotated above
    if not hasattr(case, "link"):
        return "har ingen sagsgang"
    if case.has_error:
        return "har en opgave, der er gået i stå"
    nodes = [node.name for node in case.nodes]
    known = tasklist.nodes_of(CaseState(case.state))
    if not set(nodes) <= set(known):
        return "har en opgave, som tilstanden ikke kender"
    if case.state == CaseState.CLOSED:
        return ""
    if case.link.process.finished:
        return "har en afsluttet sagsgang"
    if case.state == CaseState.IN_REVIEW:
        return "" if case.owners == case.reviewers else "har ikke én opgave til hver åben vurdering"
    if len(nodes) != 1:
        return "har ikke netop én åben opgave"
    if case.state == CaseState.RECOMMENDED and nodes != [DECIDING[case.is_delegated]]:
        return "venter på en anden end den, der skal afgøre"
    return ""
