"""A committee's agenda as a Packet keeps it, of any length, with what makes a page difficult."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulje.queries.meeting.paper import (
    Annex,
    Column,
    Facts,
    Item,
    Note,
    Paper,
    Points,
    Section,
    Table,
    Text,
    as_facts,
)

RANKED = (
    Column("Nr.", 6, is_number=True),
    Column("Ansøger", 22),
    Column("Projekt", 22),
    Column("Ansøgt (kr.)", 11, is_number=True),
    Column("Indstillet (kr.)", 11, is_number=True),
    Column("Andel", 8, is_number=True),
    Column("Begrundelse", 20),
)
SOUGHT = (
    "Vi samler kvarterets børn, unge og ældre om musik, mad og fælles håndværk. Det bæres af "
    "frivillige, er gratis og åbent for alle, og det foregår i forsamlingshuset og i parken. "
)
NAMES = ("Birkerød Spilleklub", "Nærum Gymnastik", "Holte Kor og Kammermusik", "Vedbæk Havn")


def a_paper(
    cases: int = 3,
    *,
    is_open: bool = False,
    reason: str = "Åbent for alle og båret af frivillige.",
    more: Sequence[Item] = (),
) -> Mapping[str, Any]:
    """The agenda of one pool with so many cases, between two short items."""
    first = Section("punkt-1-tekst", "Sagsfremstilling", (Text("Formanden orienterer."),))
    items = (
        Item("punkt-1", "1", "Meddelelser", False, (first,)),
        Item(
            "punkt-2",
            "2",
            "Kulturpuljen – fordeling, 1. runde 2027",
            False,
            _sections(cases, reason),
            [_annex(n, is_open, reason) for n in range(1, cases + 1)],
        ),
        Item("punkt-3", "3", "Lukket sag", True, (Section("p3", "Resumé", (Text("…"),)),)),
        *more,
    )
    header = [("Dato", "14. januar 2027 kl. 17.00"), ("Sted", "Rådhuset, mødelokale 2")]
    header += [("Medlemmer", "Karen Holm (formand), Mads Lund (næstformand), Ejler Krogh")]
    return as_facts(
        Paper(
            title="Dagsorden",
            number="KFU 14-01-2027, version 2",
            committee="Kultur- og Fritidsudvalget",
            is_open=is_open,
            issued_at="2027-01-07T12:00:00+01:00",
            header=header,
            items=items,
        )
    )


def _sections(cases: int, reason: str) -> Sequence[Section]:
    proposal = (
        "at ansøgning nr. 1 imødekommes som i tabellen",
        "at ansøgning nr. 2 får afslag med den anførte begrundelse",
        "at orienteringen om bevillinger efter delegation tages til efterretning",
    )
    money = Facts((("Ramme 2027", "600.000 kr."), ("Tilbage før mødet", "412.500 kr.")))
    left = Note("Følges indstillingen, er der 12.500 kr. tilbage.")
    return (
        Section("p2-resume", "Resumé", (Text(f"Der er kommet {cases} ansøgninger."),)),
        Section("p2-sag", "Sagsfremstilling", (Text(SOUGHT * 3), _ranked(cases, reason))),
        Section("p2-deleg", "Bevillinger efter delegation", (Table("Ingen", RANKED, ()),)),
        Section("p2-okonomi", "Økonomi", (money, left)),
        Section("p2-indstilling", "Indstilling", (Points(proposal, ordered=True),)),
        Section("p2-bilag", "Bilag", (Points(("Oversigt", "Bevillinger efter delegation")),)),
    )


def _ranked(cases: int, reason: str) -> Table:
    rows = [
        (str(n), NAMES[n % 4], f"Sommerfest nr. {n}", "20.000", "12.500", "63 %", reason)
        for n in range(1, cases + 1)
    ]
    foot = ("", "I alt", "", "60.000", "37.500", "63 %", "")
    return Table("Ansøgninger efter point", RANKED, rows, foot)


def _annex(number: int, is_open: bool, reason: str) -> Annex:
    who = (("Ansøger", NAMES[number % 4]), ("Egen og anden finansiering, samlet", "2.000 kr."))
    person = () if is_open else (("Kontaktperson", "Asta Andersen, asta@puljer.example"),)
    sums = (("Ansøgt", "20.000 kr."), ("Indstillet", "12.500 kr."), ("Point", "14 af 18"))
    columns = (Column("Post", 60), Column("Udgift (kr.)", 20, True), Column("Dækkes", 20, True))
    budget = (("Musik", "12.000", "8.000"), ("Mad", "6.000", "3.000"), ("Telt", "2.000", "1.500"))
    blocks = (
        Facts((*who, *person, *sums)),
        Text(SOUGHT * 2),
        Table("Budget", columns, budget, ("I alt", "20.000", "12.500")),
        Text(f"Indstillingens begrundelse: {reason}"),
    )
    return Annex(f"sag-{number}", str(number), f"Sommerfest nr. {number}", blocks)
