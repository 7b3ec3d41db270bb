"""A file of decisions: seen line by line, and recorded only when it is confirmed."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulje.models import ItemRuling
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in

pytestmark = pytest.mark.django_db


def test_a_file_is_seen_confirmed_and_recorded_once(client):
    cases = [case_in(CaseState.RECOMMENDED, requested_kr=Decimal(60_000)) for _n in range(2)]
    one, two = (case.number for case in cases)
    path = f"/udvalg/moede/{a_meeting(cases).pk}/beslutninger/"
    client.force_login(people.sanne())

    def send(*rows: str, name: str = "ku.csv"):
        text = "\n".join(["sagsnr;udfald;beløb;begrundelse", *rows])
        return client.post(path, {"fil": SimpleUploadedFile(name, text.encode())})

    assert "Vælg en fil." in client.post(path).content.decode()
    assert "Vælg en csv- eller xlsx-fil." in send(name="ku.pdf").content.decode()
    wrong = send(f"{one};Bevilget;70.000;", f"{two};Som indstillet;;")
    assert wrong.status_code == 422
    assert "1 linje kan ikke føres til protokol" in wrong.content.decode()
    assert "Før til protokol" not in wrong.content.decode()

    with CaptureQueriesContext(connection) as few:
        send(f"{one};Som indstillet;;")
    with CaptureQueriesContext(connection) as more:
        page = send(f"{one};Som indstillet;;", f"{two};Delvist;50.000;Mindre end søgt.")
    assert page.status_code == 200
    assert "2 sager, i alt 110.000" in page.content.decode().replace("\xa0", " ")
    assert len(more) == len(few)
    assert ItemRuling.objects.count() == 0

    lines = page.context["lines"]
    for _twice in range(2):
        assert client.post(path, {"linjer": lines}).url == path.removesuffix("beslutninger/")
    assert list(ItemRuling.objects.order_by("pk").values_list("amount_kr", flat=True)) == [
        Decimal(60_000),
        Decimal(50_000),
    ]
    spoilt = json.loads(lines)[:1]
    spoilt[0][2] = "Måske"
    late = client.post(path, {"linjer": json.dumps(spoilt)})
    assert "er ikke et udfald" in late.content.decode()
    for broken in ("x", "[]", "[[1]]", '[[1, "a", "b", "\\u0000", ""]]'):
        assert client.post(path, {"linjer": broken}).url == path
    client.force_login(people.karl())
    assert client.get(path).status_code == 403
