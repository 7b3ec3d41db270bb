"""Exports: the list as its page shows it, for those who may see cases, told in the log."""

import logging
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from pulje.models import Appeal
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_pool, an_applicant, case_in, cvr
from workflow.views.export import TABLES

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def lines(client, address):
    answer = client.get(f"/sag/eksport/{address}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


@pytest.fixture
def karl(client):
    client.force_login(people.karl(), backend=BACKEND)
    return client


def test_every_list_as_csv(karl, caplog, django_assert_num_queries):
    pool = a_pool(code="FP")
    applicant = an_applicant(name="=Naboerne", town="Holte", cvr=cvr(991))
    closed = case_in(S.REPORT_SUBMITTED, pool=pool, applicant=applicant, theme="SOCIAL")
    case_in(S.RECOMMENDED, pool=a_pool())
    Appeal.objects.create(
        decision=closed.decisions.get(), text="Nej", received_at=timezone.now(), due_on=None
    )
    caplog.set_level(logging.INFO, logger="workflow.views.export")

    found = {what: lines(karl, f"{what}.csv?pulje={pool.pk}") for what in TABLES}

    sent = timezone.localtime(closed.submitted_at)
    assert found["sager"][1:] == [
        f"{closed.number};Fællesspisning;'=Naboerne;Forening;{applicant.cvr};Holte;{pool.name};2027;Løbende;"
        f"Frivilligt socialt arbejde;Rapport modtaget;{closed.points};8000,00;8000,00;8000,00;"
        f"{sent:%d-%m-%Y %H:%M};Selvbetjening;nej;{closed.due_on:%d-%m-%Y};Karl"
    ]
    assert found["ansoegere"][1] == f"'=Naboerne;Forening;{applicant.cvr};Holte;1;1;8000,00;8000,00"
    assert len(found["ansoegere"]) == 3
    assert found["udbetalinger"][1].startswith(f"{closed.number};Fællesspisning;'=Naboerne;")
    assert [line.split(";")[3] for line in found["kassebog"]] == [
        *("Art", "Ramme", "Bevilget", "Udbetalt"),
    ]
    assert ";Modtaget;" in found["klager"][1]
    assert ";8000,00;Modtaget;" in found["rapporter"][1]
    assert "By;Holte;1;1;8000,00;0;8000,00;;;;" in found["tal"]
    assert [record.getMessage() for record in caplog.records][0] == (
        f"export sager.csv by user {people.karl().pk}: 1 rows"
    )
    assert "Naboerne" not in caplog.text
    with django_assert_num_queries(4):
        lines(karl, "sager.csv")


def test_xlsx_has_the_filters_of_the_list(karl):
    case = case_in(S.SUBMITTED, pool=a_pool())
    case_in(S.SUBMITTED, pool=a_pool())

    answer = karl.get(f"/sag/eksport/sager.xlsx?pulje={case.pool_id}&status=SUBMITTED")

    assert answer["Content-Disposition"].endswith(f'"sager-{timezone.localdate()}.xlsx"')
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    answer.close()
    assert [row[0].value for row in sheet.rows] == ["Sagsnummer", case.number]


@pytest.mark.parametrize("who", [people.asta, people.mads, people.sanne])
def test_exports_are_for_those_who_may_see_cases(client, who):
    client.force_login(who(), backend=BACKEND)

    for what in TABLES:
        assert client.get(f"/sag/eksport/{what}.csv").status_code == 403


def test_what_is_no_list_is_not_found(karl):
    assert karl.get("/sag/eksport/alt.csv").status_code == 404
    assert karl.get("/sag/eksport/sager.pdf").status_code == 404
    assert karl.post("/sag/eksport/sager.csv").status_code == 405
