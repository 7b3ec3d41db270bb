import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pulje.enums import ApplicantKind
from pulje.imports.grant_row import Flag, GrantRow, Purpose, Refusal
from pulje.imports.mapfile import ImportMap
from tests.pulje.imports.conftest import HEADER

Plan = Callable[..., ImportMap]
Judged = Callable[..., list[Any]]


def only(rows: list[GrantRow | Refusal]) -> GrantRow:
    (row,) = rows
    assert isinstance(row, GrantRow), row
    return row


def refused(rows: list[GrantRow | Refusal]) -> str:
    (row,) = rows
    assert isinstance(row, Refusal), row
    return row.reason


def test_row_that_is_in_order(plan: Plan, judged: Judged) -> None:
    row = only(judged(HEADER + " Klubben ;Den  store\tfest;15.000,50;10.000;2020\n", plan()))

    assert (row.applicant_name, row.title) == ("Klubben", "Den store fest")
    assert (row.applied_kr, row.awarded_kr) == (Decimal("15000.50"), Decimal("10000.00"))
    assert (row.grant_year, row.flags, row.line) == (2020, (), 2)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (";Fest;1;1;2020", "Ansøgerens navn mangler."),
        ("\u200b ;Fest;1;1;2020", "Ansøgerens navn mangler."),
        ("-;Fest;1;1;2020", "Ansøgerens navn mangler."),
        ("Klubben;Fest;1;-5;2020", "Det bevilgede beløb er negativt (-5.00)."),
        ("Klubben;Fest;-5;1;2020", "Det ansøgte beløb er negativt (-5.00)."),
        ("Klubben;Fest;1;;2020", "Det bevilgede beløb mangler."),
        (
            "Klubben;Fest;1;€ NaN;2020",
            "Det bevilgede beløb er ukendt, så der er ingen bevilling at gemme.",
        ),
        (
            "Klubben;Fest;1;fem;2020",
            "Det bevilgede beløb: “fem” er ikke et beløb i talformatet “da”.",
        ),
        (
            "Klubben;Fest;1;1;",
            "Rækken har hverken dato eller år, så bevillingen ikke kan placeres.",
        ),
        ("Klubben;Fest;1;1;20", "Året: “20” er ikke et årstal."),
    ],
)
def test_row_that_is_refused(plan: Plan, judged: Judged, cells: str, reason: str) -> None:
    assert refused(judged(f"{HEADER}{cells}\n", plan())) == reason


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ("Klubben;Fest;€ NaN;1;2020", (Flag.APPLIED_UNKNOWN,)),
        ("Klubben;Fest;1;5;2020", (Flag.MORE_THAN_APPLIED,)),
        ("Klubben;" + "Fest" * 60 + ";;1;2020", (Flag.SHORTENED,)),
    ],
)
def test_row_that_is_imported_with_a_flag(
    plan: Plan, judged: Judged, cells: str, flags: tuple[Flag, ...]
) -> None:
    assert only(judged(f"{HEADER}{cells}\n", plan())).flags == flags


def test_title_too_long_is_kept_whole_in_the_description(plan: Plan, judged: Judged) -> None:
    row = only(judged(f"{HEADER}Klubben;{'Fest' * 60};1;1;2020\n", plan()))

    assert (len(row.title), row.description) == (200, "Fest" * 60)


@pytest.mark.parametrize(
    ("applied", "says"),
    [("0", "ukendt eller 0"), ("", "ukendt eller 0"), ("NaN", "ukendt eller 0")],
)
def test_application_must_ask_for_money(
    plan: Plan, judged: Judged, applied: str, says: str
) -> None:
    rows = judged(f"{HEADER}Klubben;Fest;{applied};1;2020\n", plan(), Purpose.APPLICATIONS)

    assert says in refused(rows)


def test_description_of_a_whole_book_is_shortened(plan: Plan, judged: Judged) -> None:
    columns = {"applicant": "navn", "title": "projekt", "awarded": "givet", "year": "år"}
    described = plan(columns=columns | {"description": "søgt"})

    row = only(judged(f"{HEADER}Klubben;Fest;{'bog ' * 6000};1;2020\n", described))

    assert (len(row.description), row.flags) == (20_000, (Flag.SHORTENED,))


def test_application_needs_no_award(plan: Plan, judged: Judged) -> None:
    rows = judged(f"{HEADER}Klubben;Fest;1;NaN;\n", plan(), Purpose.APPLICATIONS)

    assert only(rows).flags == (Flag.AWARDED_UNKNOWN,)


@pytest.mark.parametrize(("means", "amount"), [("unknown", None), ("zero", Decimal(0))])
def test_empty_amount_means_what_the_map_says(
    plan: Plan, judged: Judged, means: str, amount: Decimal | None
) -> None:
    rows = judged(f"{HEADER}Klubben;Fest;;0;2020\n", plan(empty={"applied": means}))

    assert only(rows).applied_kr == amount


def test_second_row_with_the_same_identity_is_refused(plan: Plan, judged: Judged) -> None:
    row = "Klubben;Fest;1;1;2020\n"

    rows = judged(HEADER + row + row, plan())

    assert [type(row) for row in rows] == [GrantRow, Refusal]
    assert refused(rows[1:]) == "Rækken er den samme som i linje 2."


def test_second_row_is_counted_where_the_map_says_so(plan: Plan, judged: Judged) -> None:
    counted = plan(identity={"columns": ["navn", "projekt"], "repeated": "count"})
    text = HEADER + "Klubben;Fest;1;1;2020\n" * 3

    rows = judged(text, counted)

    assert [row.flags for row in rows] == [(), (Flag.REPEATED,), (Flag.REPEATED,)]
    assert [row.identity[-2:] for row in rows] == ["-1", "-2", "-3"]
    assert [row.identity for row in judged(text, counted)] == [row.identity for row in rows]


def test_row_without_anything_to_be_known_by_is_refused(plan: Plan, judged: Judged) -> None:
    rows = judged(f"{HEADER}Klubben;;1;1;2020\n", plan(identity={"columns": ["projekt"]}))

    assert refused(rows) == "Rækken har intet, som den kan kendes igen på."


def test_people_are_never_put_together_by_name(plan: Plan, judged: Judged) -> None:
    rules = [
        {"column": "navn", "matches": r"^\(privat\)$", "kind": "INDIVIDUAL", "anonymous": True}
    ]
    text = (
        HEADER
        + "(privat);a;1;1;2020\n(privat);b;1;1;2020\nKlubben;c;1;1;2020\nKLUBBEN;d;1;1;2020\n"
    )

    rows = judged(text, plan(kind={"rules": rules}))

    assert [row.applicant_kind for row in rows][1:3] == [
        ApplicantKind.INDIVIDUAL,
        ApplicantKind.ASSOCIATION,
    ]
    assert len({row.applicant_key for row in rows}) == 3


@pytest.mark.parametrize(
    ("cvr", "kept", "flags"),
    [
        ("29189692", "29189692", ()),
        ("DK 29 18 96 92", "29189692", ()),
        ("", "", ()),
        ("12345678", "", (Flag.BAD_CVR,)),
    ],
)
def test_cvr(plan: Plan, judged: Judged, cvr: str, kept: str, flags: tuple[Flag, ...]) -> None:
    columns = {
        "applicant": "navn",
        "title": "projekt",
        "awarded": "givet",
        "year": "år",
        "cvr": "søgt",
    }

    row = only(judged(f"{HEADER}Klubben;Fest;{cvr};1;2020\n", plan(columns=columns)))

    assert (row.cvr, row.flags) == (kept, flags)
    assert row.applicant_key.startswith("cvr" if kept else "name")


def test_sign_that_cannot_be_stored_is_replaced(plan: Plan, judged: Judged) -> None:
    odd = {"navn": "Klub\ud800ben", "projekt": "F\0est\a", "søgt": 1, "givet": 1, "år": 2020}
    text = json.dumps([odd])

    row = only(judged(text, plan(), name="fil.json"))

    assert (row.applicant_name, row.title) == ("Klub\ufffdben", "F\ufffdest")
    assert row.flags == (Flag.SIGN_REPLACED,)
    row.identity.encode("utf-8")


def test_dates_and_address(plan: Plan, judged: Judged) -> None:
    columns = {
        "applicant": "navn",
        "title": "projekt",
        "awarded": "givet",
        "decided": "år",
        "email": "søgt",
    }
    dated = plan(columns=columns, dates={"formats": ["d-m-Y"]})

    row = only(judged(f"{HEADER}Klubben;Fest;ikke en adresse;1;31-12-2020\n", dated))
    wrong = refused(judged(f"{HEADER}Klubben;Fest;a@b.example;1;12-31-2020\n", dated))

    assert (row.grant_year, str(row.known_day), row.email) == (2020, "2020-12-31", "")
    assert wrong == "Afgørelsesdatoen: “12-31-2020” er ikke en dato i de formater, som MAP nævner."
