"""What stands around the inbox: views, absence, the way through a list, many rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.handover import assign
from pulje.models import Absence, Application
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
S = CaseState


def page(client, path, queries=None):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    assert queries is None or len(asked) == queries, [query["sql"] for query in asked]
    return answer.content.decode()


def test_a_view_is_saved_shown_and_deleted_when_asked(client):
    client.force_login(people.karl())
    case_in(S.SUBMITTED)

    saved = client.post(
        "/sag/visninger/", {"navn": "Min", "filtre": "vis=team&q=f%C3%A6lles&x=1"}, follow=True
    )
    assert saved.redirect_chain == [("/sag/?vis=team&q=f%C3%A6lles", 302)]
    assert 'class="pj-chip" aria-current="true">Min</a>' in saved.content.decode()
    nameless = client.post("/sag/visninger/", {"navn": "", "filtre": "pulje=7"}).content.decode()
    assert "Skriv, hvad visningen skal hedde." in nameless
    assert 'name="filtre" value="pulje=7"' in nameless
    pk = people.karl().saved_views.get().pk
    assert "Slet visningen ”Min”?" in page(client, f"/sag/visninger/{pk}/slet/")
    client.force_login(people.rie())
    assert client.get(f"/sag/visninger/{pk}/slet/").status_code == 404
    client.post(f"/sag/visninger/{pk}/slet/")
    assert people.karl().saved_views.exists()
    client.force_login(people.karl())
    for _twice in range(2):
        assert client.post(f"/sag/visninger/{pk}/slet/").status_code == 302
    assert not people.karl().saved_views.exists()
    assert "Du har ingen gemte visninger." in page(client, "/sag/visninger/")


def test_a_substitute_sees_and_takes_over_the_tasks_of_who_is_away(client):
    karl, rie, today = people.karl(), people.rie(), timezone.localdate()
    case = case_in(S.IN_REVIEW)
    case.assessments.update(reviewer=karl)
    days = {"from_on": f"{today:%Y-%m-%d}", "until_on": f"{today + timedelta(days=2):%Y-%m-%d}"}
    client.force_login(karl)
    client.post("/sag/fravaer/", days | {"substitute": rie.pk, "user": people.dora().pk})
    assert "Du står som væk" in page(client, "/sag/")
    client.force_login(rie)

    reviews = page(client, "/sag/?vis=vurder")
    assert "for Karl" in reviews
    assert "Du er stedfortræder for Karl" in reviews
    assert "for Karl" in page(client, "/sag/?vis=mine")
    assert "For Karl" in page(client, "/sag/fravaer/")
    for _twice in range(2):
        client.post(f"/sag/{case.pk}/overtag/")
    assert case.assessments.get().reviewer == rie
    away = Absence.objects.get()
    client.post(f"/sag/fravaer/{away.pk}/slet/")
    assert Absence.objects.exists()  # only oneself and a leader
    client.force_login(people.dora())
    assert "Karl" in page(client, "/sag/fravaer/")
    client.post(f"/sag/fravaer/{away.pk}/slet/")
    assert not Absence.objects.exists()
    refused = client.post("/sag/fravaer/", {**days, "until_on": "2020-01-01", "user": karl.pk})
    assert "ligger før den første" in refused.content.decode()
    assert "Vælg, hvem der ser opgaverne imens." in refused.content.decode()


def test_the_case_page_leads_on_through_the_list(client):
    karl = people.karl()
    cases = [case_in(S.SUBMITTED) for _ in range(2)]
    for case in cases:
        carry_out(assign, case, by=karl, to=karl)
    first, last = Application.objects.order_by("due_on", "pk")
    client.force_login(karl)

    assert f'href="/sag/{first.pk}/?fra=vis%3Dmine"' in page(client, "/sag/")
    with CaptureQueriesContext(connection) as alone:
        text = page(client, f"/sag/{first.pk}/")
    assert "Opgave 1 af" not in text
    text = page(client, f"/sag/{first.pk}/?fra=vis%3Dmine", queries=len(alone) + 1)
    assert "Opgave 1 af 2" in text
    assert f'rel="next" href="/sag/{last.pk}/?fra=vis%3Dmine"' in " ".join(text.split())
    assert 'rel="prev"' not in text
    for path in ("journal/", "assign/"):  # the list is kept through the other pages of the case
        way = f"/sag/{first.pk}/{path}?fra=vis%3Dmine"
        assert f'href="{way}"' in text
        assert f'href="/sag/{first.pk}/?fra=vis%3Dmine"' in page(client, way)
    answered = {"referer": f"http://testserver/sag/{first.pk}/assign/?fra=vis%3Dmine"}
    text = client.get(f"/sag/{first.pk}/", headers=answered).content.decode()
    assert "Opgave 1 af 2" in text
    answered["referer"] = answered["referer"].replace(f"/{first.pk}/", f"/{last.pk}/")
    assert "Opgave" not in client.get(f"/sag/{first.pk}/", headers=answered).content.decode()
    done = f"http://testserver/sag/{first.pk}/?fra=vis%3Dventer"
    text = client.get(f"/sag/{first.pk}/", headers={"referer": done}).content.decode()
    assert "Listen er tom nu." in text
    Application.objects.filter(pk=last.pk).update(state=S.RETURNED)
    text = client.get(f"/sag/{first.pk}/", headers={"referer": done}).content.decode()
    assert "Sagen er ude af listen, der nu har 1." in text


def test_rows_cost_no_queries_and_little_html(client):
    karl, case = people.karl(), case_in(S.SUBMITTED)
    client.force_login(karl)
    paths = (
        "/sag/?vis=team",
        "/sag/?vis=team&q=f%C3%A6llesspisning",
        "/sag/?vis=team&q=felesspisning",
    )
    counts = []
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            page(client, path)
        counts.append(len(asked))
    assert max(counts) <= 15

    said = {f.attname: getattr(case, f.attname) for f in case._meta.concrete_fields}
    del said["id"]
    rows = [Application(**said | {"number": f"X-{number}"}) for number in range(60)]
    Application.objects.bulk_create(rows)
    for path, count in zip(paths, counts, strict=True):
        text = page(client, f"{path}&pr_side=50", queries=count)
        assert len(text) < 100_000
        assert "Viser 1–50 af 61" in text
        assert text.count('name="sag"') == 50
