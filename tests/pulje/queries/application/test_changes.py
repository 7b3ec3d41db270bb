from datetime import UTC, date, datetime

import pytest

from pulje.models import Application, BudgetLine, Snapshot
from pulje.queries.application.changes import Change, changes_since, new_files, said_by, said_now
from pulje.states import CaseState
from tests.factories import a_draft, case_in

SENT, EDITED = datetime(2027, 1, 1, 12, tzinfo=UTC), datetime(2027, 1, 3, 12, tzinfo=UTC)
THEN = {
    "title": "Fællesspisning",
    "area": "",
    "starts_on": "2027-02-01",
    "requested_kr": "8000.00",
    "answer:age": "Unge",
    "budget": "Råvarer: 8.000\u00a0kr.",
    "partners": "",
    "files": {"a" * 64: "Vedtægter.pdf"},
}
OLD = {"title": "Fællesspisning", "starts_on": date(2027, 2, 1), "requested_kr": "8000.00"}


def now_saying(lines=(("Råvarer", 8000),), partners=(), **fields):
    case = Application(**OLD | {"answers": {"age": "Unge"}} | fields)
    case.submitted_at, case.edited_at = SENT, fields.get("edited_at")
    rows = [BudgetLine(text=text, amount_kr=amount) for text, amount in lines]
    now = said_by(case, lines=rows, partners=partners, files=[])
    return case, {name: text for name, text in now.items() if name in THEN}


@pytest.mark.parametrize(
    ("said", "name", "change"),
    [
        ({}, "title", None),
        ({"title": "Suppe"}, "title", Change("Fællesspisning", None)),
        ({"title": "Suppe", "edited_at": SENT}, "title", Change("Fællesspisning", None)),
        (
            {"title": "Suppe", "edited_at": EDITED},
            "title",
            Change("Fællesspisning", date(2027, 1, 3)),
        ),
        ({"area": "Holte"}, "area", Change("ingenting", None)),
        ({"starts_on": date(2027, 2, 2)}, "starts_on", Change("2027-02-01", None)),
        ({"answers": {"age": "Ældre"}}, "answer:age", Change("Unge", None)),
        ({"lines": [("Mad", 1)]}, "budget", Change("Råvarer: 8.000\u00a0kr.", None)),
        (
            {"partners": [{"name": "Skolen", "contribution": "Lokale"}]},
            "partners",
            Change("ingenting", None),
        ),
    ],
)
def test_what_reads_otherwise_is_told_with_what_stood(said, name, change):
    case, now = now_saying(**said)

    found = changes_since(case, THEN, now)

    assert {key: value for key, value in found.items() if value} == (
        {name: change} if change else {}
    )


def test_an_older_case_without_a_snapshot_says_nothing():
    case, now = now_saying(title="Suppe")

    assert set(changes_since(case, None, now).values()) == {None}
    assert new_files(None, now) == set()


def test_files_are_known_by_their_fingerprint():
    now = {"files": {"a" * 64: "Omdøbt.pdf", "b" * 64: "Vedtægter.pdf"}}

    assert new_files(THEN, now) == {"b" * 64}


@pytest.mark.django_db
def test_the_snapshot_is_taken_when_it_is_sent_and_not_before():
    assert not Snapshot.objects.filter(application=a_draft()).exists()
    case = case_in(CaseState.SUBMITTED)

    assert case.snapshot.said == said_now(Application.objects.get(pk=case.pk))
    assert case.snapshot.said["title"] == "Fællesspisning"
