"""Our few kinds of node: which verbs a task stands for, and when the hub leads to it."""

from collections.abc import Callable
from dataclasses import dataclass

from viewflow.workflow.activation import Activation
from viewflow.workflow.models import Task
from viewflow.workflow.nodes import Handle, Split, View
from viewflow.workflow.nodes.split import SplitActivation

from pulje.enums import AssessmentState
from pulje.models import Application, User
from pulje.states import CaseState, Verb

Condition = Callable[[Application], bool]


@dataclass(frozen=True)
class Stands:
    """The hub's condition: the case stands in one of the states, and ``also`` holds."""

    states: frozenset[CaseState]
    also: Condition | None = None

    def holds(self, application: Application) -> bool:
        return application.state in self.states and (self.also is None or self.also(application))

    def __call__(self, activation: Activation) -> bool:
        return self.holds(activation.process.application)


def stands(*states: CaseState, also: Condition | None = None) -> Stands:
    return Stands(frozenset(states), also)


class Hand(View):
    """A person's task. ``Does`` names the verbs that finish it."""

    verbs: frozenset[Verb] = frozenset()

    def __init__(self) -> None:
        super().__init__(view=None)

    def Does(self, *verbs: Verb) -> "Hand":  # noqa: N802 (viewflow's way of writing nodes)
        self.verbs = frozenset(verbs)
        return self

    def fits(self, task: Task, verb: str, by: User | None) -> bool:
        """True when ``by`` doing ``verb`` is what this task waits for."""
        return verb in self.verbs and by is not None


class Review(Hand):
    """One reviewer's task: only that reviewer's verb finishes it."""

    def fits(self, task: Task, verb: str, by: User | None) -> bool:
        return super().fits(task, verb, by) and by is not None and task.owner_id == by.pk


class Wait(Handle):
    """The case waits for a meeting or a date; the same verbs idea, but nobody's inbox."""

    verbs: frozenset[Verb] = frozenset()

    def Does(self, *verbs: Verb) -> "Wait":  # noqa: N802
        self.verbs = frozenset(verbs)
        return self

    def fits(self, task: Task, verb: str, by: User | None) -> bool:
        return verb in self.verbs


class FanOutActivation(SplitActivation):
    @SplitActivation.status.super()
    def activate(self) -> None:
        """One next task per open assessment; the reviewer's id travels in ``task.data``."""
        open_rows = self.process.application.assessments.filter(
            state=AssessmentState.OPEN
        ).order_by("pk")
        ((node, _condition, _source),) = self.flow_task._branches
        self.next_tasks = [
            (node, {"reviewer": pk}) for pk in open_rows.values_list("reviewer_id", flat=True)
        ]


class FanOut(Split):
    """A split whose branches are the case's open assessments, known only at run time."""

    activation_class = FanOutActivation
