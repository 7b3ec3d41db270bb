"""Every state can be walked to by the real verbs, and the flow stands where the table says."""

import pytest

from pulje.actions.journal import broken_entries
from pulje.states import CaseState
from tests.factories import case_in
from workflow.models import GrantProcess
from workflow.tasklist import next_node, nodes_of, open_tasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(CaseState))
def test_case_in_each_state_has_its_task_and_an_unbroken_journal(state: CaseState) -> None:
    case = case_in(state)

    process = GrantProcess.objects.filter(link__application=case).first()
    open_nodes = [task.flow_task.name for task in open_tasks(process)] if process else []
    wanted = [] if state in (CaseState.DRAFT, CaseState.CLOSED) else [next_node(case).name]
    assert open_nodes == [name.replace("assess", "review") for name in wanted]
    assert set(open_nodes) <= set(nodes_of(state))
    assert broken_entries([case]) == []
