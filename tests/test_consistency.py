"""What imports cannot show: who writes, who knows the time, whether a verb is in every room."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from letters.kinds.registry import KINDS
from pulje.states import ENDED, OTHER_VERBS, STATES, STEPS, CaseState, Verb
from tests.repository import ROOT, in_room, name_of, sources, tree, where
from workflow.flows import GrantFlow
from workflow.nodes import Hand, Wait

WRITE = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
}
OURS = ("pulje", "letters", "workflow")  # config has no rows


# --- who writes -------------------------------------------------------------------------------

# `.state =` of rows that have a life of their own beside the case
OWN_STATES = (
    "pulje/actions/meeting/agenda_lock.py",
    "pulje/actions/decision/appeal.py",
    "pulje/actions/casework/assessment.py",
    "pulje/actions/grant/change.py",
    "pulje/actions/meeting/closing.py",
    "pulje/actions/meeting/meeting.py",
    "pulje/actions/grant/payment.py",
    "pulje/actions/grant/repayment.py",
    "pulje/actions/grant/report.py",
    *[
        f"letters/actions/{name}.py"
        for name in (
            "approve",
            "change_channel",
            "deliver",
            "fall_back",
            "gone",
            "make",
            "queue",
            "retry",
            "rows",
        )
    ],
    "letters/archive/actions.py",
    "letters/available.py",
    "letters/mails/actions.py",
    "letters/opened.py",
    "letters/packets/actions.py",
    "letters/receipts.py",
)
WRITERS = (
    "pulje/actions/",
    "letters/actions/",
    "letters/archive/actions.py",
    "letters/available.py",
    "letters/batches.py",
    "letters/mails/actions.py",
    "letters/opened.py",
    "letters/packets/actions.py",
    "letters/receipts.py",
    "letters/texts/actions.py",
)
# why each of the others may write
ALSO_WRITE = {
    "pulje/models/user.py": "Django asks for a manager that creates people",
    "workflow/bulk.py": "the engine's own rows, set-wise",
    "workflow/flows.py": "the link of a process to its case",
    "workflow/demo/": "invents a municipality: its people, pools and committees",
    "pulje/imports/refused.py": "a workbook, no rows",
    "letters/packets/word": "a Word file, no rows",
    "pulje/exports/picture.py": "a picture, no rows",
    "letters/previews/making.py": "a picture, no rows",
}


def state_assignments(path: Path) -> Iterator[ast.AST]:
    for node in ast.walk(tree(path)):
        targets = node.targets if isinstance(node, ast.Assign) else []
        flat = [t for target in targets for t in getattr(target, "elts", [target])]
        if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in flat):
            yield node


def test_state_of_a_case_is_written_in_one_place():
    found = {name_of(path) for path in sources() for _node in state_assignments(path)}

    assert found - set(OWN_STATES) == {"pulje/actions/state.py"}


def test_own_states_are_not_the_case_s():
    """The rows beside the case are assigned under their own names; ``application.state`` is not."""
    cases = {"application", "case", "locked", "draft"}
    found = [
        where(path, node)
        for path in sources()
        if name_of(path) in OWN_STATES
        for node in state_assignments(path)
        for target in node.targets
        for t in getattr(target, "elts", [target])
        if isinstance(t, ast.Attribute) and t.attr == "state" and t.value.id in cases
    ]

    assert found == []


def is_write(node: ast.AST) -> bool:
    """A call that writes rows: a method of that name on a queryset, a manager or a row of ours."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr not in WRITE:
        return False
    if node.func.attr != "update":
        return True
    return bool(re.search(r"objects|filter\(|exclude\(|\.all\(", ast.unparse(node.func.value)))


def test_only_actions_write():
    found = [
        f"{where(path, node)} {ast.unparse(node)[:60]}"
        for path in sources(*OURS)
        if not in_room(path, (*WRITERS, *ALSO_WRITE))
        for node in ast.walk(tree(path))
        if is_write(node)
    ]

    assert found == []


def test_no_set_of_cases_is_moved_by_an_update():
    moved = re.compile(r"Application\.objects[^\n]*\.update\([^)]*\bstate=")

    assert [name_of(path) for path in sources(*OURS) if moved.search(path.read_text())] == []


# --- the law ----------------------------------------------------------------------------------

CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time", "monotonic"}


def test_rules_have_no_clock():
    found = [
        where(path, node)
        for path in sources("pulje/rules")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    ]

    assert found == []


def test_every_rule_names_its_source():
    found = [
        where(path, node)
        for path in sources("pulje/rules")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if "Source:" not in (ast.get_docstring(node) or "")
    ]

    assert found == []


@pytest.mark.parametrize("room", ["pulje/rules", "pulje/actions", "pulje/queries"])
def test_what_is_promised_is_said(room):
    found = [
        f"{where(path, node)} {node.name}"
        for path in sources(room)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]

    assert found == []


def test_every_letter_says_what_it_tells():
    assert [kind.__name__ for kind in KINDS.values() if not kind.__doc__] == []


# --- the table --------------------------------------------------------------------------------

# verbs that no task waits for: they may come at any time, or before there is a process
MANUAL = {
    Verb.SUBMIT: "begins the process",
    Verb.REGISTER_ON_BEHALF: "begins the process",
    Verb.EXPIRE_HEARING: "the clock's",
    Verb.LAPSE: "the clock's",
    Verb.WAIVE_REPORT: "instead of waiting for a report",
    Verb.CLAIM_REPAYMENT: "approves a proposal, from many states",
    Verb.WITHDRAW: "whenever the applicant wants",
    Verb.REDECIDE: "an exception",
    Verb.ANNUL: "an exception",
    Verb.REOPEN: "wakes an ended process",
    Verb.UNDO: "turns back the task that was done",
}
# the bank confirms an instalment; the last one due marks the case as paid
DONE_BY = {Verb.MARK_PAID: "confirm"}


def test_every_state_has_an_owner_and_two_labels():
    assert set(STATES) == set(CaseState)
    assert [state for state, is_ in STATES.items() if not (state.label and is_.public)] == []
    assert [state for state, is_ in STATES.items() if not is_.public_one] == []
    assert {state for state, is_ in STATES.items() if is_.owner is None} == ENDED


def test_every_verb_has_a_row_and_somebody_who_may():
    assert set(STEPS) == set(Verb)
    assert [verb for verb, step in STEPS.items() if not step.who or not step.sources] == []
    assert [verb for verb, step in STEPS.items() if not step.targets and not step.back] == []
    assert set(OTHER_VERBS) & set(Verb) == set()


def test_every_state_is_reached_and_left():
    """Only CLOSED is left by nothing but a reopening."""
    reached = {target for step in STEPS.values() for target in step.targets}
    left = {
        source for verb, step in STEPS.items() if verb != Verb.REOPEN for source in step.sources
    }

    assert set(CaseState) - reached == {CaseState.DRAFT}
    assert set(CaseState) - left == {CaseState.CLOSED}


@pytest.mark.parametrize("verb", Verb)
def test_verb_has_an_action_of_its_name(verb):
    found = [
        where(path, node)
        for path in sources("pulje/actions")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and node.name == DONE_BY.get(verb, verb)
    ]

    assert len(found) == 1
    spoken = f"Verb.{verb.name}"
    assert any(spoken in path.read_text() for path in sources("pulje/actions"))


@pytest.mark.parametrize("verb", Verb)
def test_verb_has_a_task_that_waits_for_it_or_is_manual(verb):
    waiting = [
        node.name
        for node in GrantFlow.instance.nodes()
        if isinstance(node, Hand | Wait) and verb in node.verbs
    ]

    assert bool(waiting) != (verb in MANUAL)


def test_every_task_of_a_person_has_a_permission_and_waits_for_something():
    hands = [node for node in GrantFlow.instance.nodes() if isinstance(node, Hand)]

    assert [node.name for node in hands if not node.verbs] == []
    assert [node.name for node in hands if not node._owner_permission] == []


@pytest.mark.parametrize("verb", Verb)
def test_verb_has_a_test_that_names_it(verb):
    stories = "\n".join(
        path.read_text() for path in sorted((ROOT / "tests/pulje/actions").rglob("test_*.py"))
    )

    assert re.search(rf"\b{verb}\b", stories)
