from dataclasses import replace
from datetime import date

import pytest

from pulje.rules.eligibility import (
    Facts,
    Limits,
    Member,
    age,
    problems,
    why_network_may_not,
    why_person_may_not,
)

GOOD = Facts(
    applicant_kind="ASSOCIATION",
    starts_on=date(2027, 5, 1),
    ends_on=date(2027, 10, 31),
    received_on=date(2027, 3, 1),
    supplements_paid_work=True,
    has_cvr=True,
    benefits_many=True,
)
LIMITS = Limits(
    applicant_kinds=frozenset({"ASSOCIATION", "INFORMAL_GROUP", "INDIVIDUAL"}),
    latest_months_to_start=6,
)


def said(facts, limits):
    """All the sentences, with their figures."""
    found = [why for topic in problems(facts, limits).values() for why in topic]
    return [why.sentence % {"number": why.number} for why in found]


def test_a_good_application_has_no_problems():
    assert said(GOOD, LIMITS) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param(
            {"applicant_kind": "MUNICIPAL_INSTITUTION"}, "type ansøger", id="kind not allowed"
        ),
        pytest.param(
            {"applicant_kind": "INDIVIDUAL", "has_cvr": False}, None, id="a person needs no CVR"
        ),
        pytest.param(
            {"applicant_kind": "INFORMAL_GROUP", "has_cvr": False}, None, id="a group needs no CVR"
        ),
        pytest.param({"has_cvr": False}, "CVR-nummer", id="an association needs CVR"),
        pytest.param(
            {"starts_on": date(2027, 2, 28)}, "allerede begyndt", id="began the day before receipt"
        ),
        pytest.param({"starts_on": date(2027, 3, 1)}, None, id="begins on the day of receipt"),
        pytest.param({"starts_on": date(2027, 9, 1)}, None, id="begins exactly 6 months on"),
        pytest.param(
            {"starts_on": date(2027, 9, 2)}, "senest 6 måneder", id="begins 6 months and a day on"
        ),
        pytest.param({"ends_on": date(2027, 5, 1)}, None, id="a one-day project"),
        pytest.param(
            {"ends_on": date(2027, 4, 30)}, "slutter, før", id="ends the day before it begins"
        ),
        pytest.param({"ends_on": date(2030, 4, 30)}, None, id="exactly three years"),
        pytest.param(
            {"ends_on": date(2030, 5, 1)}, "højst løbe i 3 år", id="three years and a day"
        ),
        pytest.param({"starts_on": None}, "hvornår projektet begynder", id="no start"),
        pytest.param({"ends_on": None}, "hvornår det slutter", id="no end"),
        pytest.param(
            {"supplements_paid_work": False}, "supplere de ansatte", id="replaces paid work"
        ),
        pytest.param({"benefits_many": False}, "almennyttige", id="benefits only the applicant"),
    ],
)
def test_each_gate(change, word):
    found = said(replace(GOOD, **change), LIMITS)

    assert len(found) == (0 if word is None else 1), found
    assert word is None or word in found[0]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "count"),
    [
        pytest.param(
            date(2028, 2, 29), date(2031, 2, 28), 0, id="from a leap day: three full years"
        ),
        pytest.param(date(2028, 2, 29), date(2031, 3, 1), 1, id="from a leap day: a day more"),
    ],
)
def test_three_years_from_a_leap_day(starts_on, ends_on, count):
    facts = replace(GOOD, received_on=date(2028, 2, 1), starts_on=starts_on, ends_on=ends_on)

    assert len(said(facts, LIMITS)) == count


def test_no_limit_on_the_start_when_the_pool_sets_none():
    facts = replace(GOOD, starts_on=date(2029, 1, 1), ends_on=date(2029, 2, 1))

    assert said(facts, replace(LIMITS, latest_months_to_start=0)) == []


def test_everything_is_said_at_once():
    facts = replace(
        GOOD,
        applicant_kind="X",
        benefits_many=False,
        ends_on=date(2026, 1, 1),
    )

    assert len(said(facts, LIMITS)) == 3


TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("born_on", "has_consent", "word"),
    [
        pytest.param(None, False, "", id="day of birth unknown"),
        pytest.param(date(2009, 3, 1), False, "", id="18 today"),
        pytest.param(date(2009, 3, 2), False, "forælder", id="18 tomorrow"),
        pytest.param(date(2009, 3, 2), True, "", id="18 tomorrow, with consent"),
        pytest.param(date(2012, 3, 1), True, "", id="15 today, with consent"),
        pytest.param(date(2012, 3, 1), False, "forælder", id="15 today, without"),
        pytest.param(date(2012, 3, 2), True, "fyldt 15 år", id="15 tomorrow, even with consent"),
    ],
)
def test_person_alone_by_birthday(born_on, has_consent, word):
    sentence = why_person_may_not(born_on, TODAY, has_consent=has_consent)

    assert word in sentence
    assert bool(sentence) == bool(word)


@pytest.mark.parametrize(
    ("on", "years"),
    [
        pytest.param(date(2026, 2, 28), 17, id="no 29 February: not yet on the 28th"),
        pytest.param(date(2026, 3, 1), 18, id="no 29 February: on 1 March"),
        pytest.param(date(2028, 2, 28), 19, id="the day before"),
        pytest.param(date(2028, 2, 29), 20, id="the day itself"),
    ],
)
def test_age_of_somebody_born_on_a_leap_day(on, years):
    assert age(date(2008, 2, 29), on) == years


ADULT, UNKNOWN = Member(True, date(1980, 1, 1)), Member(True, None)
YOUNG, NAMELESS = Member(True, date(2009, 3, 2)), Member(False, date(1980, 1, 1))


@pytest.mark.parametrize(
    ("members", "word"),
    [
        pytest.param([], "mindst to", id="nobody"),
        pytest.param([ADULT], "mindst to", id="one"),
        pytest.param([ADULT, NAMELESS], "", id="an adult and one more"),
        pytest.param([UNKNOWN, YOUNG], "", id="identified, age unknown"),
        pytest.param([YOUNG, NAMELESS], "MitID", id="the adult has not logged in"),
        pytest.param([YOUNG, YOUNG], "MitID", id="no adult"),
    ],
)
def test_network(members, word):
    sentence = why_network_may_not(members, TODAY)

    assert word in sentence
    assert bool(sentence) == bool(word)
