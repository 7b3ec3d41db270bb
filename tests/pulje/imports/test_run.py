"""Whole files into the database: what is written, what adds up, what a second run does."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from pulje.actions.application.history import register_past
from pulje.actions.application.imported import PastGrant, already_there, sums_of
from pulje.actions.journal import broken_entries
from pulje.actions.ledger import outstanding_kr, remaining_kr
from pulje.enums import LedgerKind, Outcome
from pulje.errors import RuleBroken
from pulje.imports.grant_row import Purpose
from pulje.imports.mapfile import ImportMap, load_map
from pulje.imports.run import Outcome as RunOutcome
from pulje.imports.run import Totals, check_stored, check_totals, run
from pulje.imports.source import open_source
from pulje.models import (
    Applicant,
    Application,
    Decision,
    ImportedRow,
    JournalEntry,
    LedgerEntry,
    Pool,
)
from pulje.states import CaseState
from tests.pulje.imports.conftest import HEADER, MAPS

pytestmark = pytest.mark.django_db

Plan = Callable[..., ImportMap]
ROWS = "Klubben;Fest;1.000;600;2020\nKlubben;Lejr;1.000;1.000;2021\nKoret;Koncert;500;0;2021\n"


def import_history(path: Path, plan: ImportMap, pool: Pool | None = None) -> RunOutcome:
    """A history import as the command makes it."""
    known: dict[str, Applicant] = {}
    before = sums_of(plan.source)
    outcome = run(
        open_source(path, plan),
        Purpose.HISTORY,
        lambda rows: register_past(
            rows,
            source=plan.source,
            pool=pool,
            code=plan.code,
            known=known,
            by=None,
            at=timezone.now(),
        ),
    )
    check_stored(before, sums_of(plan.source), outcome.totals, Purpose.HISTORY)
    return outcome


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fil.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_earlier_grants_become_closed_cases(file: Path, plan: Plan) -> None:
    import_history(file, plan(code="TID"))

    cases = Application.objects.order_by("pk")
    assert [case.number for case in cases] == ["TID-2020-001", "TID-2021-001", "TID-2021-002"]
    assert {case.state for case in cases} == {CaseState.CLOSED}
    assert [case.granted_kr for case in cases] == [Decimal(600), Decimal(1000), None]
    assert [str(case.closed_on) for case in cases] == ["2020-12-31", "2021-12-31", "2021-12-31"]
    assert list(Applicant.objects.order_by("pk").values_list("name", flat=True)) == [
        "Klubben",
        "Koret",
    ]
    assert list(Decision.objects.order_by("pk").values_list("outcome", flat=True)) == [
        Outcome.PARTIALLY_GRANTED,
        Outcome.GRANTED,
        Outcome.REJECTED,
    ]


def test_journal_is_whole_and_says_where_the_case_came_from(file: Path, plan: Plan) -> None:
    import_history(file, plan())

    entries = JournalEntry.objects.order_by("pk")
    assert [(entry.event, entry.from_state, entry.to_state) for entry in entries] == [
        ("imported", "REPORTED", "CLOSED"),
        ("imported", "REPORTED", "CLOSED"),
        ("imported", "REJECTED", "CLOSED"),
    ]
    assert entries[0].data["source"] == "prøve"
    assert broken_entries(Application.objects.order_by("pk")) == []


def test_ledger_agrees_and_leaves_nothing(file: Path, plan: Plan) -> None:
    import_history(file, plan())

    sums = LedgerEntry.objects.values_list("kind").annotate(Sum("amount_kr")).order_by("kind")
    assert dict(sums) == dict.fromkeys(
        [LedgerKind.COMMIT, LedgerKind.FRAME, LedgerKind.PAY], Decimal(1600)
    )
    assert {remaining_kr(pool) for pool in Pool.objects.order_by("pk")} == {Decimal(0)}
    assert {outstanding_kr(case) for case in Application.objects.order_by("pk")} == {Decimal(0)}


def test_second_run_imports_nothing_twice(file: Path, plan: Plan) -> None:
    import_history(file, plan())

    totals = import_history(file, plan()).totals

    assert (totals.read, totals.imported, totals.refused, totals.already) == (3, 0, 3, 3)
    assert Application.objects.count() == ImportedRow.objects.count() == 3
    assert already_there("prøve", ["intet"]) == set()


def test_a_later_file_of_the_same_source_adds_what_is_new(file: Path, plan: Plan) -> None:
    import_history(file, plan())
    file.write_text(f"{HEADER}{ROWS}Klubben;Jul;1;1;2020\n", encoding="utf-8")

    totals = import_history(file, plan()).totals

    assert (totals.imported, totals.already) == (1, 3)
    assert Application.objects.order_by("-pk")[0].number == "HPRVE-2020-002"
    assert Applicant.objects.count() == 2


def test_one_pool_takes_all_years_when_told(file: Path, plan: Plan) -> None:
    pool = Pool.objects.create(code="FP", year=2027, name="Frivillighedspuljen", slug="fp-2027")

    import_history(file, plan(), pool)

    assert list(Pool.objects.order_by("pk")) == [pool]
    assert set(Application.objects.order_by("pk").values_list("pool", flat=True)) == {pool.pk}


def test_applicant_that_is_there_is_used(file: Path, plan: Plan) -> None:
    there = Applicant.objects.create(kind="ASSOCIATION", name="Koret")
    file.write_text(f"{HEADER}Koret;Fest;29189692;1;2020\nKoret;Jul;;1;2020\n", encoding="utf-8")
    columns = {"applicant": "navn", "title": "projekt", "awarded": "givet", "year": "år"}

    import_history(file, plan(columns=columns | {"cvr": "søgt"}))

    by_cvr, by_name = Application.objects.order_by("pk")
    assert by_name.applicant == there
    assert by_cvr.applicant.cvr == "29189692"


def test_grant_without_a_year_is_a_mistake_of_ours(plan: Plan) -> None:
    empty: dict[str, Any] = dict.fromkeys(PastGrant.__dataclass_fields__, "") | {
        "awarded_kr": None,
        "year": None,
    }
    grant = PastGrant(**(empty | {"decided_on": None, "received_on": None, "starts_on": None}))

    with pytest.raises(ValueError, match="no year"):
        register_past(
            [grant], source="x", pool=None, code="X", known={}, by=None, at=timezone.now()
        )


@pytest.mark.parametrize(
    "totals",
    [Totals(read=1), Totals(applied_read=Decimal(1)), Totals(awarded_refused=Decimal(1))],
    ids=["rows", "applied", "awarded"],
)
def test_totals_that_do_not_add_up_stop_everything(totals: Totals) -> None:
    with pytest.raises(RuleBroken, match="Kontroltallene stemmer ikke"):
        check_totals(totals)


def test_database_that_has_got_something_else_stops_everything() -> None:
    sums = sums_of("prøve")

    with pytest.raises(RuleBroken, match="Intet er importeret"):
        check_stored(sums, sums, Totals(read=1, imported=1), Purpose.HISTORY)


@pytest.mark.parametrize(
    ("name", "shipped", "expected"),
    [
        ("360g_trafford_council.csv", "trafford_csv", (555, 555, 0, 0, "0.00", "1291436.54")),
        ("360g_trafford_council.json", "trafford_json", (555, 555, 0, 0, "0.00", "1291436.54")),
        ("360g_oxford_city.csv", "oxford", (105, 105, 0, 0, "0.00", "1255243.00")),
        (
            "amsterdam_2016.json",
            "amsterdam",
            (2691, 2691, 0, 7, "465243429.00", "427419075.00"),
        ),
        ("hamburg_2013.tsv", "hamburg", (4694, 4693, 1, 104, "0.00", "1072859692.24")),
    ],
)
def test_real_file(
    real: Path, name: str, shipped: str, expected: tuple[int, int, int, int, str, str]
) -> None:
    totals = import_history(real / "grants" / name, load_map(MAPS / f"{shipped}.toml")).totals

    assert (
        totals.read,
        totals.imported,
        totals.refused,
        totals.flagged,
        str(totals.applied_sum),
        str(totals.awarded_sum),
    ) == expected


def test_trafford_is_the_same_source_in_both_forms(real: Path) -> None:
    grants = real / "grants"
    import_history(grants / "360g_trafford_council.csv", load_map(MAPS / "trafford_csv.toml"))

    other = load_map(MAPS / "trafford_json.toml")
    totals = import_history(grants / "360g_trafford_council.json", other).totals

    assert (totals.imported, totals.already) == (0, 555)
