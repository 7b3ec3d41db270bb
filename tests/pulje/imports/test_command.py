"""manage.py import_grants, as it is typed."""

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from pulje.models import Applicant, Application, ImportedRow, JournalEntry, Pool, Round
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round
from tests.pulje.imports.conftest import HEADER, MAPS

MAP = """
source = "prøve"
[columns]
applicant = "navn"
title = "projekt"
applied = "søgt"
awarded = "givet"
year = "år"
[numbers]
style = "da"
[identity]
columns = ["navn", "projekt"]
"""
ROWS = "Klubben;Fest;1.000;600;2020\nKoret;Koncert;500;900;2021\n;Jul;1;1;2021\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own with a file and its MAP; we stand in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "MAP.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "fil.csv").write_text(HEADER + ROWS, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> list[str]:
    """What the command says, line by line."""
    out = StringIO()
    call_command("import_grants", "fil.csv", "--map", "MAP.toml", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_history_says_everything_and_ends_with_json(folder: Path) -> None:
    said = run("--json")

    assert said[:-1] == [
        "Tegnsæt: utf-8 (fundet, fx linje 1).",
        "Skilletegn: semikolon (fundet).",
        "Linje 4 afvist: Ansøgerens navn mangler.",
        "Mærket: der er bevilget mere end ansøgt: 1 (første: linje 3).",
        "Ret de afviste rækker i fil.refused.csv, og importér den med samme MAP.",
        "Læst 3 = importeret 2 + afvist 1 (heraf importeret før 0). Mærket 1.",
        "Ansøgt 1.500,00 kr. Bevilget 1.500,00 kr. Afvist: 1,00 og 1,00 kr.",
    ]
    assert json.loads(said[-1]) == {
        "read": 3,
        "imported": 2,
        "refused": 1,
        "flagged": 1,
        "applied_sum": "1500.00",
        "awarded_sum": "1500.00",
        "refused_file": "fil.refused.csv",
    }
    assert Application.objects.count() == 2


@pytest.mark.django_db
def test_refused_rows_are_mended_and_imported(folder: Path) -> None:
    run()
    refused = folder / "fil.refused.csv"
    mended = refused.read_text(encoding="utf-8").replace(";;;Jul", ";;Orkestret;Jul")
    (folder / "fil.csv").write_text(mended, encoding="utf-8")

    said = run("--json")

    assert json.loads(said[-1])["imported"] == 1
    assert Applicant.objects.filter(name="Orkestret").exists()


@pytest.mark.django_db
def test_second_run_adds_up_and_has_nothing_to_mend(folder: Path) -> None:
    (folder / "fil.csv").write_text(f"{HEADER}Klubben;Fest;1;1;2020\n", encoding="utf-8")
    run()

    said = run("--json")

    assert "Importeret før: 1. Intet importeres to gange." in said
    assert json.loads(said[-1]) == {
        "read": 1,
        "imported": 0,
        "refused": 1,
        "flagged": 0,
        "applied_sum": "0.00",
        "awarded_sum": "0.00",
        "refused_file": "",
    }


@pytest.mark.django_db
def test_dry_run_does_everything_and_keeps_nothing(folder: Path) -> None:
    said = run("--dry-run", "--refused-file", "ret.csv")

    assert "Det var en prøve: intet er gemt." in said
    assert "Læst 3 = importeret 2 + afvist 1 (heraf importeret før 0). Mærket 1." in said
    assert (folder / "ret.csv").exists()
    assert Application.objects.count() == Pool.objects.count() == ImportedRow.objects.count() == 0


@pytest.mark.django_db
def test_history_in_a_pool_of_our_own_by_a_person_of_ours(folder: Path) -> None:
    pool, dora = a_pool(code="FP", year=2027), people.dora()

    run("--pool", "FP-2027", "--user", dora.email)

    assert set(Application.objects.order_by("pk").values_list("pool", flat=True)) == {pool.pk}
    assert set(JournalEntry.objects.order_by("pk").values_list("by", flat=True)) == {dora.pk}


@pytest.mark.django_db
def test_many_refusals_are_not_all_listed(folder: Path) -> None:
    (folder / "fil.csv").write_text(HEADER + ";a;1;1;2020\n" * 60, encoding="utf-8")

    said = run()

    assert "… og 10 afviste rækker til." in said
    assert (folder / "fil.refused.csv").read_text(encoding="utf-8").count("\n") == 61


@pytest.mark.django_db
def test_applications_are_submitted_in_the_round_with_their_tasks(folder: Path) -> None:
    round = a_round(a_pool(code="FP", year=2027))
    people.karl()

    said = run("--as", "applications", "--pool", "FP-2027")

    cases = Application.objects.order_by("pk")
    assert [(case.number, case.state, case.round) for case in cases] == [
        ("FP-2027-001", CaseState.SUBMITTED, round),
        ("FP-2027-002", CaseState.SUBMITTED, round),
    ]
    assert [case.granted_kr for case in cases] == [None, None]
    assert all(case.link.process.task_set.filter(finished=None).exists() for case in cases)
    assert "Filens bevillinger er skrevet i fil.awards.json." in said
    awards = json.loads((folder / "fil.awards.json").read_text(encoding="utf-8"))
    assert [(each["case"], each["awarded_kr"]) for each in awards] == [
        ("FP-2027-001", "600.00"),
        ("FP-2027-002", "900.00"),
    ]


@pytest.mark.django_db
def test_applications_go_to_the_one_open_round(folder: Path) -> None:
    round = a_round()
    people.karl()

    run("--as", "applications", "--dry-run")

    assert not (folder / "fil.awards.json").exists()
    assert round.applications.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--as", "applications"], "indtastes af en sagsbehandler"),
        (["--user", "ingen@puljer.example"], "ingen aktiv bruger"),
        (["--pool", "XX-1999"], "findes ikke. Der er: ingen puljer endnu"),
        (["--pool", "findes-ikke"], "findes ikke"),
    ],
)
def test_what_cannot_be_found_is_said(folder: Path, arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(*arguments)


@pytest.mark.django_db
def test_several_open_rounds_must_be_told_apart(folder: Path) -> None:
    pool = a_pool(code="FP", year=2027)
    a_round(pool)
    a_round(pool)
    people.karl()

    with pytest.raises(CommandError, match="--pool FP-2027 --round 1, --pool FP-2027 --round 2"):
        run("--as", "applications")
    run("--as", "applications", "--pool", pool.slug, "--round", "2")
    assert Round.objects.get(number=2).applications.count() == 2


@pytest.mark.django_db
def test_file_that_breaks_off_leaves_nothing(folder: Path) -> None:
    broken = HEADER + "Klubben;Fest;1;1;2020\n" + '"Koret;Fest;1;1;2020\n'
    (folder / "fil.csv").write_text(broken, encoding="utf-8")

    with pytest.raises(CommandError, match="lukkes aldrig"):
        run()

    assert Application.objects.count() == Pool.objects.count() == 0
    assert not (folder / "fil.refused.csv").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_import_killed_in_the_middle_leaves_nothing_and_can_be_run_again(folder: Path) -> None:
    rows = "".join(f"Klub {n % 900};Fest {n};1.000;500;2020\n" for n in range(12_000))
    (folder / "fil.csv").write_text(f"{HEADER}{rows};;1;1;2020\n", encoding="utf-8")
    process = start_in_another_process(folder)

    wait_until_it_writes(process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)

    assert Application.objects.count() == Applicant.objects.count() == Pool.objects.count() == 0
    assert not (folder / "fil.refused.csv").exists()
    (folder / "fil.csv").write_text(HEADER + ROWS, encoding="utf-8")
    run()
    assert Application.objects.count() == 2


def start_in_another_process(folder: Path) -> "subprocess.Popen[bytes]":
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    root = MAPS.parents[2]
    command = [
        sys.executable,
        str(root / "manage.py"),
        "import_grants",
        "fil.csv",
        "--map",
        "MAP.toml",
    ]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,  # a killed process could not stop a Redis of its own
    }
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def wait_until_it_writes(process: "subprocess.Popen[bytes]") -> None:
    """The import has inserted cases that nobody else can see yet."""
    query = "select last_value, is_called from pulje_application_id_seq"
    with connection.cursor() as cursor:
        cursor.execute(query)
        before = cursor.fetchone()
        for _attempt in range(2_400):  # two minutes
            assert process.poll() is None, "the import ended before it was killed"
            cursor.execute(query)
            if cursor.fetchone() != before:
                return
            time.sleep(0.05)
    raise AssertionError("the import never began to write")
