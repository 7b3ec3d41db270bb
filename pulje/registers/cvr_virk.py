"""Virk's "system-til-system": an Elasticsearch index, by agreement. Wire format: domain.md C4."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings

from pulje.errors import RegisterUnavailable
from pulje.registers.cvr import SENTENCE, Company, day_in
from pulje.registers.wire import ask

MOST = 10
ENDED = ("ophørt", "opløst", "slettet", "afsluttet")


class Virk:
    """Asks with the user and password of the agreement (CVR_USER, CVR_PASSWORD)."""

    def look_up(self, cvr: str) -> Company | None:
        found = self._ask({"term": {"Vrvirksomhed.cvrNummer": int(cvr)}})
        return next((company for company in found if company.cvr == cvr), None)

    def search(self, name: str) -> list[Company]:
        where = "Vrvirksomhed.virksomhedMetadata.nyesteNavn.navn"
        return self._ask({"match": {where: {"query": name, "operator": "and"}}})

    def _ask(self, query: dict[str, Any]) -> list[Company]:
        status, said = ask(
            "POST",
            settings.CVR_URL or "http://distribution.virk.dk/cvr-permanent/virksomhed/_search",
            str(SENTENCE),
            json={"query": query, "size": MOST},
            headers={"User-Agent": settings.CVR_USER_AGENT},
            auth=(settings.CVR_USER, settings.CVR_PASSWORD),
        )
        if status != HTTPStatus.OK or "hits" not in said:
            raise RegisterUnavailable(str(SENTENCE))
        return [company(hit["_source"]["Vrvirksomhed"]) for hit in said["hits"]["hits"]]


def company(unit: dict[str, Any]) -> Company:
    """One ``Vrvirksomhed`` as ours, from its newest name, address and form."""
    newest = unit.get("virksomhedMetadata") or {}
    place = newest.get("nyesteBeliggenhedsadresse") or {}
    form = newest.get("nyesteVirksomhedsform") or {}
    name = newest.get("nyesteNavn") or (unit.get("navne") or [{}])[-1]
    return Company(
        cvr=f"{unit['cvrNummer']:>08}",
        name=str(name.get("navn") or ""),
        street=_street(place),
        postcode=str(place.get("postnummer") or ""),
        town=str(place.get("postdistrikt") or ""),
        form_code=int(form.get("virksomhedsformkode") or 0),
        form=str(form.get("langBeskrivelse") or ""),
        is_active=_is_active(unit, newest),
        started_on=_started_on(unit, newest),
    )


def _street(place: dict[str, Any]) -> str:
    number = f"{place.get('husnummerFra') or ''}{place.get('bogstavFra') or ''}"
    floor = f"{place['etage']}." if place.get("etage") else ""
    line = " ".join(filter(None, [place.get("vejnavn"), number]))
    return ", ".join(
        filter(None, [line, " ".join(filter(None, [floor, place.get("sidedoer")]))])
    ) or str(place.get("fritekst") or "")


def _started_on(unit: dict[str, Any], newest: dict[str, Any]) -> date | None:
    """The first day of the newest life: a number that was given up and taken again is new."""
    lives = unit.get("livsforloeb") or []
    period = (lives[-1].get("periode") or {}) if lives else {}
    return day_in(period.get("gyldigFra") or newest.get("stiftelsesDato"))


def _is_active(unit: dict[str, Any], newest: dict[str, Any]) -> bool:
    lives = unit.get("livsforloeb") or []
    if lives and (lives[-1].get("periode") or {}).get("gyldigTil"):
        return False
    states = unit.get("virksomhedsstatus") or []
    last = states[-1].get("status") if states else newest.get("sammensatStatus")
    return not str(last or "").lower().startswith(ENDED)
