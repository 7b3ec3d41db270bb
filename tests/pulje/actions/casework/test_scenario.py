from decimal import Decimal as D

import pytest

from pulje.actions.casework import scenario as actions
from pulje.actions.casework.tie import disqualify
from pulje.actions.job import write_job
from pulje.enums import Distribution, JobState
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, Job, Scenario
from pulje.queries.casework.scenario import compare, frame_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool
from tests.pulje.actions.telling import refuses
from tests.rounds import an_assessed_round

WAYS = Distribution


@pytest.fixture
def round():
    """Four cases of 10.000, 11.000, 12.000 and 13.000 kr. with 0-3 points; 30.000 kr. to give."""
    return an_assessed_round(4, frame_kr=D(30_000))


def make(round, now, method=WAYS.BY_POINTS, **numbers):
    name = numbers.pop("name", "Efter point")
    by = numbers.pop("by", people.karl())
    return actions.make_scenario(round, by=by, at=now, name=name, method=method, numbers=numbers)


def amounts(scenario):
    rows = scenario.lines.order_by("application__number")
    return [int(kr) for kr in rows.values_list("amount_kr", flat=True)]


def keys(round):
    return list(round.applications.order_by("number").values_list("pk", flat=True))


def test_a_scenario_shares_out_what_is_left_of_the_round(round, now):
    scenario = make(round, now)

    assert amounts(scenario) == [0, 5_000, 12_000, 13_000]
    assert (scenario.made_by, frame_of(round)) == (people.karl(), D(30_000))
    assert make(round, now) == scenario
    with refuses(RuleBroken, "Runden har allerede et scenarie med det navn."):
        make(round, now, WAYS.SAME_CUT)
    assert amounts(make(round, now, WAYS.SAME_CUT, name="Lige", step_kr=1, cut_percent="")) == [
        6_521,
        7_173,
        7_826,
        8_478,
    ]


def test_what_is_written_by_hand_stands_when_the_rest_is_counted_anew(round, now):
    scenario, (first, *_rest, last) = make(round, now), keys(round)

    actions.set_amounts(scenario, by=people.rie(), amounts={first: D(10_000)})
    assert amounts(scenario) == [10_000, 5_000, 12_000, 13_000]
    facts = {"name": "Ny", "method": WAYS.BY_POINTS, "numbers": {"min_points": 2}}
    actions.change_scenario(scenario, by=people.karl(), **facts)
    assert amounts(scenario) == [10_000, 0, 7_000, 13_000]
    actions.set_amounts(scenario, by=people.karl(), amounts={last: D(0)}, anew=[first])

    assert amounts(scenario) == [0, 0, 12_000, 0]
    assert list(scenario.lines.filter(is_hand_made=True).values_list("application", flat=True)) == [
        last
    ]


def test_set_amounts_refuses(round, now):
    scenario, (first, second, *_rest) = make(round, now), keys(round)
    Application.objects.filter(pk=second).update(state=CaseState.IN_REVIEW)
    number = Application.objects.get(pk=first).number

    for kr in (D("10000.01"), D(-1), D("0.001")):
        with refuses(RuleBroken, f"{number} kan få fra 0 kr. til 10.000"):
            actions.set_amounts(scenario, by=people.karl(), amounts={first: kr})
    with refuses(WrongState, "En af sagerne er rykket videre."):
        actions.set_amounts(scenario, by=people.karl(), amounts={second: D(0)})
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.set_amounts(scenario, by=people.fie(), amounts={first: D(0)})


def test_cases_one_is_disqualified_in_are_left_out(round, now):
    theirs = Application.objects.get(pk=keys(round)[3])
    disqualify(theirs, by=people.karl(), at=now, person=people.karl(), reason="Min søster.")

    scenario = make(round, now)
    whole = make(round, now, by=people.rie(), name="Ries")

    assert amounts(scenario) == [7_000, 11_000, 12_000]
    with refuses(NotAllowed, f"Du er inhabil i {theirs.number}."):
        actions.set_amounts(scenario, by=people.karl(), amounts={theirs.pk: D(1)})
    numbers = {"name": "Ries", "method": WAYS.BY_POINTS, "numbers": {}}
    actions.change_scenario(whole, by=people.karl(), **numbers)
    assert amounts(whole) == [0, 5_000, 12_000, 13_000]
    assert len(actions.choose_scenario(whole, by=people.karl(), at=now)) == 3
    seen = compare(round, [whole], people.karl(), None)
    assert [row.case for row in seen.left_out] == [theirs]


def test_one_case_s_own_ground_is_the_pool_s_own(round, now):
    scenario, case = make(round, now), Application.objects.get(pk=keys(round)[0])
    ground = case.version.grounds.order_by("pk")[0].pk

    actions.set_ground(scenario, by=people.karl(), case=case, ground=ground)
    scenario.refresh_from_db()
    assert scenario.numbers[actions.GROUNDS] == {str(case.pk): ground}
    with refuses(RuleBroken, "En begrundelse skal stå i puljens egne, vedtagne kriterier."):
        foreign = a_pool().versions.get().grounds.order_by("pk")[0].pk
        actions.set_ground(scenario, by=people.karl(), case=case, ground=foreign)
    actions.set_ground(scenario, by=people.karl(), case=case, ground=None)

    scenario.refresh_from_db()
    assert scenario.numbers[actions.GROUNDS] == {}


def test_copy_and_delete(round, now):
    scenario = make(round, now)
    actions.set_amounts(scenario, by=people.karl(), amounts={keys(round)[0]: D(1)})

    copies = [actions.copy_scenario(scenario, by=people.rie(), at=now) for _n in range(5)]

    assert [copy.name for copy in copies[:2]] == ["Efter point – kopi", "Efter point – kopi 2"]
    assert amounts(copies[0]) == amounts(scenario)
    with refuses(RuleBroken, "Der er seks scenarier i runden. Slet ét først."):
        actions.copy_scenario(scenario, by=people.rie(), at=now)
    actions.delete_scenario(copies[0], by=people.karl())
    assert Scenario.objects.filter(round=round).count() == 5


def test_choosing_gives_the_cases_with_their_amounts(round, now):
    scenario, (first, *_rest) = make(round, now), keys(round)
    Application.objects.filter(pk=first).update(state=CaseState.WITHDRAWN)

    given = actions.choose_scenario(scenario, by=people.karl(), at=now)

    scenario.refresh_from_db()
    assert [int(kr) for _case, kr in given] == [5_000, 12_000, 13_000]
    assert (scenario.chosen_by, scenario.chosen_at) == (people.karl(), now)
    for change in (
        lambda: actions.delete_scenario(scenario, by=people.karl()),
        lambda: actions.set_amounts(scenario, by=people.karl(), amounts={}),
    ):
        with refuses(WrongState, "Scenariet er valgt og kan ikke ændres."):
            change()


def test_choosing_refuses(round, now):
    scenario, (first, *_rest) = make(round, now), keys(round)

    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: sagsbehandler."):
        actions.choose_scenario(scenario, by=people.dora(), at=now)
    actions.set_amounts(scenario, by=people.karl(), amounts={first: D(1)})
    with refuses(RuleBroken, "Scenariet er 1\N{NO-BREAK SPACE}kr. over rammen på 30.000"):
        actions.choose_scenario(scenario, by=people.karl(), at=now)
    actions.set_amounts(scenario, by=people.karl(), amounts={first: D(0)})
    case = Application.objects.get(pk=first)
    write_job("recommend", [(case, {})], facts={}, by=people.rie(), at=now)
    with refuses(WrongState, "Rundens indstillinger er ved at blive skrevet."):
        actions.choose_scenario(scenario, by=people.karl(), at=now)
    Application.objects.filter(round=round).update(state=CaseState.WITHDRAWN)
    Job.objects.update(state=JobState.STOPPED, ended_at=now)
    with refuses(RuleBroken, "Der er ingen sager tilbage at indstille"):
        actions.choose_scenario(scenario, by=people.karl(), at=now)
    with refuses(RuleBroken, "Ingen sager i runden er vurderet"):
        make(round, now, name="Igen")
