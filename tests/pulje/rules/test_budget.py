import json
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulje.rules.budget import Project, fits, fund_by_points, outstanding, paid, remaining

ROUNDS = Path(__file__).resolve().parents[4] / "shared/data/rounds/rounds.json"
KR = st.decimals(0, 1_000_000, places=2)
PROJECTS = st.lists(
    st.builds(Project, key=st.integers(1, 10_000), cost=KR, points=st.integers(0, 12)),
    unique_by=lambda project: project.key,
    max_size=25,
)


@pytest.mark.parametrize(
    ("entries", "left", "owed", "gone"),
    [
        pytest.param([], D(0), D(0), D(0), id="an empty ledger"),
        pytest.param(
            [("FRAME", D(500)), ("FRAME", D(-100))], D(400), D(0), D(0), id="a lowered frame"
        ),
        pytest.param(
            [("FRAME", D(500)), ("COMMIT", D(500))], D(0), D(500), D(0), id="the last krone granted"
        ),
        pytest.param(
            [("FRAME", D(500)), ("COMMIT", D("0.01"))],
            D("499.99"),
            D("0.01"),
            D(0),
            id="one øre granted",
        ),
        pytest.param(
            [("COMMIT", D(90)), ("RELEASE", D(90))], D(0), D(0), D(0), id="granted and declined"
        ),
        pytest.param([("COMMIT", D(90)), ("PAY", D(60))], D(-90), D(30), D(60), id="partly paid"),
        pytest.param(
            [("COMMIT", D(90)), ("PAY", D(60)), ("UNPAY", D(60))],
            D(-90),
            D(90),
            D(0),
            id="reversed",
        ),
        pytest.param(
            [("PAY", D(60)), ("RECOVER", D(20))],
            D(0),
            D(-60),
            D(60),
            id="paid back: frame untouched",
        ),
        pytest.param(
            [("SETOFF", D(20)), ("WRITE_OFF", D(20))],
            D(0),
            D(0),
            D(0),
            id="set off and written off",
        ),
    ],
)
def test_sums_of_the_ledger(entries, left, owed, gone):
    assert (remaining(entries), outstanding(entries), paid(entries)) == (left, owed, gone)


@pytest.mark.parametrize(
    ("returns", "left"),
    [pytest.param(True, D(120), id="yes"), pytest.param(False, D(100), id="no")],
)
def test_money_paid_back_returns_to_the_frame_only_by_the_pools_rule(returns, left):
    assert remaining([("FRAME", D(100)), ("RECOVER", D(20))], recover_returns=returns) == left


@pytest.mark.parametrize("ask", [remaining, outstanding, paid])
def test_an_unknown_kind_is_a_mistake(ask):
    with pytest.raises(ValueError, match="GIFT"):
        ask([("GIFT", D(1))])


@given(st.lists(st.tuples(st.sampled_from(["FRAME", "COMMIT", "RELEASE", "PAY", "UNPAY"]), KR)))
def test_the_frame_is_what_remains_is_owed_or_is_paid(entries):
    frame = sum((amount for kind, amount in entries if kind == "FRAME"), D(0))

    assert remaining(entries) + outstanding(entries) + paid(entries) == frame


@pytest.mark.parametrize(
    ("amount", "left", "fit"),
    [
        pytest.param(D(100), D(100), True, id="exactly all of it"),
        pytest.param(D("100.01"), D(100), False, id="an øre too much"),
        pytest.param(D(0), D(0), True, id="nothing of nothing"),
        pytest.param(D(-1), D(100), False, id="a negative amount never fits"),
        pytest.param(D(0), D(-1), False, id="an overdrawn frame takes nothing"),
    ],
)
def test_fits(amount, left, fit):
    assert fits(amount, left) is fit


@pytest.mark.parametrize(
    ("projects", "frame", "funded"),
    [
        pytest.param([], D(100), (), id="no projects"),
        pytest.param([Project(1, D(100), 5)], D(100), (1,), id="exactly the frame"),
        pytest.param([Project(1, D("100.01"), 5)], D(100), (), id="an øre over the frame"),
        pytest.param(
            [Project(1, D(60), 5), Project(2, D(60), 9)], D(100), (2,), id="most points first"
        ),
        pytest.param(
            [Project(1, D(90), 9), Project(2, D(20), 8), Project(3, D(10), 1)],
            D(100),
            (1, 3),
            id="passed over",
        ),
        pytest.param(
            [Project(1, D(60), 5), Project(2, D(50), 5)], D(100), (2,), id="tie: the cheaper first"
        ),
        pytest.param(
            [Project(2, D(60), 5), Project(1, D(60), 5)],
            D(100),
            (1,),
            id="tie in cost too: the lower key",
        ),
        pytest.param(
            [Project("b", D(60), 5), Project("a", D(60), 5)],
            D(100),
            ("a",),
            id="keys may be case numbers",
        ),
    ],
)
def test_fund_by_points(projects, frame, funded):
    assert fund_by_points(projects, frame) == funded


@given(PROJECTS, KR, st.randoms(use_true_random=False))
def test_funding_never_exceeds_the_frame_and_does_not_depend_on_the_order(projects, frame, random):
    funded = fund_by_points(projects, frame)
    shuffled = random.sample(projects, len(projects))

    cost = {project.key: project.cost for project in projects}
    assert sum((cost[key] for key in funded), D(0)) <= frame
    assert fund_by_points(shuffled, frame) == funded


@given(PROJECTS, KR)
def test_whoever_is_passed_over_does_not_fit_in_what_is_left(projects, frame):
    funded = fund_by_points(projects, frame)

    left = frame - sum((project.cost for project in projects if project.key in funded), D(0))
    assert all(project.cost > left for project in projects if project.key not in funded)


@pytest.mark.parametrize("number", range(12))
def test_real_rounds_are_funded_as_the_city_did(number):
    if not ROUNDS.exists():
        pytest.skip(f"The real rounds are not here ({ROUNDS}); see shared/data/README.md.")
    pool = json.loads(ROUNDS.read_text(encoding="utf-8"), parse_float=D)["pools"][number]
    projects = [
        Project(row["project_id"], D(row["cost"]), D(row["points"])) for row in pool["projects"]
    ]

    funded = fund_by_points(projects, D(pool["budget"]))

    # 2 in the data: not paid from this budget (the sum spent leaves it out).
    assert set(funded) == {row["project_id"] for row in pool["projects"] if row["selected"] == 1}
