"""hands.py on a set: queries do not grow with the cases, and the rows equal the engine's.

Safe because no node here has a boundary event and every process row is locked, in pk order;
tests/workflow/test_bulk.py proves that the rows are the same.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from letters import actions as letters
from letters.mails.actions import nudge
from letters.packets import actions
from pulje.actions.decision import decision
from pulje.actions.decision.deciding import Ruling
from pulje.actions.meeting import closing
from pulje.actions.meeting.at_meeting import lock_any
from pulje.models import Application, JournalEntry, Meeting, User
from pulje.states import CaseState
from workflow import tasklist
from workflow.flows import GrantFlow
from workflow.hands import one_at_a_time
from workflow.models import CaseLink, GrantProcess
from workflow.nodes import Hand, Wait

BATCH = 2000
After = tuple[GrantProcess, Task]  # the task the hub is entered after


def decide_many(
    rulings: Sequence[Ruling],
    *,
    by: User,
    at: datetime | None = None,
) -> list[JournalEntry]:
    """Decide all or nothing: decisions, ledger, states, journal, letters, tasks in one transaction.

    Raises what pulje.actions.decision.decision.decide_many raises; then nothing is written.
    """
    at = at or timezone.now()
    with one_at_a_time():
        processes = _lock_processes([ruling.application for ruling in rulings])
        entries = decision.decide_many(rulings, by=by, at=at)
        _follow(processes, entries)
    return entries


def close_meeting(meeting: Meeting, *, by: User, at: datetime | None = None) -> list[JournalEntry]:
    """Close a meeting with all it decides, or nothing: letters queued and tasks moved on.

    Raises what pulje.actions.meeting.closing.close_meeting raises; then nothing is written.
    """
    at = at or timezone.now()
    with one_at_a_time():
        lock_any(meeting)  # in the order of everybody: meeting, processes, cases, pools
        cases = Application.objects.filter(agenda_items__meeting=meeting).order_by("pk")
        processes = _lock_processes(cases)
        entries = closing.close_meeting(meeting, by=by, at=at)
        _follow(processes, entries)
        nudge(actions.WORK)  # the minutes
    return entries


def _follow(processes: dict[int, GrantProcess], entries: Sequence[JournalEntry]) -> None:
    """Letters and tasks, after what has just been written in the journal."""
    letters.queue_many(entries)
    for entry in entries:
        processes[entry.application_id].application = entry.application
    moved = [entry for entry in entries if entry.from_state != entry.to_state]
    by_person = sorted(moved, key=lambda entry: entry.by_id or 0)
    for _pk, group in groupby(by_person, key=lambda entry: entry.by_id):
        _follow_many(processes, list(group))


def begin_many(applications: Sequence[Application]) -> None:
    """Open the processes of cases that an import has just taken in; see ``hands.begin``."""
    assert all(application.state == CaseState.SUBMITTED for application in applications)
    with one_at_a_time():
        processes = [GrantProcess(flow_class=GrantFlow) for _application in applications]
        Process.objects.bulk_create(processes, batch_size=BATCH)
        for process, application in zip(processes, applications, strict=True):
            process.application = application
        CaseLink.objects.bulk_create(
            [CaseLink(process=process, application=process.application) for process in processes],
            batch_size=BATCH,
        )
        starts = [_done(GrantFlow.start, process) for process in processes]
        for start in starts:
            start.started = start.finished
        Task.objects.bulk_create(starts, batch_size=BATCH)
        _enter_hub(list(zip(processes, starts, strict=True)))


def _lock_processes(
    applications: Sequence[Application] | QuerySet[Application],
) -> dict[int, GrantProcess]:
    rows = GrantProcess.objects.select_for_update(of=("self",)).select_related("link")
    rows = rows.filter(link__application__in=applications).order_by("pk")
    return {process.link.application_id: process for process in rows}


def _follow_many(processes: dict[int, GrantProcess], entries: Sequence[JournalEntry]) -> None:
    """Finish the tasks that waited for what one person did; other cases go one by one."""
    waiting = _waiting_tasks(processes, entries)
    now = timezone.now()
    Task.objects.filter(pk__in=[task.pk for _process, task in waiting.values()]).update(
        status=STATUS.DONE, owner=entries[0].by, started=now, finished=now
    )
    _enter_hub(list(waiting.values()))
    for entry in entries:
        if entry.application_id not in waiting:
            tasklist.follow(processes[entry.application_id], entry)


def _waiting_tasks(
    processes: dict[int, GrantProcess], entries: Sequence[JournalEntry]
) -> dict[int, After]:
    verbs = {entry.application_id: entry for entry in entries}
    cases = {processes[case].pk: case for case in verbs}
    found: dict[int, After] = {}
    open_rows = Task.objects.filter(process__in=list(cases), finished=None)
    for task in open_rows.order_by("pk"):
        case = cases[task.process_id]
        if tasklist.waits_for(task, verbs[case]):
            found[case] = (processes[case], task)
    return found


def _enter_hub(cases: Sequence[After]) -> None:
    """The hub's own task, done, and the task it leads to, open, for each case."""
    hubs = [_done(GrantFlow.route, process) for process, _before in cases]
    Task.objects.bulk_create(hubs, batch_size=BATCH)
    opened = [_opened(process) for process, _before in cases]
    Task.objects.bulk_create(opened, batch_size=BATCH)
    befores = [before for _process, before in cases]
    steps = [*zip(befores, hubs, strict=True), *zip(hubs, opened, strict=True)]
    follows = Task.previous.through
    follows.objects.bulk_create(
        [follows(from_task_id=after.pk, to_task_id=before.pk) for before, after in steps],
        batch_size=BATCH,
    )


def _done(node, process: GrantProcess) -> Task:
    return Task(
        process=process,
        flow_task=node,
        flow_task_type=node.task_type,
        status=STATUS.DONE,
        finished=timezone.now(),
    )


def _opened(process: GrantProcess) -> Task:
    node = tasklist.next_node(process.application)
    task = Task(process=process, flow_task=node, flow_task_type=node.task_type, status=STATUS.NEW)
    if isinstance(node, Hand):
        activation = node.activation_class(task)
        task.owner_permission = node.calc_owner_permission(activation)
        task.owner_permission_obj = node.calc_owner_permission_obj(activation)
        task.owner = node.calc_owner(activation)
        task.status = STATUS.ASSIGNED if task.owner else STATUS.NEW
    else:
        assert isinstance(node, Wait), f"{node} cannot be opened set-wise"
    return task
