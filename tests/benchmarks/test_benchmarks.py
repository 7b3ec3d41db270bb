"""The bench's stored cases are cases like others, and its table tells what is missed."""

import pytest
from django.db import connection

from benchmarks import places, report
from benchmarks.rows import FIRST, MIX, Cases, fill
from pulje.models import Application
from tests import people
from workflow.contradictions import contradictions


@pytest.mark.django_db
def test_stored_cases_have_fitting_tasks_and_pages(client):
    fill(places.build(), Cases(FIRST, 200, MIX))

    assert set(Application.objects.values_list("state", flat=True)) == set(MIX)
    assert contradictions() == []
    connection.check_constraints()
    client.force_login(people.karl())
    assert client.get("/sag/alle/").status_code == 200


def test_table_marks_a_missed_goal():
    lines = report.table({"letters": {"cpu_ms": 126.0, "naive_cpu_ms": 140}, "pages": {}})

    assert [line.split() for line in lines.splitlines()] == [
        ["letters.cpu_ms", "126.0", "<=", "125", "MISSED"],
        ["letters.naive_cpu_ms", "140"],
    ]
