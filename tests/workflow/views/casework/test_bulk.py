"""Many cases from a list: looked through, started once, followed to the end."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.job import Line
from pulje.models import Absence, Application, Job
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in
from workflow import jobs

pytestmark = pytest.mark.django_db
S = CaseState


def send(client: Any, **data: Any) -> Any:
    return client.post("/sag/handling/", data)


def shown(response: HttpResponse) -> str:
    found = re.search(r'name="vist" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_from_ticked_cases_to_the_finished_job(client: Any) -> None:
    pool = a_pool()
    free = [case_in(S.SUBMITTED, pool=pool) for _ in range(2)]
    taken = case_in(S.SUBMITTED, pool=pool)
    Application.objects.filter(pk=taken.pk).update(caseworker=people.rie())
    client.force_login(people.karl())

    keys = [case.pk for case in (*free, taken)]
    page = send(client, handling="claim", sag=keys, tilbage="/sag/?vis=ledige")

    text = page.content.decode()
    assert "Intet er sket endnu." in text
    assert "Tag 2 sager</button>" in text
    assert "1 sag:</strong> En anden har allerede sagen." in text
    assert 'href="/sag/?vis=ledige"' in text
    assert not Job.objects.exists()
    assert not Application.objects.filter(caseworker=people.karl()).exists()

    sealed = shown(page)
    started = send(client, vist=sealed)
    again = send(client, vist=sealed)
    job = Job.objects.get()
    assert started.url == again.url == f"/sag/arbejde/{job.pk}/?tilbage=%2Fsag%2F"
    running = client.get(started.url).content.decode()
    assert "0 af 2 sager er behandlet." in running
    assert 'hx-trigger="every 2s"' in running
    part = client.get(started.url, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="arbejde"')
    client.post(f"/sag/arbejde/{job.pk}/styr/", {"trin": "stop"})
    assert "Arbejdet er stoppet" in client.get(started.url).content.decode()
    client.post(f"/sag/arbejde/{job.pk}/styr/", {"trin": "fortsaet"})
    jobs.work_off()
    done = client.get(started.url).content.decode()
    assert "Arbejdet er færdigt" in done
    assert "hx-get" not in done
    assert Application.objects.filter(caseworker=people.karl()).count() == 2
    assert "Tag sagerne" in client.get("/sag/arbejde/").content.decode()
    client.force_login(people.rie())
    assert client.get(started.url).status_code == 404


def test_what_is_typed_is_looked_through_before_it_can_be_started(client: Any) -> None:
    case = case_in(S.SUBMITTED)
    today = timezone.localdate()
    Absence.objects.create(
        user=people.rie(),
        substitute=people.karl(),
        from_on=today,
        until_on=today + timedelta(days=3),
    )
    client.force_login(people.dora())

    page = send(client, handling="assign", udvalg=f"q={case.number}")
    text = page.content.decode()
    assert "Du har valgt 1 sag." in text
    assert "Rie – væk til og med" in text
    assert "Se, hvad der kan gøres" in text
    empty = send(client, vist=shown(page))
    assert "Vælg en sagsbehandler." in empty.content.decode()
    checked = send(client, vist=shown(empty), to=people.rie().pk)
    assert "Giv 1 sag videre</button>" in checked.content.decode()
    changed = send(client, vist=shown(checked), to=people.karl().pk)
    assert "Du har rettet noget" in changed.content.decode()
    assert not Job.objects.exists()
    send(client, vist=shown(changed), to=people.karl().pk)

    assert Job.objects.get().facts["to"] == people.karl().pk


def test_bad_input_gets_a_sentence_and_roles_are_asked(client: Any) -> None:
    client.force_login(people.karl())
    for data in ({}, {"sag": ["x", "99999999999999999999999"]}, {"udvalg": "q=findes-ikke"}):
        answer = client.post("/sag/handling/", {"handling": "claim", **data}, follow=True)
        assert "Vælg mindst én sag." in answer.content.decode(), data
    assert send(client, handling="claim", sag=[1], vist="forfalsket").status_code == 302
    for name in ("slet", "recommend"):
        assert send(client, handling=name, sag=[1]).status_code == 403
    assert client.get("/sag/handling/").url == "/sag/"
    client.force_login(people.fie())
    assert send(client, handling="claim", sag=[1]).status_code == 403
    client.force_login(people.asta())
    assert send(client, handling="claim", sag=[1]).status_code == 403
    assert client.get("/sag/arbejde/").status_code == 403


def test_a_job_takes_the_same_queries_however_many_cases(client: Any) -> None:
    client.force_login(people.karl())
    pool, counts = a_pool(), []
    for number in (1, 3):
        cases = [case_in(S.SUBMITTED, pool=pool) for _ in range(number)]
        lines: list[Line] = [(case, {}) for case in (*cases, case_in(S.REJECTED, pool=pool))]
        job = jobs.start("claim", lines, facts={}, by=people.karl())
        jobs.work_off()
        for path in (f"/sag/arbejde/{job.pk}/", "/sag/arbejde/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))

    assert counts == [5, 3] * 2
