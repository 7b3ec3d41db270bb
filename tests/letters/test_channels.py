"""The way of a letter: every rule and both sides of every border, without a database."""

from datetime import date, timedelta

import pytest

from letters.channels import Recipient, after, choose, open_to
from letters.models import Channel as C
from pulje.enums import ApplicantKind as K

TODAY = date(2027, 3, 1)
CVR = "29188378"
club = {"kind": K.ASSOCIATION, "cvr": CVR, "has_access": True, "email": "a@puljer.example"}
house = club | {"kind": K.SELF_GOVERNING_INSTITUTION}
person = {"kind": K.INDIVIDUAL, "has_access": True, "email": "a@puljer.example"}
known = person | {"has_person_number": True}
network = person | {"kind": K.INFORMAL_GROUP}
school = club | {"kind": K.MUNICIPAL_INSTITUTION}
nobody_in = {"has_access": False}


def born(years: int, days: int = 0) -> dict[str, date]:
    return {"born_on": TODAY.replace(year=TODAY.year - years) + timedelta(days=days)}


def since(days: int) -> dict[str, date]:
    return {"cvr_since": TODAY - timedelta(days=days)}


DIGITAL, MAIL, PORTAL, PAPER = C.DIGITAL_POST, C.EMAIL, C.PORTAL, C.PRINT
EXEMPT = "Modtageren er fritaget for Digital Post."
NO_CVR = "Modtageren har ikke noget CVR-nummer."
CHILD = "Under 15 år: papir, stilet til værgen. Adressen skal være værgens."
INSIDE = "Kommunal institution: nås internt."
YOUNG = "CVR-nummeret er under 12 dage gammelt."
NO_CPR = "CPR-nummer mangler."
NOT_ON_THE_NET = " Ingen kan åbne sagen på nettet."
UNTOLD = " Der er ingen e-mailadresse at give besked på."
TABLE = [
    ("an association", club, DIGITAL, "CVR-nummer."),
    ("a self-governing institution", house, DIGITAL, "CVR-nummer."),
    ("11 days old", club | since(11), MAIL, YOUNG),
    ("12 days old", club | since(12), DIGITAL, "CVR-nummer."),
    ("begun today", club | since(0), MAIL, YOUNG),
    ("exempt", club | {"is_exempt": True}, PAPER, EXEMPT),
    ("no CVR", club | {"cvr": ""}, MAIL, NO_CVR),
    ("a slip in the CVR", club | {"cvr": "29188379"}, MAIL, "CVR-nummeret er ikke gyldigt."),
    ("a person we know", known, DIGITAL, "CPR-nummer."),
    ("a person, exempt", known | {"is_exempt": True}, PAPER, EXEMPT),
    ("a day before 15", known | born(15, 1), PAPER, CHILD),
    ("15 today", known | born(15), DIGITAL, "CPR-nummer."),
    ("14, no number", person | born(14), PAPER, CHILD),
    ("no CPR", person, MAIL, NO_CPR),
    ("no CPR, no mail", person | {"email": ""}, PAPER, NO_CPR + UNTOLD),
    ("no CPR, no account", person | nobody_in, PAPER, NO_CPR + NOT_ON_THE_NET),
    ("a network", network, MAIL, NO_CVR),
    ("a network's CPR is no one's", network | {"has_person_number": True}, MAIL, NO_CVR),
    ("a school", school, MAIL, INSIDE),
    ("a school, no mail", school | {"email": ""}, PAPER, INSIDE + UNTOLD),
    ("a school, nobody in", school | nobody_in, PAPER, INSIDE + NOT_ON_THE_NET),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "channel", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_way(who: dict[str, object], channel: C, why: str) -> None:
    assert choose(Recipient(**who), TODAY, is_on=True) == (channel, why)  # type: ignore[arg-type]


def test_without_digital_post_letters_go_by_the_case_or_on_paper() -> None:
    for who, channel in [
        (club, MAIL),
        (club | {"email": ""}, PAPER),
        (club | nobody_in, PAPER),
        (club | {"is_exempt": True}, PAPER),
    ]:
        assert choose(Recipient(**who), TODAY, is_on=False)[0] == channel


def test_a_test_pool_sends_nothing_whoever_it_is() -> None:
    for who in (club, person, school, club | {"is_exempt": True}):
        assert choose(Recipient(**who), TODAY, is_test=True, is_on=True)[0] == C.NOWHERE


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        (club, [DIGITAL, MAIL, PAPER]),
        (club | {"is_exempt": True}, [MAIL, PAPER]),
        (club | since(3), [MAIL, PAPER]),
        (known | born(14), [MAIL, PAPER]),
        (school | nobody_in, [PAPER]),
        (club | {"email": ""}, [DIGITAL, PAPER]),
    ],
    ids=["all", "exempt", "a young CVR", "a child", "nobody to log in", "no mail"],
)
def test_the_ways_a_person_may_choose(who: dict[str, object], ways: list[C]) -> None:
    assert open_to(Recipient(**who), TODAY, is_on=True) == ways  # type: ignore[arg-type]
    assert DIGITAL not in open_to(Recipient(**who), TODAY, is_on=False)  # type: ignore[arg-type]


def test_after_the_last_way_there_is_none() -> None:
    assert [after(channel) for channel in (DIGITAL, MAIL, PORTAL, PAPER, C.NOWHERE)] == [
        *(PAPER, PAPER, PAPER),
        *(None, None),
    ]
