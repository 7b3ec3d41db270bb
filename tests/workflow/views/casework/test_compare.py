"""The tab "Sammenlign": what it finds, and that it costs the same however much there is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.models import Applicant, Application, ConflictOfInterest, Partner
from pulje.queries.casework.compare import compare
from pulje.queries.casework.course import course_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant, case_in, walk_to

pytestmark = pytest.mark.django_db
S = CaseState
BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_QUERIES = 15
TODAY = timezone.localdate


def seen(case):
    return Application.objects.select_related("pool", "version", "applicant").get(pk=case.pk)


def alone(**fields):
    """An applicant of its own people, with nothing in common with anybody."""
    number = Applicant.objects.count()
    own = {"email": f"post{number}@forening.example", "phone": f"20 00 00 {number:02}"}
    return an_applicant(signer=people.person(f"Formand{number}"), **(own | fields))


def test_a_first_case_has_nothing_beside_it(client):
    case = case_in(S.REVIEWED, applicant=alone())
    client.force_login(people.karl(), backend=BACKEND)

    page = client.get(f"/sag/{case.pk}/sammenlign/").content.decode()

    assert "Ingen røde flag" in page
    assert "Der er ingen afgjorte sager i puljen, som ligner den her." in page
    assert "Vi har ikke fundet andre ansøgninger til det samme." in page
    assert "Det er ansøgerens første sag hos os." in page


def test_every_red_flag_is_told_and_counted_on_the_case_page():
    round = a_round()
    pool = {"round": round, "requested_kr": Decimal(8_000)}
    applicant, other = alone(), alone(name="Cykelvennerne i Holte")
    case = seen(case_in(S.REVIEWED, applicant=applicant, **pool))
    assert (compare(case, TODAY()).flags, course_of(case, TODAY()).flags) == ([], 0)

    owing = walk_to(S.PAID, applicant=applicant)
    Application.objects.filter(pk=owing.case.pk).update(due_on=TODAY() - timedelta(days=1))
    claimed, lapsed = (case_in(s, applicant=applicant) for s in (S.IN_RECOVERY, S.LAPSED))
    neighbour = alone(phone=applicant.phone, name="Naboen")
    signer = applicant.memberships.get().user
    people.seat(neighbour, signer)
    case_in(S.SUBMITTED, applicant=neighbour, **pool)
    case_in(S.SUBMITTED, applicant=other)
    Partner.objects.create(application=case, position=1, name="Cykelvennerne, Holte")

    found, course = compare(case, TODAY()), course_of(case, TODAY())

    assert {(flag.text, flag.case) for flag in found.flags} == {
        ("Mangler en rapport, der skulle være sendt.", owing.case),
        ("Er blevet krævet penge tilbage.", claimed),
        ("En sag er bortfaldet uden svar.", lapsed),
        (f"Sidder også hos en anden ansøger i samme runde: {signer.name} (Naboen).", None),
        ("Har samme telefon som Naboen.", None),
        ("En partner søger selv i 2027: Cykelvennerne i Holte.", None),
    }
    assert course.flags == len(found.flags)
    assert {row.case.pk: row.is_overdue for row in found.earlier} == {
        owing.case.pk: True,
        claimed.pk: False,
        lapsed.pk: False,
    }


def test_a_report_that_is_due_today_is_no_flag():
    applicant = alone()
    owing = case_in(S.PAID, applicant=applicant)
    Application.objects.filter(pk=owing.pk).update(due_on=TODAY())
    case = seen(case_in(S.REVIEWED, applicant=applicant))

    assert compare(case, TODAY()).flags == []


def decided(pool, points, amount_kr, granted_kr):
    walk = walk_to(S.IN_REVIEW, pool=pool, applicant=alone(), requested_kr=Decimal(amount_kr))
    walk.review(points)
    walk.recommend(Decimal(granted_kr))
    walk.decide()
    return walk.case


def test_like_cases_are_the_nearest_by_points_and_amount_of_the_same_pool_over_the_years():
    pool, last_year = a_pool(code="FP", year=2027), a_pool(code="FP", year=2026)
    near, far = decided(pool, 2, 8_000, 8_000), decided(last_year, 0, 8_000, 0)
    half, too_small = decided(pool, 2, 4_000, 2_000), decided(pool, 2, 3_999, 3_999)
    case_in(S.APPROVED)  # of another pool
    walk = walk_to(S.IN_REVIEW, pool=pool, applicant=alone(), requested_kr=Decimal(8_000))
    walk.review(2)

    found = compare(seen(walk.case), TODAY())

    assert [like.decision.application for like in found.likes] == [near, far, half]
    assert too_small not in {like.decision.application for like in found.likes}
    assert [like.percent for like in found.likes] == [100, 0, 50]
    assert found.mean_percent == 50
    assert found.own_row == [2, 2]
    assert found.rows[1][1] == [0, 0]


def test_the_same_project_elsewhere_is_found_by_title_or_weeks():
    applicant = alone()
    case = case_in(S.REVIEWED, applicant=applicant, title="Lektiecafé på biblioteket")
    day = case.ends_on
    same = case_in(S.SUBMITTED, applicant=applicant, title="Lektiecafe på biblioteket")
    later = {"starts_on": day + timedelta(days=1), "ends_on": day + timedelta(days=9)}
    at_once = {"starts_on": day, "ends_on": day + timedelta(days=9)}
    case_in(S.SUBMITTED, applicant=applicant, title="Cykeltur", **later)
    weeks = case_in(S.SUBMITTED, applicant=applicant, title="Cykeltur", **at_once)
    Application.objects.filter(pk=same.pk).update(starts_on=None, ends_on=None)
    old = case_in(S.SUBMITTED, applicant=applicant, pool=a_pool(year=2025), title=case.title)

    found = compare(seen(case), TODAY()).elsewhere

    assert found == [same, weeks]
    assert old not in found


def test_it_costs_the_same_with_more_beside_it(client):
    applicant, pool = alone(), a_pool(code="FP")
    walk = walk_to(S.REVIEWED, pool=pool, applicant=applicant)
    client.force_login(people.karl(), backend=BACKEND)
    client.get(f"/sag/{walk.case.pk}/sammenlign/")  # the reading of the day is noted

    def look():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/sag/{walk.case.pk}/sammenlign/")
        assert response.status_code == 200
        assert len(response.content) < 100_000
        return len(queries)

    def more(count):
        for _n in range(count):
            case_in(S.PAID, pool=pool, applicant=applicant)
            twin = alone(phone=applicant.phone)
            people.seat(twin, applicant.memberships.order_by("pk")[0].user)
            case_in(S.REJECTED, round=walk.case.round, applicant=twin)
            position = walk.case.partners.count() + 1
            Partner.objects.create(application=walk.case, position=position, name=twin.name)

    more(1)
    first = look()
    more(2)

    assert look() == first <= MOST_QUERIES


def test_it_is_closed_to_the_disqualified_and_to_strangers(client):
    case, karl = case_in(S.REVIEWED), people.karl()
    ConflictOfInterest.objects.create(
        application=case, user=karl, reason="Bror", declared_at=case.created_at, declared_by=karl
    )

    for who in (people.karl, people.asta, people.mads):
        client.force_login(who(), backend=BACKEND)
        assert client.get(f"/sag/{case.pk}/sammenlign/").status_code == 403
