"""The words of the MitID brokers as ours (domain.md C1).

Signaturgruppen / Nets eID Broker say ``mitid.*`` for a person and ``nemlogin.*`` for MitID
Erhverv; Criipto / Idura say ``cvrNumberIdentifier`` and ``2.5.4.10``; Signicat says ``mitid_loa``.
CPR claims (``dk.cpr``, ``nemlogin.cpr``, ``cprNumberIdentifier`` …) are not read.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from pulje.models.fields import validate_cvr
from pulje.registers.identity import Claims

NAME = ("nemlogin.name", "mitid.identity_name", "name")
EMAIL = ("nemlogin.email", "email")
BORN = ("nemlogin.date_of_birth", "mitid.date_of_birth", "birthdate")
CVR = ("nemlogin.cvr", "cvrNumberIdentifier")
ORGANISATION = ("nemlogin.org_name", "2.5.4.10")
LEVEL = ("loa", "mitid_loa", "acr", "authenticationtype")
LEVELS = ("low", "substantial", "high")
LONGEST = {"name": 200, "org_name": 250}  # the columns of Identity


def claims_of(said: Mapping[str, Any]) -> Claims:
    """Ours from a broker's validated claims."""
    cvr = "" if said.get("identity_type") == "private" else _cvr(_first(said, CVR))
    return Claims(
        issuer=str(said["iss"]),
        subject=str(said["sub"]),
        name=_first(said, NAME)[: LONGEST["name"]],
        email="" if said.get("email_verified") is False else _first(said, EMAIL),
        cvr=cvr,
        org_name=_first(said, ORGANISATION)[: LONGEST["org_name"]] if cvr else "",
        birthdate=_day(_first(said, BORN)),
        loa=_level(said),
    )


def _first(said: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """The first that is said; on one line, however it was typed."""
    texts = (said[key] for key in keys if isinstance(said.get(key), str))
    return next((" ".join(text.split()) for text in texts if text.strip()), "")


def _cvr(text: str) -> str:
    digits = re.sub(r"^DK|\s", "", text)
    try:
        validate_cvr(digits)
    except ValidationError:
        return ""
    return digits


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _level(said: Mapping[str, Any]) -> str:
    """low, substantial or high, whichever address it came as."""
    words = (re.split(r"[/:]", _first(said, (key,)))[-1].lower() for key in LEVEL)
    return next((word for word in words if word in LEVELS), "")
