"""Both adapters against a real local server that speaks the wire formats of domain.md C4."""

import base64
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from pulje.errors import RegisterUnavailable
from pulje.registers import cvr, wire
from pulje.registers.cvr import Company
from tests.factories import an_applicant
from tests.pulje.registers.local_server import LocalServer, local_server

API, VIRK = "pulje.registers.cvr_api.CvrApi", "pulje.registers.cvr_virk.Virk"
FLAT = {
    "vat": 25063864,
    "name": "Birkerød Spejderkreds",
    "address": "Skovvej 3",
    "zipcode": "3460",
    "city": "Birkerød",
    "phone": None,
    "email": None,
    "startdate": "04/03 - 1999",
    "enddate": None,
    "companycode": 115,
    "companydesc": "Frivillig forening",
    "creditbankrupt": False,
    "productionunits": [{"pno": 1006961823, "main": True, "name": "Birkerød Spejderkreds"}],
}
UNIT = {
    "cvrNummer": 25063864,
    "navne": [{"navn": "Birkerød Spejderkreds", "periode": {"gyldigFra": "1999-03-04"}}],
    "livsforloeb": [{"periode": {"gyldigFra": "1999-03-04", "gyldigTil": None}}],
    "virksomhedsstatus": [],
    "virksomhedMetadata": {
        "nyesteNavn": {"navn": "Birkerød Spejderkreds"},
        "nyesteBeliggenhedsadresse": {
            "vejnavn": "Skovvej",
            "husnummerFra": 3,
            "bogstavFra": None,
            "etage": None,
            "postnummer": 3460,
            "postdistrikt": "Birkerød",
            "kommune": {"kommuneKode": 230},
        },
        "nyesteVirksomhedsform": {
            "virksomhedsformkode": 115,
            "kortBeskrivelse": "FFO",
            "langBeskrivelse": "Frivillig forening",
        },
        "sammensatStatus": "NORMAL",
    },
}
SCOUTS = Company(
    "25063864",
    "Birkerød Spejderkreds",
    "Skovvej 3",
    "3460",
    "Birkerød",
    115,
    "Frivillig forening",
    started_on=date(1999, 3, 4),
)


@pytest.fixture
def server(settings: Any) -> Iterator[LocalServer]:
    cache.clear()
    with local_server() as server:
        settings.CVR_URL = server.url
        yield server


def hits(*units: dict[str, Any]) -> dict[str, Any]:
    return {
        "hits": {"total": len(units), "hits": [{"_source": {"Vrvirksomhed": u}} for u in units]}
    }


@pytest.mark.parametrize(
    ("register", "said"), [(API, FLAT), (VIRK, hits(UNIT))], ids=["api", "virk"]
)
def test_a_known_number_gives_the_company_and_is_asked_for_once_a_day(
    server: LocalServer, settings: Any, register: str, said: dict[str, Any]
) -> None:
    settings.CVR_REGISTER = register
    server.answers(said)

    assert [cvr.look_up("25063864"), cvr.look_up("25063864")] == [SCOUTS, SCOUTS]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("register", "said"),
    [
        (API, {"error": "NOT_FOUND", "t": 0, "version": 6}),
        (API, FLAT | {"vat": 10000009}),  # the best match is another one
        (VIRK, hits()),
    ],
    ids=["api", "api-other", "virk"],
)
def test_an_unknown_number_gives_nothing(
    server: LocalServer, settings: Any, register: str, said: dict[str, Any]
) -> None:
    settings.CVR_REGISTER = register
    server.answers(said, 404 if "error" in said else 200)

    assert cvr.look_up("25063864") is None


def test_a_number_that_fails_its_check_is_not_asked_for(server: LocalServer) -> None:
    assert [cvr.look_up(bad) for bad in ("", "25063865", "2506386", "²5063864")] == [None] * 4
    assert server.asked == []


ENDED = UNIT | {
    "livsforloeb": [{"periode": {"gyldigFra": "1999-03-04", "gyldigTil": "2024-12-31"}}]
}
DISSOLVED = UNIT | {"virksomhedsstatus": [{"status": "OPLØST EFTER KONKURS"}]}


@pytest.mark.parametrize(
    ("register", "said"),
    [
        (API, FLAT | {"enddate": "31/12 - 2024"}),
        (API, FLAT | {"creditbankrupt": True}),
        (VIRK, hits(ENDED)),
        (VIRK, hits(DISSOLVED)),
    ],
)
def test_a_ceased_company_says_so(
    server: LocalServer, settings: Any, register: str, said: dict[str, Any]
) -> None:
    settings.CVR_REGISTER = register
    server.answers(said)

    found = cvr.look_up("25063864")

    assert found
    assert not found.is_active


@pytest.mark.parametrize("register", [API, VIRK])
@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"error": "QUOTA_EXCEEDED"}, 200),
        ({"error": "QUOTA_EXCEEDED"}, 403),
        (b"<html>Bad gateway</html>", 502),
        (b"<html>Maintenance</html>", 200),
        (b"[1, 2]", 200),
        ({"vat": {}, "hits": {"hits": [{}]}}, 200),
        ({}, 401),
    ],
)
def test_whatever_fails_asks_to_type_it_in(
    server: LocalServer, settings: Any, register: str, said: Any, status: int
) -> None:
    settings.CVR_REGISTER = register
    server.answers(said, status)

    with pytest.raises(RegisterUnavailable, match="Skriv selv navn og adresse"):
        cvr.look_up("25063864")


@pytest.mark.parametrize("register", [API, VIRK])
def test_a_slow_or_missing_server_asks_to_type_it_in(
    server: LocalServer, settings: Any, monkeypatch: pytest.MonkeyPatch, register: str
) -> None:
    settings.CVR_REGISTER = register
    monkeypatch.setattr(wire, "SECONDS", 0.05)
    server.wait = 0.2

    with pytest.raises(RegisterUnavailable):
        cvr.look_up("25063864")
    settings.CVR_URL = "http://127.0.0.1:1/"
    with pytest.raises(RegisterUnavailable):
        cvr.search("spejder")


def test_the_api_is_told_who_asks(server: LocalServer, settings: Any) -> None:
    settings.CVR_REGISTER = API
    server.answers(FLAT)

    assert cvr.search("Birkerød Spejder") == [SCOUTS]
    assert server.asked[0].path == "/?search=birker%C3%B8d+spejder&country=dk"
    assert "Puljer" in server.asked[0].headers["User-Agent"]


def test_virk_is_asked_with_user_and_password(server: LocalServer, settings: Any) -> None:
    settings.CVR_REGISTER, settings.CVR_USER, settings.CVR_PASSWORD = VIRK, "kommune", "kode"
    server.answers(hits(UNIT))

    assert cvr.search("Birkerød  SPEJDER") == [SCOUTS]
    asked = server.asked[0]
    assert asked.headers["Authorization"] == f"Basic {base64.b64encode(b'kommune:kode').decode()}"
    assert asked.body["query"]["match"] == {
        "Vrvirksomhed.virksomhedMetadata.nyesteNavn.navn": {
            "query": "birkerød spejder",
            "operator": "and",
        }
    }


@pytest.mark.django_db
def test_the_fake_knows_the_invented_ones() -> None:
    cache.clear()
    applicant = an_applicant(name="Birkerød Spejderkreds", cvr="25063864")

    known = cvr.look_up("25063864")
    ceased = cvr.look_up("99000120")

    assert known
    assert (known.name, known.form_code) == (applicant.name, 115)
    assert ceased
    assert (ceased.name, ceased.is_active) == ("Holte Frimærkeklub", False)
    assert [company.name for company in cvr.search("SANG")] == ["Nærum Sangforening"]
    assert cvr.search(" ") == []
