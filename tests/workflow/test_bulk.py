"""Set-wise work leaves exactly the rows that the engine would have left."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from viewflow.workflow.models import Process, Task

from pulje.actions.application import application
from pulje.actions.casework import recommendation
from pulje.actions.decision import decision
from pulje.actions.decision.deciding import Ruling
from pulje.actions.meeting.ruling import record_ruling
from pulje.enums import ItemOutcome
from pulje.errors import RuleBroken
from pulje.models import Application, Decision, LedgerEntry
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_meeting, a_pool, case_in
from workflow.bulk import begin_many, close_meeting, decide_many
from workflow.contradictions import contradictions
from workflow.hands import begin, carry_out

pytestmark = pytest.mark.django_db

TIMES = {"created", "assigned", "started", "finished", "scheduled"}
OWN = {"id", "process_id", "token", "owner_permission_obj_pk"}


def rows_of(case: Application) -> list[dict[str, object]]:
    """The case's tasks and process as plain values; a moment counts as had or not had."""
    tasks = Task.objects.filter(process__link__application=case).order_by("pk")
    numbers = {task.pk: place for place, task in enumerate(tasks)}
    found = []
    for values in tasks.values():
        row = {name: value for name, value in values.items() if name not in OWN | TIMES}
        row |= {name: values[name] is not None for name in TIMES}
        row["token"] = len(str(values["token"]).split("/"))
        row["of_case"] = values["owner_permission_obj_pk"] == str(case.pk)
        previous = Task.objects.get(pk=values["id"]).previous.order_by("pk")
        row["previous"] = [numbers[task.pk] for task in previous]
        found.append(row)
    process = Process.objects.filter(link__application=case).values(
        "flow_class", "status", "data", "finished"
    )
    return [*found, *process]


@pytest.mark.parametrize("amount_kr", [Decimal(0), Decimal("5000.00")], ids=["rejected", "granted"])
def test_decide_many_leaves_the_rows_of_the_engine(amount_kr: Decimal) -> None:
    pool = a_pool()
    one, other = (case_in(CaseState.RECOMMENDED, pool=pool) for _ in range(2))

    facts = {"amount_kr": amount_kr, "reasons": "Puljen er lille."}
    carry_out(decision.decide, one, by=people.dora(), **facts)
    decide_many([Ruling(other, amount_kr, "Puljen er lille.")], by=people.dora())

    assert rows_of(other) == rows_of(one)
    assert contradictions() == []


def test_closing_leaves_the_rows_of_the_engine() -> None:
    pool, now = a_pool(), timezone.now()
    one, other = (
        case_in(CaseState.RECOMMENDED, pool=pool, requested_kr=Decimal(40_000)) for _ in range(2)
    )
    meeting = a_meeting([other])

    carry_out(recommendation.send_back, one, by=people.sanne(), reason="Se budgettet igen")
    (item,) = meeting.items.order_by("pk")
    said = {"outcome": ItemOutcome.SENT_BACK, "reasons": "Se budgettet igen"}
    record_ruling(item, by=people.sanne(), at=now, **said)
    close_meeting(meeting, by=people.karen())

    assert rows_of(other) == rows_of(one)
    assert contradictions() == []


def test_begin_many_leaves_the_rows_of_the_engine() -> None:
    one, other = (a_draft() for _ in range(2))
    for draft in (one, other):
        application.submit(draft, by=people.asta(), at=timezone.now())
        draft.refresh_from_db()

    begin(one)
    begin_many([other])

    assert rows_of(other) == rows_of(one)
    assert contradictions() == []


def test_decide_many_is_all_or_nothing() -> None:
    pool = a_pool(frame_kr=Decimal("10000.00"))
    cases = [case_in(CaseState.RECOMMENDED, pool=pool) for _ in range(2)]

    with pytest.raises(RuleBroken, match="rækker ikke"):
        decide_many([Ruling(case, Decimal("8000.00")) for case in cases], by=people.dora())

    states = set(Application.objects.filter(pool=pool).values_list("state", flat=True))
    assert states == {CaseState.RECOMMENDED}
    assert not Decision.objects.exists()
    assert not LedgerEntry.objects.filter(kind="COMMIT").exists()
    assert contradictions() == []


def test_decide_many_asks_no_more_of_the_database_for_more_cases() -> None:
    counts = []
    for number in (1, 2, 6):  # the first fills Django's cache of content types
        pool = a_pool(reviewers=1)
        cases = [case_in(CaseState.RECOMMENDED, pool=pool) for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            decide_many(
                [Ruling(case, Decimal("100.00"), "Lidt til alle.") for case in cases],
                by=people.dora(),
            )
        counts.append(len(queries))

    assert counts[1] == counts[2]
