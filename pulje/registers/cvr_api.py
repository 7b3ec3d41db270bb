"""cvrapi.dk: one flat JSON object, the single best match. Wire format: domain.md C4."""

from typing import Any

from django.conf import settings

from pulje.errors import RegisterUnavailable
from pulje.registers.cvr import SENTENCE, Company, day_in
from pulje.registers.wire import ask


class CvrApi:
    """Free, without agreement, with a quota; wants to know who asks (User-Agent)."""

    def look_up(self, cvr: str) -> Company | None:
        found = self._best(cvr)
        return found if found and found.cvr == cvr else None

    def search(self, name: str) -> list[Company]:
        found = self._best(name)
        return [found] if found else []

    def _best(self, wanted: str) -> Company | None:
        _status, said = ask(
            "GET",
            settings.CVR_URL or "https://cvrapi.dk/api",
            str(SENTENCE),
            params={"search": wanted, "country": "dk"},
            headers={"User-Agent": settings.CVR_USER_AGENT},
        )
        if said.get("error") == "NOT_FOUND":
            return None
        if "error" in said or "vat" not in said:  # QUOTA_EXCEEDED, INVALID_UA, BANNED …
            raise RegisterUnavailable(str(SENTENCE))
        return company(said)


def company(said: dict[str, Any]) -> Company:
    """The flat object as ours. What has an end date, or is bankrupt, has ceased."""
    return Company(
        cvr=f"{said['vat']:>08}",
        name=_text(said, "name"),
        street=_text(said, "address"),
        postcode=_text(said, "zipcode"),
        town=_text(said, "city"),
        form_code=int(said.get("companycode") or 0),
        form=_text(said, "companydesc"),
        is_active=not (said.get("enddate") or said.get("creditbankrupt")),
        started_on=day_in(said.get("startdate")),
    )


def _text(said: dict[str, Any], key: str) -> str:
    return str(said.get(key) or "").strip()
