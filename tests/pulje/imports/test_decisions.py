"""A file of decisions from another system: read, and held against the agenda line by line."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from pulje.actions.meeting.ruling import record_rulings
from pulje.errors import RuleBroken
from pulje.imports.decision_file import Line, read_lines
from pulje.imports.decisions import check_lines, rehearse
from pulje.models import ConflictOfInterest, ItemRuling
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in

BIG = Decimal(60_000)
EXPECTED = [Line(2, "FP-1", "Bevilget", "60.000", "Ja; gerne"), Line(4, "FP-2", "Afslag", "", "")]


def sheet(*rows: tuple[object, ...]) -> bytes:
    book, buffer = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.csv",
            b'Sagsnr.;Udfald;Bel\xf8b (kr.);Begrundelse\nFP-1;Bevilget;60.000;"Ja; gerne"\n;;;\n'
            b"FP-2;Afslag;;\n",
        ),
        (
            "b.CSV",
            "\ufeffsagsnummer,bemærkning,beslutning,beløb\r\nFP-1,Ja; gerne,Bevilget,60.000\r\n\r\n"
            "FP-2,,Afslag,\r\n".encode(),
        ),
        (
            "c.xlsx",
            sheet(
                ("Sag", "Udfald", "Bevilget", "Begrundelse"),
                ("FP-1", "Bevilget", "60.000", "Ja; gerne"),
                (),
                ("FP-2", "Afslag"),
            ),
        ),
    ],
    ids=["cp1252", "utf-8", "xlsx"],
)
def test_a_file_is_read_as_it_is_written(name, content):
    assert read_lines(name, content) == EXPECTED


def test_numbers_of_a_sheet_are_written_as_here():
    found = read_lines(
        "a.xlsx", sheet(("sag", "udfald", "beløb"), ("A", "x", 8030), ("B", "x", 1.5))
    )

    assert [line.amount for line in found] == ["8030", "1,50"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"navn;kr\nA;1\n", "skal have en række med overskrifterne"),
        ("a.csv", b"sag;udfald\n;\n", "Der er ingen rækker i a.csv"),
        ("a.csv", b"\xff\xfes\0", "ikke en csv-fil, der kan læses"),
        ("a.xlsx", b"PK", "ikke en xlsx-fil, der kan læses"),
        ("a.csv", b"sag;udfald\n" + b"A;afslag\n" * 2001, "Der kan højst være 2000"),
    ],
)
def test_a_file_that_cannot_be_used_is_said(name, content, says):
    with pytest.raises(RuleBroken, match=says):
        read_lines(name, content)


@pytest.mark.django_db
def test_every_line_is_held_against_the_agenda():
    pool, sanne, now = a_pool(), people.sanne(), timezone.now()
    cases = [case_in(CaseState.RECOMMENDED, pool=pool, requested_kr=BIG) for _n in range(3)]
    one, two, own = (case.number for case in cases)
    meeting = a_meeting(cases)
    elsewhere = case_in(CaseState.SUBMITTED, pool=pool).number
    declared = {"reason": "x", "declared_at": now, "declared_by": sanne}
    ConflictOfInterest.objects.create(application=cases[2], user=sanne, **declared)

    def said(*typed: str, case: str = one) -> str:
        (row,) = check_lines(meeting, [Line(2, case, *typed)], by=sanne).rows
        return row.problem

    table = {
        ("som indstillet",): "",
        ("Tiltrådt.", "60.000"): "",
        ("Bevilget", "60.000"): "",
        ("Delvist bevilget", "34.000,50", "Mindre end søgt."): "",
        ("Afslag", "", "Uden for formålet."): "",
        ("Udsat", "", "Vi venter på svar."): "",
        ("sendes  tilbage", "0", "Se på budgettet."): "",
        ("Måske",): "”Måske” er ikke et udfald. Skriv ”Som indstillet”, ”Bevilget”, ”Delvist"
        " bevilget”, ”Afslag”, ”Udsat”, ”Sendt tilbage”.",
        ("Bevilget", "60,000"): "”60,000” er ikke et beløb. Skriv det som 25.000 eller 25.000,50.",
        ("Bevilget",): "”Bevilget” mangler et beløb. Skriv det.",
        ("Bevilget", "0"): "”Bevilget” og 0 kr. passer ikke sammen. Skriv ”Afslag” eller beløbet.",
        ("Bevilget", "-5"): "Beløbet er under 0 kr. Skriv det uden minus.",
        ("Bevilget", "60.001"): "60.001 kr. er mere end de 60.000 kr., der er søgt om."
        " Ret beløbet.",
        ("Delvist", "60.000"): "”Delvist bevilget”, men 60.000 kr. er alt, hvad der er søgt om."
        " Ret det ene.",
        (
            "Som indstillet",
            "5",
        ): "Indstillingen er 60.000 kr., men der står 5 kr. ved ”Som indstillet”. Ret det ene.",
        ("Afslag", "5", "Nej."): "”Afslag” og 5 kr. passer ikke sammen. Ret det ene.",
        ("Udsat", "5", "Nej."): "”Udsat” har intet beløb. Slet 5 kr., eller ret udfaldet.",
        (
            "Udsat",
            "",
            ".",
        ): "Skriv i begrundelsen, hvorfor sagen er udsat. Brug mindst 10 bogstaver.",
        ("Udsat",): "Skriv i begrundelsen, hvorfor sagen er udsat. Brug mindst 10 bogstaver.",
        ("Afslag",): "Indstillingen på 60.000 kr. er ikke fulgt."
        " Skriv udvalgets begrundelse. Brug mindst 10 bogstaver.",
    }
    assert {typed: said(*typed).replace("\xa0", " ") for typed in table} == table
    assert said("Afslag", case="") == "Der står intet sagsnummer. Skriv sagens nummer."
    assert said("Afslag", case="FP-0") == "Der er ingen sag med det nummer. Se efter en slåfejl."
    assert said("Afslag", case=elsewhere).startswith("Sagen er ikke på dette mødes dagsorden.")
    assert said("Bevilget", "60.000", case=own).startswith("Du er inhabil i sagen")

    twice = [Line(2, one, "Som indstillet"), Line(3, f" {one.lower()} ", "Udsat")]
    assert [row.problem for row in check_lines(meeting, twice, by=sanne).rows] == [
        "Sagen står også i linje 3. Slet den linje, der ikke gælder.",
        "Sagen står også i linje 2. Slet den linje, der ikke gælder.",
    ]

    lines = [Line(2, one, "Som indstillet"), Line(3, two, "Delvist", "50.000", "Mindre end søgt.")]
    check = check_lines(meeting, lines, by=sanne)
    assert (check.amount_kr, check.different, check.left_out) == (Decimal(110_000), 1, 1)
    assert rehearse(meeting, check, by=sanne, at=now) == ""
    assert ItemRuling.objects.count() == 0
    record_rulings(meeting, check.recorded, by=sanne, at=now)
    changed = check_lines(
        meeting, [lines[0], Line(3, two, "Udsat", "", "Vi venter på svar.")], by=sanne
    )
    assert [row.replaces is not None for row in changed.rows] == [False, True]
    meeting.present.clear()
    assert "ikke beslutningsdygtigt" in rehearse(
        meeting,
        check_lines(meeting, [Line(2, one, "Afslag", "", "Uden for formålet.")], by=sanne),
        by=sanne,
        at=now,
    )
