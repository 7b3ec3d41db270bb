"""Each broker's words for the same people; the claims are shaped as their documentation shows."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from pulje.registers.broker_claims import claims_of
from pulje.registers.identity import Claims

ISS = {"iss": "https://broker.example", "sub": "af0196a3"}
NSIS = "https://data.gov.dk/concept/core/nsis/"
CPR = "290385-1234"
BORN = date(1985, 3, 29)
CVR = "25063864"

PRIVATE = {
    "signaturgruppen": {
        "idp": "mitid",
        "identity_type": "private",
        "loa": f"{NSIS}Substantial",
        "mitid.uuid": "7f3c",
        "mitid.identity_name": "Hans  Hansen",
        "mitid.date_of_birth": "1985-03-29",
        "mitid.age": "35",
        "dk.cpr": CPR,
    },
    "criipto": {
        "identityscheme": "dkmitid",
        "uuid": "74ffcd31",
        "cprNumberIdentifier": CPR,
        "birthdate": "1985-03-29",
        "age": "35",
        "name": "Hans Hansen",
        "country": "DK",
        "acr": "urn:grn:authn:dk:mitid:substantial",
    },
    "signicat": {
        "idp_id": "8cb1e51c",
        "name": "Hans Hansen",
        "birthdate": "1985-03-29",
        "nin": CPR,
        "nin_type": "PERSON",
        "mitid_loa": "SUBSTANTIAL",
    },
}
BUSINESS = {
    "signaturgruppen": {
        "idp": "mitid_erhverv",
        "identity_type": "professional",
        "loa": f"{NSIS}Substantial",
        "nemlogin.name": "Hans Hansen",
        "nemlogin.email": "hans@forening.example",
        "nemlogin.date_of_birth": "1985-03-29",
        "nemlogin.cvr": CVR,
        "nemlogin.org_name": "Birkerød Spejderkreds",
        "nemlogin.persistent_professional_id": "urn:uuid:1",
        "nemlogin.nemid.rid": "77",
        "nemlogin.cpr": CPR,
    },
    "criipto": {
        "identityscheme": "dkmitid",
        "name": "Hans Hansen",
        "email": "hans@forening.example",
        "birthdate": "1985-03-29",
        "cvrNumberIdentifier": CVR,
        "2.5.4.10": "Birkerød Spejderkreds",
        "companySignatory": "true",
        "ridNumberIdentifier": "77",
        "cprNumberIdentifier": CPR,
        "acr": "urn:grn:authn:dk:mitid:substantial",
    },
}


@pytest.mark.parametrize("broker", PRIVATE)
def test_a_private_person(broker: str) -> None:
    assert claims_of(ISS | PRIVATE[broker]) == Claims(
        "https://broker.example", "af0196a3", "Hans Hansen", birthdate=BORN, loa="substantial"
    )


@pytest.mark.parametrize("broker", BUSINESS)
def test_somebody_of_an_association(broker: str) -> None:
    assert claims_of(ISS | BUSINESS[broker]) == Claims(
        "https://broker.example",
        "af0196a3",
        "Hans Hansen",
        "hans@forening.example",
        CVR,
        "Birkerød Spejderkreds",
        BORN,
        "substantial",
    )


@pytest.mark.parametrize("said", [*PRIVATE.values(), *BUSINESS.values()])
def test_no_broker_gets_a_cpr_number_to_us(said: dict[str, Any]) -> None:
    kept = str(asdict(claims_of(ISS | said)))

    assert CPR in str(said)
    assert CPR not in kept
    assert CPR.replace("-", "") not in kept


@pytest.mark.parametrize(
    ("said", "field", "kept"),
    [
        ({"identity_type": "private", "nemlogin.cvr": CVR}, "cvr", ""),
        ({"nemlogin.cvr": f"DK{CVR}"}, "cvr", CVR),
        ({"nemlogin.cvr": "12345678"}, "cvr", ""),
        ({"nemlogin.cvr": None}, "cvr", ""),
        ({"nemlogin.org_name": "X"}, "org_name", ""),
        ({"email": "h@x.example", "email_verified": False}, "email", ""),
        ({"birthdate": "29-03-1985"}, "birthdate", None),
        ({"birthdate": 1985}, "birthdate", None),
        ({"loa": "urn:something"}, "loa", ""),
        ({"name": "H" * 300}, "name", "H" * 200),
        ({"name": "  "}, "name", ""),
    ],
)
def test_what_is_odd_is_left_out(said: dict[str, Any], field: str, kept: object) -> None:
    assert getattr(claims_of(ISS | said), field) == kept
