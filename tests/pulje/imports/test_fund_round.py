"""manage.py fund_round: twelve real rounds, funded as they were in reality."""

import json
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pulje.actions.application.application import register_many
from pulje.models import Application, Recommendation, Round
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant
from tests.pulje.imports.conftest import REAL

FILE = REAL / "rounds" / "rounds.json"
ROUNDS = json.loads(FILE.read_text(encoding="utf-8"))["pools"] if FILE.exists() else [{}]


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("fund_round", *arguments, "--by", "points", stdout=out)
    return out.getvalue().splitlines()


def a_reviewed_round(budget: str, projects: Sequence[tuple[str, str, int | None]]) -> Round:
    """A round of cases (title, cost, points) that have all been assessed."""
    pool = a_pool(code="BP", year=2027, frame_kr=Decimal(budget), delegation_limit_kr=None)
    round, applicant, at = a_round(pool), an_applicant(), timezone.now()
    version = pool.versions.get()
    drafts = [
        Application(
            pool=pool,
            round=round,
            version=version,
            applicant=applicant,
            title=title,
            requested_kr=Decimal(cost),
            points=points,
            submitted_at=at,
        )
        for title, cost, points in projects
    ]
    register_many(drafts, by=people.karl(), at=at)
    round.applications.update(state=CaseState.REVIEWED)
    return round


def funded(round: Round) -> set[str]:
    rows = Recommendation.objects.filter(application__round=round, amount_kr__gt=0)
    return set(rows.order_by("pk").values_list("application__title", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("told", ROUNDS, ids=lambda told: told.get("subunit") or told.get("unit"))
def test_real_round_is_funded_as_it_was(real: Path, told: dict[str, object]) -> None:
    projects = [
        (each["project_id"], str(each["cost"]), int(each["points"]))
        for each in told["projects"]  # type: ignore[attr-defined]
    ]
    round = a_reviewed_round(str(told["budget"]), projects)

    run("BP-2027/1")

    really = {each["project_id"] for each in told["projects"] if each["selected"] == 1}  # type: ignore[attr-defined]
    assert funded(round) == really
    assert set(round.applications.order_by("pk").values_list("state", flat=True)) == {
        CaseState.RECOMMENDED
    }


def test_file_of_rounds_is_computed_again(real: Path) -> None:
    assert run("--file", str(real / "rounds" / "rounds.json"))[-1] == "12 af 12 runder er gengivet."


def test_file_that_differs_is_said(tmp_path: Path) -> None:
    project = {"project_id": "1", "cost": 5, "points": 1, "selected": 0}
    told = {"unit": "By", "year": 2027, "subunit": "", "budget": 5, "projects": [project]}
    path = tmp_path / "rounds.json"
    path.write_text(json.dumps({"pools": [told]}))

    with pytest.raises(CommandError, match="Ikke alle runder"):
        run("--file", str(path))


@pytest.mark.django_db
def test_dry_run_shows_the_order_and_keeps_nothing() -> None:
    round = a_reviewed_round("100", [("a", "60", 3), ("b", "60", 2), ("c", "40", 1)])

    said = run("BP-2027/1", "--dry-run")

    assert said == [
        "BP-2027-001: 3 point, 60.00 kr., indstilles",
        "BP-2027-002: 2 point, 60.00 kr., ingen penge",
        "BP-2027-003: 1 point, 40.00 kr., indstilles",
        "2 af 3 ansøgninger, 100.00 kr. Der er 100.00 kr. i rammen.",
        "Det var en prøve: intet er gemt.",
    ]
    assert funded(round) == set()


@pytest.mark.django_db
def test_those_without_money_get_a_reason_of_the_pool() -> None:
    round = a_reviewed_round("100", [("a", "60", 3), ("b", "60", 2)])
    ground = round.pool.versions.get().grounds.order_by("pk")[1]

    run("BP-2027/1", "--ground", str(ground.pk), "--user", "karl@puljer.example")

    refused = Recommendation.objects.get(application__title="b")
    assert refused.amount_kr == 0
    assert list(refused.grounds.order_by("pk")) == [ground]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("projects", "arguments", "says"),
    [
        ([], ["BP-2027/1"], "ingen vurderede ansøgninger"),
        ([("a", "60", None)], ["BP-2027/1"], "ingen point eller intet beløb: BP-2027-001"),
        ([("a", "60", 1)], ["BP-2027/7"], "findes ikke. Der er: BP-2027/1"),
        ([("a", "60", 1)], ["hvad"], "findes ikke"),
        (
            [("a", "60", 1)],
            ["BP-2027/1", "--user", "asta@puljer.example"],
            "ingen aktiv sagsbehandler",
        ),
        ([("a", "600", 1)], ["BP-2027/1", "--ground", "999999"], "ingen begrundelse for afslag"),
    ],
)
def test_round_that_cannot_be_funded(
    projects: list[tuple[str, str, int | None]], arguments: list[str], says: str
) -> None:
    round = a_reviewed_round("100", projects)

    with pytest.raises(CommandError, match=says):
        run(*arguments)

    assert funded(round) == set()
