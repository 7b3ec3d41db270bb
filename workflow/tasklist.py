"""The open tasks of a case, and the engine's ways of ending or opening one (for hands, bulk)."""

from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Task
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from pulje.actions.casework.assessment import HANDED_OVER
from pulje.models import Application, JournalEntry, User
from pulje.states import CaseState
from workflow.flows import GrantFlow
from workflow.models import GrantProcess
from workflow.nodes import Hand, Wait

START = Token("start")  # a task the hub opens anew belongs to no split


def open_tasks(process: GrantProcess) -> list[Task]:
    """What is not finished, oldest first; each task knows the process as it was locked."""
    tasks = list(Task.objects.filter(process=process, finished=None).order_by("pk"))
    for task in tasks:
        task.process = process
    return tasks


def follow(process: GrantProcess, entry: JournalEntry) -> None:
    """Bring the tasks in line with what has just been written in the journal.

    The task that waited for this verb is finished by the person who did it, and the flow goes on.
    Any other move of the state cancels what is open and enters the hub anew. A line that moved
    nothing only changes owners.
    """
    tasks = open_tasks(process)
    done = next((task for task in tasks if waits_for(task, entry)), None)
    if done is not None:
        finish(done, by=entry.by)
    elif entry.from_state != entry.to_state:
        start_over(process, tasks)
    else:
        _change_owners(tasks, entry)


def finish(task: Task, *, by: User | None) -> None:
    """End the task as done by this person, through the engine; the flow goes on to the hub."""
    activation = _activation(task)
    if isinstance(task.flow_task, Wait):
        task.owner = by
        activation.run(None)
    else:
        _give(activation, by)
        activation.start(None)
    activation.execute()


def cancel(tasks: list[Task]) -> None:
    """The one way to take open tasks away."""
    for task in tasks:
        _activation(task).cancel()


def start_over(process: GrantProcess, tasks: list[Task]) -> None:
    """Cancel what is open, wake a finished process, let the hub open what the state asks for."""
    cancel(tasks)
    before = tasks[0] if tasks else Task.objects.filter(process=process).order_by("-pk")[0]
    before.process = process
    if process.status == PROCESS.DONE:
        _activation(before).undo()
    activation = _activation(before)
    activation._activate_next({GrantFlow.route._create(activation, START)})


def next_node(application: Application) -> Hand | Wait:
    """The node the hub leads to as the case stands."""
    return next(
        node for node, condition in GrantFlow.route._branches if condition.holds(application)
    )


def nodes_of(state: CaseState) -> list[str]:
    """The names of the nodes that may be open in a state; none when it is closed."""
    names = [
        node.name for node, condition in GrantFlow.route._branches if state in condition.states
    ]
    names = [GrantFlow.review.name if name == GrantFlow.assess.name else name for name in names]
    return [name for name in names if name != GrantFlow.end.name]


def _activation(task: Task) -> Activation:
    return task.flow_task.activation_class(task)


def waits_for(task: Task, entry: JournalEntry) -> bool:
    """True when the line is what the task was for; ``reviewer``: settled for somebody else."""
    if task.flow_task == GrantFlow.review and "reviewer" in entry.data:
        return bool(task.owner_id == entry.data["reviewer"])
    return isinstance(task.flow_task, (Hand, Wait)) and task.flow_task.fits(
        task, entry.event, entry.by
    )


def _change_owners(tasks: list[Task], entry: JournalEntry) -> None:
    for task in tasks:
        if entry.event == HANDED_OVER and task.data.get("reviewer") == entry.data["from"]:
            task.data = {"reviewer": entry.data["to"]}
        if isinstance(task.flow_task, Hand) and task.flow_task._owner is not None:
            activation = _activation(task)
            _give(activation, task.flow_task.calc_owner(activation))


def _give(activation: Activation, to: User | None) -> None:
    if activation.status == STATUS.NEW:
        if to is not None:
            activation.assign(to)
    elif to is None:
        activation.unassign()
    elif activation.task.owner_id != to.pk:
        activation.reassign(to)
