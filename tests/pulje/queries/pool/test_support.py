from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pulje.enums import ApplicantKind, LedgerKind, ReportState
from pulje.models import Applicant, Application, LedgerEntry, Pool, Report
from pulje.queries.pool.public import known_pools
from pulje.queries.pool.support import support_in, support_years, voices
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, an_applicant
from tests.pools import a_pool as a_public_pool

pytestmark = pytest.mark.django_db
NUMBERS = count(1)


@pytest.fixture
def pool() -> Pool:
    pool = a_pool()
    Pool.objects.update(is_public=True)
    return pool


def told(pool: Pool) -> Application:
    """A closed case of an association with an approved report that may be shown."""
    now, number = timezone.now(), next(NUMBERS)
    applicant = an_applicant(signer=people.asta(), name=f"Klub {number}", cvr="")
    case = a_draft(pool=pool, applicant=applicant)
    Application.objects.filter(pk=case.pk).update(
        state=CaseState.CLOSED,
        number=f"FP-{number}",
        submitted_at=now,
        closed_on=timezone.localdate(),
        granted_kr=Decimal(1000),
        may_publish=True,
        area="Holte",
    )
    Report.objects.create(
        application=case,
        state=ReportState.APPROVED,
        submitted_at=now,
        approved_at=now,
        may_publish=True,
        story="Der kom 43.",
        volunteers=12,
        participants=43,
    )
    enter(case, LedgerKind.COMMIT)
    return case


def enter(case: Application, kind: LedgerKind) -> None:
    LedgerEntry.objects.create(
        pool=case.pool,
        application=case,
        kind=kind,
        amount_kr=1000,
        cause=f"{kind}:{case.pk}",
        at=timezone.now(),
    )


def test_a_year_is_summed_without_what_was_given_back(pool: Pool) -> None:
    told(pool)
    enter(told(pool), LedgerKind.RELEASE)
    pools = known_pools(timezone.now())

    Report.objects.update(approved_at=datetime(pool.year, 6, 1, tzinfo=UTC))
    found = support_in(pools, pool.year)
    before = support_in(pools, pool.year - 1)

    assert support_years(pools) == [pool.year]
    assert (found.ideas, found.granted_kr) == (1, 1000)
    assert found.pools == ((pool.name, Decimal(1000)),)
    assert (found.volunteers, found.participants) == (24, 86)
    assert (before.ideas, before.granted_kr, before.volunteers) == (0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "name", "who"),
    [
        (ApplicantKind.ASSOCIATION, "Asta og venner", "Asta og venner"),
        (ApplicantKind.INFORMAL_GROUP, "Rollatorklubben", "Rollatorklubben"),
        (ApplicantKind.INFORMAL_GROUP, "ASTA og Bo", ""),
        (ApplicantKind.INDIVIDUAL, "Bo Bang", ""),
    ],
)
def test_no_private_person_is_named(
    client: Client, pool: Pool, kind: str, name: str, who: str
) -> None:
    told(pool)
    Applicant.objects.update(kind=kind, name=name)

    [voice] = voices(3)
    page = client.get("/det-har-vi-stoettet/").content.decode()

    assert voice.who == who
    assert "Der kom 43." in page
    assert (name in page) == bool(who)


@pytest.mark.parametrize("hidden", [Report, Application, Pool])
def test_nothing_is_shown_without_consent(pool: Pool, hidden: type) -> None:
    told(pool)
    field = "is_public" if hidden is Pool else "may_publish"
    hidden.objects.update(**{field: False})

    assert voices(3) == []
    assert voices(3, code=pool.code) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_no_more_for_more_reports(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, pool: Pool, rows: int
) -> None:
    for _number in range(rows):
        told(pool)

    with django_assert_num_queries(8):
        client.get("/")
    with django_assert_num_queries(8):
        client.get("/det-har-vi-stoettet/")
    with django_assert_num_queries(10):
        client.get(f"/pulje/{pool.slug}/")


def test_page_of_an_empty_house_says_so(client: Client) -> None:
    a_public_pool()

    assert "Her er tomt – endnu" in client.get("/det-har-vi-stoettet/").content.decode()
