"""A small town, counted by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pulje.enums import ApplicantKind, Theme
from pulje.models import Application, Decision, InformationRequest
from pulje.queries.pool import periods
from pulje.queries.pool.statistics import (
    KNOWN,
    NEW,
    UNKNOWN,
    Line,
    Scope,
    Speed,
    count,
    gathered,
    percent,
    speed,
    summed,
)
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_draft, a_pool, a_round, an_applicant, case_in

KR = Decimal
NOTHING = KR(0)


def line(name, cases, supported, *kr):
    return Line(name, cases, supported, *(KR(amount) for amount in kr))


def on(day, month, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def dated(case, sent, decided=None):
    Application.objects.filter(pk=case.pk).update(submitted_at=sent)
    Decision.objects.filter(application=case).update(decided_at=decided)
    return case


@pytest.fixture
def town(db):
    """Two sent by the same association, one by a home that was refused; and what counts not."""
    pool = a_pool()
    round = a_round(pool)
    holte = an_applicant(town="Holte")
    home = an_applicant(town=" birkerød", kind=ApplicantKind.SELF_GOVERNING_INSTITUTION)
    facts = {"pool": pool, "round": round}
    paid = case_in(S.PAID, applicant=holte, theme=Theme.SOCIAL, **facts)
    dated(paid, on(2, 3), on(12, 3))
    again = case_in(S.RECOMMENDED, applicant=holte, requested_kr=KR(5000), **facts)
    dated(again, on(1, 4))
    refused = case_in(S.REJECTED, applicant=home, theme=Theme.CULTURE, **facts)
    dated(refused, on(9, 3), on(20, 4))
    InformationRequest.objects.create(
        application=refused,
        parts=["budget"],
        message="?",
        due_on=date(2026, 3, 30),
        asked_at=on(16, 3),
        asked_by=people.karl(),
        answer="!",
        answered_at=on(30, 3),
    )
    a_draft(applicant=holte, **facts)
    case_in(S.SUBMITTED, applicant=home, round=a_round(pool))
    return round


def test_the_town_counted_by_hand(town, django_assert_num_queries):
    pool = town.pool_id

    with django_assert_num_queries(1):
        found = count(Scope((pool,), town.pk))

    assert found.total == line("", 3, 1, 21_000, 5_000, 8_000)
    assert found.pools[pool].cases == 3
    assert found.towns == [
        line("Holte", 2, 1, 13_000, 5_000, 8_000),
        line("Birkerød", 1, 0, 8_000, 0, 0),
    ]
    assert found.themes == [
        line("Kultur og partnerskaber", 1, 0, 8_000, 0, 0),
        line("Frivilligt socialt arbejde", 1, 1, 8_000, 0, 8_000),
        line(UNKNOWN, 1, 0, 5_000, 5_000, 0),
    ]
    assert [(one.name, one.cases) for one in found.kinds] == [
        ("Forening", 2),
        ("Selvejende institution", 1),
    ]
    assert [(one.name, one.cases) for one in found.newness] == [(NEW, 2), (KNOWN, 1)]
    assert {day: one.cases for day, one in found.periods.items()} == {
        date(2026, 3, 2): 1,
        date(2026, 3, 9): 1,
        date(2026, 3, 30): 1,
    }
    assert count(Scope((pool,))).total.cases == 4
    assert count(Scope(())).total.cases == 0


def test_a_place_is_where_it_happens_else_where_the_applicant_lives(town):
    there = Application.objects.filter(round=town, applicant__town__iexact="Holte").first()
    Application.objects.filter(pk=there.pk).update(area=" gl. holte")

    rows = Application.objects.submitted().filter(round=town).with_place()

    places = sorted(row.place for row in rows)
    assert places == ["Birkerød", "Gl. Holte", "Holte"]
    assert sorted(one.name for one in count(Scope((town.pool_id,), town.pk)).towns) == places


def test_the_days_counted_by_hand(town, django_assert_num_queries):
    """Ten days; and 42 of which 14 were the applicant's, which are too many working days."""
    pool, today = town.pool_id, date(2026, 11, 1)

    with django_assert_num_queries(1):
        found, by_pool = speed(Scope((pool,), town.pk), today)

    assert (found.decided, found.median_days, found.slow_days) == (2, 10, 28)
    assert [cases for _name, cases in found.bands] == [1, 1, 0, 0, 0]
    assert (found.in_time, found.in_time_percent) == (1, 50)
    assert by_pool == {pool: found}
    town.answer_on = date(2026, 4, 20)
    town.save()
    assert speed(Scope((pool,)), today)[0].in_time == 2
    assert speed(Scope(()), today) == (Speed(), {})


@pytest.mark.parametrize(
    ("part", "whole", "result"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (3, 3, 100)]
)
def test_percent(part, whole, result):
    assert percent(part, whole) == result


def test_small_lines_are_gathered():
    lines = [line(name, 1, 0, 10, 0, 0) for name in "abcd"]

    assert gathered(lines, 3, "Andre") == lines
    assert gathered(lines, 2, "Andre") == [*lines[:2], line("Andre", 2, 0, 20, 0, 0)]
    assert summed("I alt", []) == line("I alt", 0, 0, 0, 0, 0)


def test_weeks_have_no_holes_and_end_with_the_deadline():
    found = {date(2026, 11, 2): Line("", 3), date(2026, 11, 16): Line("", 5)}

    columns = periods.by_week(found, date(2026, 11, 25), date(2026, 12, 1))

    assert columns.rows == [
        ("uge 45", "Uge 45, 2026", 3),
        ("uge 46", "Uge 46, 2026", 0),
        ("uge 47", "Uge 47, 2026", 5),
        ("uge 48", "Uge 48, 2026", 0),
    ]
    assert (columns.mark_after, columns.last_before_deadline) == (4, 0)
    assert periods.by_week({}, date(2026, 11, 25), date(2026, 12, 1)).rows == []


def test_weeks_to_come_are_not_shown_and_old_ones_are_one():
    found = {date(2026, 6, 1): Line("", 3), date(2026, 11, 16): Line("", 5)}

    columns = periods.by_week(found, date(2026, 12, 12), date(2026, 11, 18))

    assert columns.rows[0] == ("før", "Før de viste uger", 3)
    assert columns.rows[-1] == ("uge 47", "Uge 47, 2026", 5)
    assert len(columns.rows) == periods.MOST + 1
    assert columns.mark_after == 0


def test_months_are_a_year_at_most():
    found = {date(2025, 11, 1): Line("", 3), date(2026, 11, 1): Line("", 5)}

    rows = periods.by_month(found).rows

    assert len(rows) == 12
    assert rows[0] == ("dec", "december 2025", 0)
    assert rows[-1] == ("nov", "november 2026", 5)
    assert periods.by_month({}).rows == []
