"""The flow as it is declared: nobody's task is anybody's, and every state has its place."""

import pytest
from viewflow.workflow.nodes import Split, View

from pulje.enums import Role
from pulje.permissions import BINDING
from pulje.states import STEPS, CaseState, Verb
from tests import people
from tests.factories import case_in
from workflow.flows import GrantFlow
from workflow.hands import lock_process
from workflow.nodes import Hand, Wait
from workflow.tasklist import nodes_of, open_tasks

NODES = list(GrantFlow.instance.nodes())
HANDS = [node for node in NODES if isinstance(node, Hand)]
# verbs that take a case away from its open task; whoever does them, the task is cancelled
BESIDE_THE_TASKS = {
    Verb.SUBMIT,  # begins the process
    Verb.REGISTER_ON_BEHALF,
    Verb.EXPIRE_HEARING,  # the clock's
    Verb.LAPSE,
    Verb.WITHDRAW,
    Verb.WAIVE_REPORT,
    Verb.CLAIM_REPAYMENT,
    Verb.REDECIDE,
    Verb.ANNUL,
    Verb.REOPEN,
    Verb.UNDO,
}


@pytest.mark.parametrize("node", [node for node in NODES if isinstance(node, View)], ids=str)
def test_every_human_task_names_who_may(node: View) -> None:
    assert node._owner_permission or node._owner, f"{node} would be anybody's"
    assert str(node._owner_permission).startswith("pulje.")


def test_every_verb_finishes_a_task_or_stands_beside() -> None:
    done = set().union(*(node.verbs for node in NODES if isinstance(node, (Hand, Wait))))

    assert done | BESIDE_THE_TASKS == set(Verb)
    assert not done & BESIDE_THE_TASKS


@pytest.mark.parametrize(
    "node", [node for node in NODES if isinstance(node, (Hand, Wait))], ids=str
)
def test_a_task_is_open_only_where_its_verbs_begin(node: Hand | Wait) -> None:
    states = [state for state in CaseState if node.name in nodes_of(state)]

    assert states
    for state in states:
        assert any(state in STEPS[verb].sources for verb in node.verbs), f"{node} in {state}"


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.DRAFT, CaseState.CLOSED}))
def test_the_hub_leads_on_from_every_state(state: CaseState) -> None:
    assert nodes_of(state)


def test_the_flow_locks_and_waits() -> None:
    assert GrantFlow.lock_impl.nowait is False
    assert GrantFlow.lock_impl.attempts == 1


def test_node_names_are_in_the_database_and_never_change() -> None:
    names = sorted(node.name for node in NODES)
    assert names == [
        "accept",
        "all_reviewed",
        "answer_hearing",
        "answer_information",
        "assess",
        "await_close",
        "await_meeting",
        "check_report",
        "decide",
        "end",
        "pay",
        "recommend",
        "review",
        "route",
        "screen",
        "settle",
        "start",
        "write_report",
    ]
    assert isinstance(GrantFlow.assess, Split)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state",
    [CaseState.SUBMITTED, CaseState.RECOMMENDED, CaseState.APPROVED, CaseState.ACCEPTED],
)
def test_who_can_take_a_task_is_who_may_do_the_verb(state: CaseState) -> None:
    case = case_in(state)
    (task,) = open_tasks(lock_process(case))
    verb = Verb(task.owner_permission.partition(".")[2])

    can = {who().name for who in people.EVERYBODY if task.flow_task.can_assign(who(), task)}

    roles = STEPS[verb].who
    may = {who().name for who in people.EVERYBODY if who().has_role(*roles)}
    assert can == ({"Asta"} if Role.APPLICANT in roles else may)


@pytest.mark.django_db
def test_a_member_who_may_not_bind_cannot_take_a_binding_task() -> None:
    case = case_in(CaseState.APPROVED)
    (task,) = open_tasks(lock_process(case))
    assert Verb.ACCEPT in BINDING
    case.applicant.memberships.update(may_sign=False)

    assert not task.flow_task.can_assign(people.asta(), task)
