"""Applicants as the house sees them: found, opened, made into one."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulje.enums import ApplicantKind
from pulje.models import Applicant
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, an_applicant, case_in

pytestmark = pytest.mark.django_db
PATH = "/sag/ansoegere/"
LIST_QUERIES, FILE_QUERIES = 6, 14


def read(client: Any, path: str) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert len(text) < 100_000
    return text, len(queries)


def test_the_list_is_found_sorted_and_read_in_the_same_queries(client: Any) -> None:
    pool = a_pool()
    client.force_login(people.karl())
    small = an_applicant(name="Birkerød Kor", town="Birkerød")
    case_in(CaseState.SUBMITTED, pool=pool, applicant=small)
    _text, with_one = read(client, PATH)
    _text, file_with_one = read(client, f"{PATH}{small.pk}/")
    large = an_applicant(name="Ålsgårde Sang", town="Ålsgårde")
    for _number in range(2):
        case_in(CaseState.PAID, pool=pool, applicant=large, requested_kr=Decimal(9000))
    gone = Applicant.objects.create(
        kind=ApplicantKind.ASSOCIATION, name="Ålsgårde Sangkor", email="post@puljer.example"
    )
    _text, with_three = read(client, PATH)
    text, file_with_two = read(client, f"{PATH}{large.pk}/")

    assert (with_one, with_three) == (LIST_QUERIES, LIST_QUERIES)
    assert (file_with_one, file_with_two) == (FILE_QUERIES, FILE_QUERIES)
    assert "Vi venter på rapport" in text
    assert "18.000" in text
    assert "Nærved samme navn" in text
    assert "Samme e-mail" in read(client, f"{PATH}{small.pk}/")[0]
    assert f"/sag/ansoegere/{large.pk}/laeg-sammen/?med={gone.pk}" in text
    orders = {
        "?orden=navn": [small, large],
        "?orden=-by": [large, small],
        "?orden=sager": [large, small],
        "?orden=-bevilget": [small, large],
        "?q=sang&type=ASSOCIATION": [large],
        "?q=birkerød+kor": [small],
        f"?q={small.cvr}": [small],
        "?type=INDIVIDUAL": [],
        "?orden=noget&type=andet": [small, large],
    }
    for query, expected in orders.items():
        text, _queries = read(client, PATH + query)
        places = {who: text.find(f'href="{PATH}{who.pk}/"') for who in (small, large)}
        shown = sorted((at, who.pk) for who, at in places.items() if at > 0)
        assert [pk for _at, pk in shown] == [who.pk for who in expected], query


def test_two_become_one_on_the_page(client: Any) -> None:
    keep = an_applicant(name="Holte Bogbyttere")
    drop = an_applicant(name="Holte bogbytterne", cvr="", kind=ApplicantKind.INFORMAL_GROUP)
    people.seat(drop, people.ulla())
    case = case_in(CaseState.SUBMITTED, applicant=drop)
    client.force_login(people.karl())
    path = f"{PATH}{drop.pk}/laeg-sammen/"

    assert "Nærved samme navn" in read(client, f"{PATH}{keep.pk}/")[0]
    assert "Holte bogbytterne" in read(client, f"{PATH}{keep.pk}/laeg-sammen/?q=bogbytterne")[0]
    side_by_side, _queries = read(client, f"{path}?med={keep.pk}")
    assert keep.cvr in side_by_side
    data = {"med": keep.pk, "keep": keep.pk}
    unsure = client.post(path, data)
    assert "når du er sikker" in unsure.content.decode()
    for _click in range(2):
        done = client.post(path, data | {"is_sure": "on"})
        assert done.url == f"{PATH}{keep.pk}/"
    case.refresh_from_db()
    assert case.applicant == keep
    assert client.get(f"{PATH}{drop.pk}/").url == f"{PATH}{keep.pk}/"
    assert client.get(path).url == f"{PATH}{keep.pk}/"
    assert f'href="{PATH}{drop.pk}/"' not in read(client, PATH)[0]
    other = an_applicant()
    assert "hver sit CVR-nummer" in read(client, f"{PATH}{keep.pk}/laeg-sammen/?med={other.pk}")[0]
    assert client.get(f"{PATH}{keep.pk}/laeg-sammen/?med=x").status_code == 200
    client.force_login(people.fie())
    assert client.get(f"{PATH}{keep.pk}/laeg-sammen/").status_code == 403
    client.force_login(people.asta())
    assert client.get(PATH).status_code == 403
